package io.lanying.http.journal;

import io.lanying.protocol.device.Profile;
import io.lanying.protocol.device.VendorToken;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A device's profile in events and states: vendor tokens only by their address. */
record ProfileJson(
        String platform,
        Optional<String> alias,
        List<String> tags,
        Optional<String> locale,
        Optional<String> timezone,
        Optional<String> appVersion,
        List<TokenJson> tokens) {

    static ProfileJson of(Profile profile) {
        return new ProfileJson(
                profile.platform(),
                profile.alias(),
                profile.tags(),
                profile.locale(),
                profile.timezone(),
                profile.appVersion(),
                profile.tokens().stream().map(TokenJson::of).toList());
    }

    record TokenJson(String channel, Optional<String> environment, Optional<String> topic, Instant since) {

        static TokenJson of(VendorToken token) {
            return new TokenJson(token.channel(), token.environment(), token.topic(), token.since());
        }
    }
}
