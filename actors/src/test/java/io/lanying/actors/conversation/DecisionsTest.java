package io.lanying.actors.conversation;

import static io.lanying.actors.conversation.ConversationRig.content;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.ConversationCommand.Admit;
import io.lanying.protocol.conversation.ConversationCommand.Change;
import io.lanying.protocol.conversation.ConversationCommand.Create;
import io.lanying.protocol.conversation.ConversationCommand.Delete;
import io.lanying.protocol.conversation.ConversationCommand.Edit;
import io.lanying.protocol.conversation.ConversationCommand.ListMembers;
import io.lanying.protocol.conversation.ConversationCommand.Post;
import io.lanying.protocol.conversation.ConversationCommand.PutMember;
import io.lanying.protocol.conversation.ConversationCommand.Recall;
import io.lanying.protocol.conversation.ConversationCommand.RemoveMember;
import io.lanying.protocol.conversation.ConversationEvent.MessagePosted;
import io.lanying.protocol.conversation.ConversationLimits;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationReply.Admitted;
import io.lanying.protocol.conversation.ConversationReply.Created;
import io.lanying.protocol.conversation.ConversationReply.Members;
import io.lanying.protocol.conversation.ConversationReply.Posted;
import io.lanying.protocol.conversation.ConversationReply.Refused;
import io.lanying.protocol.conversation.ConversationSettings;
import io.lanying.protocol.conversation.ConversationType;
import io.lanying.protocol.conversation.HistoryFrom;
import io.lanying.protocol.conversation.MemberRole;
import io.lanying.protocol.conversation.MessageType;
import io.lanying.protocol.conversation.NewMember;
import io.lanying.protocol.conversation.PushMode;
import io.lanying.protocol.conversation.SettingsChange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Who may do what, within which limits; step by step on the pure state. */
class DecisionsTest {

    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final ActorRef<ConversationReply> TO = KIT.system().ignoreRef();
    private static final Instant NOW = ConversationRig.NOW;
    private static final Optional<String> SERVICE = Optional.empty();

    private ConversationState state = ConversationState.initial();
    private Instant now = NOW;
    private int posts;

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void theFirstMemberOwnsAGroupUnlessAnotherIsNamed() {
        group("a", "b");
        assertThat(role("a")).isEqualTo(MemberRole.OWNER);
        state = ConversationState.initial();
        create(ConversationType.GROUP, "k", member("a"), new NewMember("b", MemberRole.OWNER));
        assertThat(role("a")).isEqualTo(MemberRole.MEMBER);
    }

    @Test
    void aRepeatedCreateGetsTheFirstAnswerAndAnotherOneARefusal() {
        group("a", "b");
        var again = decide(life().create(creation("k1", "f1", "a", "b")));
        assertThat(((Created) again).repeated()).isTrue();
        assertThat(code(life().create(creation("k1", "other", "a", "c")))).isEqualTo(ErrorCode.IDEMPOTENCY_KEY_REUSED);
        assertThat(code(life().create(creation("k2", "f1", "a", "b")))).isEqualTo(ErrorCode.CONVERSATION_EXISTS);
        now = NOW.plus(Duration.ofDays(7));
        assertThat(code(life().create(creation("k1", "f1", "a", "b")))).isEqualTo(ErrorCode.CONVERSATION_EXISTS);
    }

    @Test
    void aDirectConversationKeepsItsTwoMembersAndAnswersWhoMakesItAgain() {
        create(ConversationType.DIRECT, "k1", member("a"), member("b"));
        var again = (Created) decide(life().create(direct("k2")));
        assertThat(again.created()).isFalse();
        assertThat(again.repeated()).isFalse();
        assertThat(code(members().put(put("c", null, null)))).isEqualTo(ErrorCode.NOT_PERMITTED);
        assertThat(code(members().put(put("a", MemberRole.OWNER, null)))).isEqualTo(ErrorCode.NOT_PERMITTED);
        assertThat(code(members().remove(new RemoveMember("a", 0, SERVICE, TO))))
                .isEqualTo(ErrorCode.NOT_PERMITTED);
        decide(members().put(new PutMember("a", Optional.empty(), Optional.of(PushMode.NONE), Optional.of("a"), TO)));
        assertThat(state.roster().member("a").orElseThrow().push()).isEqualTo(PushMode.NONE);
        state = ConversationState.initial();
        assertThat(code(life().create(new Create(
                        ConversationType.DIRECT,
                        Optional.empty(),
                        ConversationSettings.DEFAULT,
                        List.of(member("a")),
                        "k",
                        "f",
                        TO))))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void rolesDecideWhoInvitesChangesAndRemoves() {
        group("owner", "admin", "plain");
        decide(members().put(put("admin", MemberRole.ADMIN, "owner")));
        assertThat(code(members().put(put("x", null, "plain")))).isEqualTo(ErrorCode.NOT_PERMITTED);
        assertThat(code(members().put(put("x", null, "stranger")))).isEqualTo(ErrorCode.NOT_A_MEMBER);
        decide(members().put(put("x", null, "admin")));
        assertThat(code(members().put(put("x", MemberRole.ADMIN, "admin")))).isEqualTo(ErrorCode.NOT_PERMITTED);
        assertThat(code(remove("owner", "admin"))).isEqualTo(ErrorCode.NOT_PERMITTED);
        assertThat(code(remove("admin", "plain"))).isEqualTo(ErrorCode.NOT_PERMITTED);
        decide(remove("x", "admin"));
        assertThat(state.roster().member("x")).isEmpty();
        assertThat(code(life().delete(new Delete(Optional.of("admin"), TO)))).isEqualTo(ErrorCode.NOT_PERMITTED);
        assertThat(code(members()
                        .put(new PutMember(
                                "plain", Optional.empty(), Optional.of(PushMode.NONE), Optional.of("admin"), TO))))
                .isEqualTo(ErrorCode.NOT_PERMITTED);
    }

    @Test
    void ownershipIsGivenAndInherited() {
        group("a", "b", "c");
        assertThat(code(members().put(put("a", MemberRole.MEMBER, "a")))).isEqualTo(ErrorCode.NOT_PERMITTED);
        decide(members().put(put("b", MemberRole.OWNER, "a")));
        assertThat(role("a")).isEqualTo(MemberRole.ADMIN);
        assertThat(role("b")).isEqualTo(MemberRole.OWNER);
        decide(remove("b", "b"));
        assertThat(role("a")).as("the admin follows").isEqualTo(MemberRole.OWNER);
        decide(remove("a", null));
        assertThat(role("c")).as("then who is left").isEqualTo(MemberRole.OWNER);
        decide(remove("c", "c"));
        decide(members().put(put("d", null, null)));
        assertThat(role("d")).isEqualTo(MemberRole.OWNER);
    }

    @Test
    void whoIsBannedIsNotInvitedUntilTheBanEndsOrAnAdminDoes() {
        create(ConversationType.GROUP, "k1", member("a"), member("b"), member("c"));
        decide(life().change(change(MemberRole.MEMBER)));
        decide(members().remove(new RemoveMember("c", 60, Optional.of("a"), TO)));
        assertThat(code(members().put(put("c", null, "b")))).isEqualTo(ErrorCode.NOT_PERMITTED);
        now = NOW.plusSeconds(60);
        decide(members().put(put("c", null, "b")));
        decide(members().remove(new RemoveMember("c", 60, SERVICE, TO)));
        decide(members().put(put("c", null, "a")));
        assertThat(state.roster().bans()).isEmpty();
        assertThat(code(members().remove(new RemoveMember("a", 60, Optional.of("a"), TO))))
                .isEqualTo(ErrorCode.NOT_PERMITTED);
    }

    @Test
    void membersAreLimitedAndListedPageByPage() {
        group("a");
        for (int i = 1; i < ConversationLimits.MAX_MEMBERS; i++) {
            state = state.applyAll(members().put(put("m" + i, null, null)).events());
        }
        assertThat(code(members().put(put("one-more", null, null)))).isEqualTo(ErrorCode.LIMIT_REACHED);
        assertThat(members().put(put("m1", null, null)).events())
                .as("who is one is none more")
                .isEmpty();
        var ids = new ArrayList<String>();
        Optional<String> after = Optional.empty();
        boolean more = true;
        while (more) {
            var page = (Members) members().list(new ListMembers(after, 200, TO)).reply();
            page.members().forEach(member -> ids.add(member.userId()));
            after = Optional.of(ids.get(ids.size() - 1));
            more = page.more();
        }
        assertThat(ids)
                .hasSize(ConversationLimits.MAX_MEMBERS)
                .doesNotHaveDuplicates()
                .isSorted();
    }

    @Test
    void aSendersIdIsHonouredForSevenDays() {
        group("a", "b");
        var first = (Posted) decide(messages().post(message("a", "c1", "f1"), 0));
        now = NOW.plus(Duration.ofDays(7)).minusMillis(1);
        assertThat(decide(messages().post(message("a", "c1", "f1"), 0)))
                .isEqualTo(new Posted(first.messageSeq(), first.sentAt(), true));
        assertThat(code(messages().post(message("a", "c1", "f2"), 0))).isEqualTo(ErrorCode.IDEMPOTENCY_KEY_REUSED);
        decide(remove("a", "a"));
        assertThat(((Posted) decide(messages().post(message("a", "c1", "f1"), 0))).repeated())
                .as("the first answer, also to who has left")
                .isTrue();
        decide(members().put(put("a", null, null)));
        now = NOW.plus(Duration.ofDays(7));
        assertThat(((Posted) decide(messages().post(message("a", "c1", "f2"), 0))).messageSeq())
                .isEqualTo(2);
    }

    @Test
    void whatIsRememberedIsBoundedAndSaysSo() {
        group("a", "b");
        for (int i = 0; i < 5; i++) {
            decide(messages().post(message("a", "c" + i, "f"), 0));
        }
        assertThat(code(messages().post(message("a", "c5", "f"), 0))).isEqualTo(ErrorCode.TOO_MANY_REQUESTS);
        assertThat(((Posted) decide(messages().post(message("a", "c4", "f"), 0))).repeated())
                .isTrue();
        now = NOW.plus(Duration.ofDays(7));
        assertThat(((Posted) decide(messages().post(message("a", "c5", "f"), 0))).messageSeq())
                .isEqualTo(6);
        assertThat(state.posts().order()).hasSize(1);
    }

    @Test
    void onlyMembersWhoMayPostDo() {
        group("a", "b");
        assertThat(code(messages().post(message("x", "c", "f"), 0))).isEqualTo(ErrorCode.NOT_A_MEMBER);
        decide(life().change(new Change(
                Optional.empty(),
                Optional.of(settings(Optional.of(MemberRole.ADMIN))),
                Optional.empty(),
                SERVICE,
                TO)));
        assertThat(code(messages().post(message("b", "c", "f"), 0))).isEqualTo(ErrorCode.NOT_PERMITTED);
        decide(messages().post(message("a", "c", "f"), 0));
        decide(life().change(new Change(Optional.empty(), Optional.empty(), Optional.of(true), SERVICE, TO)));
        assertThat(code(messages().post(message("a", "d", "f"), 0))).isEqualTo(ErrorCode.CONVERSATION_ARCHIVED);
        assertThat(code(members().put(put("c", null, "a")))).isEqualTo(ErrorCode.CONVERSATION_ARCHIVED);
        assertThat(code(remove("b", "b"))).isEqualTo(ErrorCode.CONVERSATION_ARCHIVED);
        decide(members().put(put("c", null, null)));
    }

    @Test
    void whoMayLookOrPostIsLetIn() {
        assertThat(code(messages().admit(new Admit(SERVICE, false, TO)))).isEqualTo(ErrorCode.NOT_FOUND);
        group("a", "b");
        var in = messages().admit(new Admit(SERVICE, true, TO));
        assertThat(in.events()).isEmpty();
        assertThat(in.reply()).isEqualTo(new Admitted(state.head().get().createdAt()));
        assertThat(messages().admit(new Admit(Optional.of("b"), true, TO)).reply())
                .isEqualTo(in.reply());
        assertThat(code(messages().admit(new Admit(Optional.of("x"), false, TO))))
                .isEqualTo(ErrorCode.NOT_A_MEMBER);
        decide(life().change(new Change(
                Optional.empty(),
                Optional.of(settings(Optional.of(MemberRole.ADMIN))),
                Optional.empty(),
                SERVICE,
                TO)));
        assertThat(code(messages().admit(new Admit(Optional.of("b"), true, TO))))
                .isEqualTo(ErrorCode.NOT_PERMITTED);
        assertThat(messages().admit(new Admit(Optional.of("b"), false, TO)).reply())
                .isEqualTo(in.reply());
        decide(life().change(new Change(Optional.empty(), Optional.empty(), Optional.of(true), SERVICE, TO)));
        assertThat(code(messages().admit(new Admit(SERVICE, true, TO)))).isEqualTo(ErrorCode.CONVERSATION_ARCHIVED);
        assertThat(messages().admit(new Admit(Optional.of("b"), false, TO)).reply())
                .isEqualTo(in.reply());
    }

    @Test
    void tooMuchOfAMessageIsRefused() {
        group("a", "b");
        var big = content("x".repeat(ConversationLimits.MAX_CONTENT_BYTES + 1));
        var post = new Post("a", "c", "f", MessageType.TEXT, big, List.of(), Optional.empty(), false, TO);
        assertThat(code(messages().post(post, 0))).isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE);
        var all = new ArrayList<String>();
        for (int i = 0; i <= ConversationLimits.MAX_MENTIONS; i++) {
            all.add("u" + i);
        }
        var loud = new Post("a", "c", "f", MessageType.TEXT, content("x"), all, Optional.empty(), false, TO);
        assertThat(code(messages().post(loud, 0))).isEqualTo(ErrorCode.INVALID_REQUEST);
        var reply = new Post("a", "c", "f", MessageType.TEXT, content("x"), List.of(), Optional.of(9L), false, TO);
        assertThat(code(messages().post(reply, 0))).isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void windowsOfEditAndRecallEnd() {
        group("a", "b", "c");
        decide(members().put(put("c", MemberRole.ADMIN, null)));
        var message = post("b");
        now = NOW.plusSeconds(86_400);
        decide(messages().edit(edit("b", "f1"), message));
        now = NOW.plusSeconds(86_401);
        assertThat(code(messages().edit(edit("b", "f2"), message))).isEqualTo(ErrorCode.TOO_LATE);
        assertThat(messages().edit(edit("b", "f1"), message).events())
                .as("a late repeat")
                .isEmpty();
        assertThat(code(messages().recall(new Recall(1, Optional.of("b"), TO), message)))
                .isEqualTo(ErrorCode.TOO_LATE);
        assertThat(code(messages().recall(new Recall(1, Optional.of("c"), TO), message)))
                .isEqualTo(ErrorCode.TOO_LATE);
        decide(messages().recall(new Recall(1, SERVICE, TO), message));
        assertThat(messages()
                        .recall(new Recall(1, Optional.of("a"), TO), message)
                        .events())
                .isEmpty();
    }

    @Test
    void aMessageIsRecalledByItsSenderAnAdminOrTheOwner() {
        group("a", "b", "c");
        var message = post("b");
        assertThat(code(messages().recall(new Recall(1, Optional.of("c"), TO), message)))
                .isEqualTo(ErrorCode.NOT_PERMITTED);
        decide(messages().recall(new Recall(1, Optional.of("a"), TO), message));
        assertThat(code(messages().edit(edit("b", "f"), message))).isEqualTo(ErrorCode.MESSAGE_RECALLED);
    }

    @Test
    void editsAreCountedAndOfTheMessagesType() {
        group("a", "b");
        var message = post("a");
        for (int i = 0; i < ConversationLimits.MAX_EDITS; i++) {
            decide(messages().edit(edit("a", "f" + i), message));
        }
        assertThat(code(messages().edit(edit("a", "one more"), message))).isEqualTo(ErrorCode.LIMIT_REACHED);
        var image = new Edit(1, "a", "g", MessageType.IMAGE, content("x"), List.of(), TO);
        assertThat(code(messages().edit(image, message))).isEqualTo(ErrorCode.INVALID_REQUEST);
        for (int i = 2; i <= 3; i++) {
            post("a");
            decide(messages().recall(new Recall(i, SERVICE, TO), message));
        }
        post("a");
        assertThat(code(messages().edit(new Edit(4, "a", "f", MessageType.TEXT, content("x"), List.of(), TO), message)))
                .as("three messages are changed, which is the most")
                .isEqualTo(ErrorCode.LIMIT_REACHED);
        decide(messages().recall(new Recall(4, SERVICE, TO), message));
    }

    private MessagePosted post(String sender) {
        var decision = messages().post(message(sender, "c" + posts++, "f"), 0);
        decide(decision);
        return (MessagePosted) decision.events().get(0);
    }

    private static Edit edit(String sender, String fingerprint) {
        return new Edit(1, sender, fingerprint, MessageType.TEXT, content("x"), List.of(), TO);
    }

    private static Post message(String sender, String id, String fingerprint) {
        return new Post(
                sender, id, fingerprint, MessageType.TEXT, content("x"), List.of(), Optional.empty(), false, TO);
    }

    private static Change change(MemberRole mayInvite) {
        var settings = new SettingsChange(
                Optional.empty(),
                Optional.of(mayInvite),
                Optional.empty(),
                Optional.of(HistoryFrom.START),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return new Change(Optional.empty(), Optional.of(settings), Optional.empty(), SERVICE, TO);
    }

    private static SettingsChange settings(Optional<MemberRole> mayPost) {
        return new SettingsChange(
                mayPost,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private void group(String... ids) {
        decide(life().create(creation("k1", "f1", ids)));
    }

    private static Create creation(String key, String fingerprint, String... ids) {
        var members = new ArrayList<NewMember>();
        for (String id : ids) {
            members.add(member(id));
        }
        return new Create(
                ConversationType.GROUP, Optional.empty(), ConversationSettings.DEFAULT, members, key, fingerprint, TO);
    }

    private void create(ConversationType type, String key, NewMember... members) {
        decide(life().create(new Create(
                type, Optional.empty(), ConversationSettings.DEFAULT, List.of(members), key, "f", TO)));
    }

    private static Create direct(String key) {
        return new Create(
                ConversationType.DIRECT,
                Optional.empty(),
                ConversationSettings.DEFAULT,
                List.of(member("b"), member("a")),
                key,
                "f",
                TO);
    }

    private static NewMember member(String id) {
        return new NewMember(id, MemberRole.MEMBER);
    }

    private static PutMember put(String id, MemberRole role, String by) {
        return new PutMember(id, Optional.ofNullable(role), Optional.empty(), Optional.ofNullable(by), TO);
    }

    private Decision remove(String id, String by) {
        return members().remove(new RemoveMember(id, 0, Optional.ofNullable(by), TO));
    }

    private MemberRole role(String id) {
        return state.roster().member(id).orElseThrow().role();
    }

    private ConversationReply decide(Decision decision) {
        assertThat(decision.reply()).isNotInstanceOf(Refused.class);
        state = state.applyAll(decision.events());
        assertThat(ConversationState.fromSnapshot(state.toSnapshot()).toSnapshot())
                .isEqualTo(state.toSnapshot());
        return decision.reply();
    }

    private static ErrorCode code(Decision decision) {
        assertThat(decision.events()).isEmpty();
        return ((Refused) decision.reply()).code();
    }

    private LifeDecisions life() {
        return new LifeDecisions(state, now);
    }

    private MemberDecisions members() {
        return new MemberDecisions(state, now);
    }

    private MessageDecisions messages() {
        return new MessageDecisions(
                state, ConversationRig.settings(5, 3, Duration.ofSeconds(1), Duration.ofSeconds(1)), now);
    }
}
