package io.lanying.http.device;

import io.lanying.protocol.device.DeviceReply.DeviceView;
import io.lanying.protocol.device.VendorToken;
import io.lanying.protocol.registry.DeviceRow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A device as the API shows it: vendor tokens only by their address, never their text. */
record DeviceJson(
        String deviceId,
        Optional<String> userId,
        String platform,
        Optional<String> alias,
        List<String> tags,
        Optional<String> locale,
        Optional<String> timezone,
        Optional<String> appVersion,
        List<TokenJson> tokens,
        Instant registeredAt,
        String streamId,
        long ackedSeq,
        long lastSeq,
        int openItems,
        boolean online) {

    static DeviceJson of(String deviceId, DeviceView view) {
        var profile = view.profile();
        return new DeviceJson(
                deviceId,
                view.userId(),
                profile.platform(),
                profile.alias(),
                profile.tags(),
                profile.locale(),
                profile.timezone(),
                profile.appVersion(),
                profile.tokens().stream().map(TokenJson::of).toList(),
                view.registeredAt(),
                view.streamId(),
                view.ackedSeq(),
                view.lastSeq(),
                view.openItems(),
                view.online());
    }

    /** A vendor token without its text. */
    record TokenJson(String channel, Optional<String> environment, Optional<String> topic, Instant since) {

        static TokenJson of(VendorToken token) {
            return new TokenJson(token.channel(), token.environment(), token.topic(), token.since());
        }
    }

    /** A device as lists show it, from the registry. */
    record RowJson(
            String deviceId,
            Optional<String> userId,
            String platform,
            Optional<String> alias,
            List<String> tags,
            Optional<String> locale,
            Optional<String> timezone,
            Optional<String> appVersion,
            Instant registeredAt) {

        static RowJson of(DeviceRow row) {
            return new RowJson(
                    row.deviceId(),
                    row.userId(),
                    row.platform(),
                    row.alias(),
                    row.tags(),
                    row.locale(),
                    row.timezone(),
                    row.appVersion(),
                    row.registeredAt());
        }
    }
}
