package io.lanying.http.device;

import io.lanying.http.error.Unavailable;
import io.lanying.http.json.Fields;
import io.lanying.http.json.TextRule;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.device.Profile;
import io.lanying.protocol.device.VendorToken;
import io.lanying.protocol.sealing.Sealer;
import io.lanying.protocol.sealing.Sealing;
import io.lanying.protocol.sealing.Subject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Vendor tokens as callers send them, and sealed as devices keep them. Thread-safe. */
public final class VendorTokens {

    static final TextRule WORD = TextRule.matching("[A-Za-z0-9._-]{1,32}");

    private final Sealing sealing;
    private final Clock clock;

    public VendorTokens(Sealing sealing, Clock clock) {
        this.sealing = sealing;
        this.clock = clock;
    }

    /** A vendor token in clear: sealed at once, never logged. */
    public record Clear(String channel, String token, Optional<String> environment, Optional<String> topic) {

        @Override
        public String toString() {
            return "Clear[" + channel + "]";
        }
    }

    private record Address(String channel, Optional<String> environment, Optional<String> topic) {}

    /** Reads the field {@code tokens}: one for each channel, environment and topic. */
    public static List<Clear> read(Fields fields) {
        var tokens = new ArrayList<Clear>();
        var addresses = new HashSet<Address>();
        for (Fields each : fields.objects("tokens", Profile.MAX_TOKENS)) {
            var token = new Clear(
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

    /** The same, sealed for the device's owner; a failed stage if keys cannot be had. */
    public CompletionStage<List<VendorToken>> sealed(EntityId device, List<Clear> tokens, String subject) {
        return sealer(device.tenant(), subject)
                .thenCombine(sealer(device.tenant(), Subject.TENANT), (recipient, tenant) -> tokens.stream()
                        .map(token -> sealed(device, token, recipient, tenant))
                        .toList());
    }

    private VendorToken sealed(EntityId device, Clear token, Sealer recipient, Sealer tenant) {
        byte[] clear = token.token().getBytes(StandardCharsets.UTF_8);
        return new VendorToken(
                token.channel(),
                token.environment(),
                token.topic(),
                recipient.seal(device.id(), "token", clear),
                tenant.fingerprint(clear),
                clock.instant());
    }

    private CompletionStage<Sealer> sealer(String tenant, String subject) {
        return Unavailable.when("keys cannot be read", () -> sealing.sealer(tenant, subject));
    }
}
