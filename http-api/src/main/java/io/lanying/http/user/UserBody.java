package io.lanying.http.user;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.json.Checked;
import io.lanying.http.json.FieldErrors;
import io.lanying.http.json.Fields;
import io.lanying.http.json.TextRule;
import io.lanying.protocol.user.QuietHours;
import io.lanying.protocol.user.QuietMode;
import io.lanying.protocol.user.UserSettings;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** What {@code PUT /v1/users/{userId}} carries: all that is known of the person. */
record UserBody(Optional<String> name, UserSettings settings) {

    private static final Set<String> ZONES = Set.copyOf(ZoneId.getAvailableZoneIds());
    private static final TextRule ZONE = new TextRule(ZONES::contains, "an IANA time zone such as Asia/Shanghai");
    private static final TextRule TIME = new TextRule(
            TextRule.matching("([01][0-9]|2[0-3]):[0-5][0-9]").test(), "a time of day from 00:00 to 23:59");
    private static final TextRule MODE = new TextRule(
            text -> Arrays.stream(QuietMode.values())
                    .anyMatch(mode -> mode.wireName().equals(text)),
            "drop, silent or defer");

    @Override
    public String toString() {
        return "UserBody[" + settings + "]";
    }

    static Checked<UserBody> read(JsonNode body) {
        var errors = new FieldErrors();
        var fields = Fields.root(body, errors);
        var name = fields.text("name", TextRule.NAME);
        var settings = fields.object("settings");
        boolean muted = settings.flatMap(each -> each.flag("muted")).orElse(false);
        var quietHours = settings.flatMap(each -> each.object("quietHours")).flatMap(UserBody::quietHours);
        settings.ifPresent(Fields::end);
        fields.end();
        return errors.orElse(() -> new UserBody(name, new UserSettings(muted, quietHours)));
    }

    private static Optional<QuietHours> quietHours(Fields fields) {
        var from = fields.requiredText("from", TIME);
        var to = fields.requiredText("to", TIME);
        var zone = fields.text("zone", ZONE);
        var mode = fields.requiredText("mode", MODE);
        fields.end();
        if (from.isEmpty() || to.isEmpty() || mode.isEmpty()) {
            return Optional.empty();
        }
        if (from.equals(to)) {
            fields.error("to", "range", "must differ from the time they begin");
        }
        return Optional.of(new QuietHours(LocalTime.parse(from), LocalTime.parse(to), zone, QuietMode.of(mode)));
    }
}
