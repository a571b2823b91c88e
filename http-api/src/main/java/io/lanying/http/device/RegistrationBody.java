package io.lanying.http.device;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.json.Checked;
import io.lanying.http.json.FieldErrors;
import io.lanying.http.json.Fields;
import io.lanying.http.json.TextRule;
import io.lanying.protocol.device.Profile;
import java.time.ZoneId;
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
        List<VendorTokens.Clear> tokens) {

    private static final TextRule LOCALE = TextRule.matching("[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8}){0,4}");
    private static final Set<String> ZONES = Set.copyOf(ZoneId.getAvailableZoneIds());
    private static final TextRule ZONE = new TextRule(ZONES::contains, "an IANA time zone such as Asia/Shanghai");

    static Checked<RegistrationBody> read(JsonNode body) {
        var errors = new FieldErrors();
        var fields = Fields.root(body, errors);
        var registration = new RegistrationBody(
                fields.text("userId", TextRule.ID),
                fields.requiredText("platform", VendorTokens.WORD),
                fields.text("alias", TextRule.LABEL),
                fields.texts("tags", TextRule.LABEL, Profile.MAX_TAGS),
                fields.text("locale", LOCALE),
                fields.text("timezone", ZONE),
                fields.text("appVersion", TextRule.NAME),
                VendorTokens.read(fields));
        fields.end();
        return errors.orElse(() -> registration);
    }
}
