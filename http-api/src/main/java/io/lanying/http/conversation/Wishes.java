package io.lanying.http.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.json.Checked;
import io.lanying.http.json.FieldErrors;
import io.lanying.http.json.Fields;
import io.lanying.http.json.TextRule;
import io.lanying.protocol.conversation.ConversationLimits;
import io.lanying.protocol.conversation.ConversationSettings;
import io.lanying.protocol.conversation.ConversationType;
import io.lanying.protocol.conversation.HistoryFrom;
import io.lanying.protocol.conversation.MemberRole;
import io.lanying.protocol.conversation.NewMember;
import io.lanying.protocol.conversation.PushMode;
import io.lanying.protocol.conversation.SettingsChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What callers ask of conversations and members, checked. What is wrong is 400 with its place. */
final class Wishes {

    private static final TextRule TYPE = oneOf("direct", "group");
    private static final TextRule ROLE = oneOf("owner", "admin", "member");
    private static final TextRule HISTORY = oneOf("joining", "start");
    private static final TextRule PUSH = oneOf("all", "mentions", "none");

    private Wishes() {}

    /** @param conversationId the caller's own, for a group */
    record NewConversation(
            Optional<String> conversationId,
            ConversationType type,
            List<NewMember> members,
            Optional<String> name,
            ConversationSettings settings) {

        @Override
        public String toString() {
            return "NewConversation[" + type + "]";
        }
    }

    /** @param name absent: none from here on */
    record Rename(Optional<String> name) {

        static final Rename NONE = new Rename(Optional.empty());

        static Rename to(String name) {
            return new Rename(Optional.of(name));
        }

        @Override
        public String toString() {
            return "Rename";
        }
    }

    /** What is absent stays as it is. */
    record Changes(Optional<Rename> name, Optional<SettingsChange> settings, Optional<Boolean> archived) {

        @Override
        public String toString() {
            return "Changes[" + settings + ", " + archived + "]";
        }
    }

    record MemberWish(Optional<MemberRole> role, Optional<PushMode> push, Optional<Boolean> pinned) {}

    static Checked<NewConversation> create(JsonNode body) {
        var errors = new FieldErrors();
        var fields = Fields.root(body, errors);
        boolean direct = fields.requiredText("type", TYPE).equals("direct");
        var id = fields.text("conversationId", ConversationIds.OWN);
        var members = members(fields, direct, errors);
        var name = fields.text("name", TextRule.NAME);
        var settings = fields.object("settings").map(Wishes::settings);
        fields.end();
        if (direct && id.isPresent()) {
            fields.error("conversationId", "unsupported", "is derived from the two members");
        }
        if (direct && name.isPresent()) {
            fields.error("name", "unsupported", "a direct conversation has none");
        }
        settings.filter(wish -> direct
                        && wish.mayPost()
                                .filter(least -> least != MemberRole.MEMBER)
                                .isPresent())
                .ifPresent(wish -> errors.add("/settings/mayPost", "unsupported", "both members may post"));
        return errors.orElse(() -> new NewConversation(
                id,
                direct ? ConversationType.DIRECT : ConversationType.GROUP,
                members,
                name,
                settings.map(change -> change.applyTo(ConversationSettings.DEFAULT))
                        .orElse(ConversationSettings.DEFAULT)));
    }

    private static List<NewMember> members(Fields fields, boolean direct, FieldErrors errors) {
        var result = new ArrayList<NewMember>();
        for (Fields each : fields.objects("members", ConversationLimits.MAX_MEMBERS_AT_ONCE)) {
            var userId = each.requiredText("userId", TextRule.ID);
            var role = each.text("role", ROLE).map(MemberRole::of);
            each.end();
            if (direct && role.filter(wanted -> wanted != MemberRole.MEMBER).isPresent()) {
                each.error("role", "unsupported", "the two members of a direct conversation are equal");
            }
            result.add(new NewMember(userId, role.orElse(MemberRole.MEMBER)));
        }
        if (!errors.isEmpty()) {
            return result;
        }
        if (direct ? result.size() != 2 : result.isEmpty()) {
            fields.error("members", "range", direct ? "must be two" : "must name at least one");
        }
        if (result.stream().map(NewMember::userId).distinct().count() != result.size()) {
            fields.error("members", "duplicate", "a user is named twice");
        }
        if (result.stream().filter(member -> member.role() == MemberRole.OWNER).count() > 1) {
            fields.error("members", "range", "a group has one owner");
        }
        return result;
    }

    private static SettingsChange settings(Fields fields) {
        var change = new SettingsChange(
                fields.text("mayPost", ROLE).map(MemberRole::of),
                fields.text("mayInvite", ROLE).map(MemberRole::of),
                fields.text("mayChange", ROLE).map(MemberRole::of),
                fields.text("history", HISTORY).map(HistoryFrom::of),
                seconds(fields, "editSeconds"),
                seconds(fields, "recallSeconds"),
                fields.flag("preview"),
                fields.flag("receipts"));
        fields.end();
        return change;
    }

    private static Optional<Long> seconds(Fields fields, String name) {
        OptionalLong seconds = fields.integer(name, 0, ConversationSettings.MAX_WINDOW_SECONDS);
        return seconds.isPresent() ? Optional.of(seconds.getAsLong()) : Optional.empty();
    }

    static Checked<Changes> change(JsonNode body) {
        var errors = new FieldErrors();
        var fields = Fields.root(body, errors);
        boolean nameless = body.path("name").isNull();
        var name = fields.text("name", TextRule.NAME);
        var settings = fields.object("settings").map(Wishes::settings);
        var archived = fields.flag("archived");
        fields.end();
        return errors.orElse(
                () -> new Changes(nameless ? Optional.of(Rename.NONE) : name.map(Rename::to), settings, archived));
    }

    static Checked<MemberWish> member(JsonNode body) {
        var errors = new FieldErrors();
        var fields = Fields.root(body, errors);
        var role = fields.text("role", ROLE).map(MemberRole::of);
        var push = fields.text("push", PUSH).map(PushMode::of);
        var pinned = fields.flag("pinned");
        fields.end();
        return errors.orElse(() -> new MemberWish(role, push, pinned));
    }

    static TextRule oneOf(String... words) {
        return new TextRule(Set.of(words)::contains, "one of " + String.join(", ", words));
    }
}
