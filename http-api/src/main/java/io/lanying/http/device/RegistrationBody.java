package io.lanying.http.device;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.json.Checked;
import io.lanying.http.json.FieldErrors;
import io.lanying.http.json.Fields;
import io.lanying.http.json.TextRule;
import io.lanying.protocol.device.Profile;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What {@code PUT /v1/devices/{deviceId}} carries: the whole registration. */
record RegistrationBody(
        Optional<String> userId,
        String platform,
        Optional<String> alias,
        List<String> tags,
        Optional<String> locale,
        Optional<String> timezone,
        Optional<String> appVersion,
        List<Token> tokens) {

    private static final TextRule WORD = TextRule.matching("[A-Za-z0-9._-]{1,32}");
    private static final TextRule LOCALE = TextRule.matching("[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8}){0,4}");
    private static final Set<String> ZONES = Set.copyOf(ZoneId.getAvailableZoneIds());
    private static final TextRule ZONE = new TextRule(ZONES::contains, "an IANA time zone such as Asia/Shanghai");

    /** A vendor token in clear: sealed at once, never logged. */
    record Token(String channel, String token, Optional<String> environment, Optional<String> topic) {

        @Override
        public String toString() {
            return "Token[" + channel + "]";
        }
    }

    private record Address(String channel, Optional<String> environment, Optional<String> topic) {}

    static Checked<RegistrationBody> read(JsonNode body) {
        var errors = new FieldErrors();
        var fields = Fields.root(body, errors);
        var registration = new RegistrationBody(
                fields.text("userId", TextRule.ID),
                fields.requiredText("platform", WORD),
                fields.text("alias", TextRule.LABEL),
                fields.texts("tags", TextRule.LABEL, Profile.MAX_TAGS),
                fields.text("locale", LOCALE),
                fields.text("timezone", ZONE),
                fields.text("appVersion", TextRule.NAME),
                readTokens(fields));
        fields.end();
        return errors.orElse(() -> registration);
    }

    private static List<Token> readTokens(Fields fields) {
        var tokens = new ArrayList<Token>();
        var addresses = new HashSet<Address>();
        for (Fields each : fields.objects("tokens", Profile.MAX_TOKENS)) {
            var token = new Token(
                    each.requiredText("channel", WORD),
                    each.requiredText("token", TextRule.atMost(4_096)),
                    each.text("environment", WORD),
                    each.text("topic", TextRule.atMost(255)));
            each.end();
            if (!addresses.add(new Address(token.channel, token.environment, token.topic))) {
                each.error("channel", "duplicate", "one token for each channel, environment and topic");
            }
            tokens.add(token);
        }
        return tokens;
    }
}
