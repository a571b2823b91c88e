package io.lanying.http.channel;

import io.lanying.protocol.tenant.TenantReply.ChannelView;
import io.lanying.protocol.tenant.TenantReply.CredentialInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A channel's credential as callers see it: never the secret.
 *
 * @param status {@code active}, {@code expiresSoon} within {@link #SOON} of its end, {@code expired}
 * @param restoredVersion the version whose content it is, if it was restored
 * @param earlier what can be restored, newest first
 */
record ChannelJson(
        String channel,
        String environment,
        long version,
        String summary,
        Instant putAt,
        Optional<Instant> expiresAt,
        String status,
        Optional<Long> restoredVersion,
        List<VersionJson> earlier) {

    /** Long enough to get a new certificate from a vendor without haste. */
    static final Duration SOON = Duration.ofDays(30);

    record VersionJson(
            long version, String summary, Instant putAt, Optional<Instant> expiresAt, Optional<Long> restoredVersion) {

        static VersionJson of(CredentialInfo info) {
            return new VersionJson(info.version(), info.summary(), info.putAt(), info.expiresAt(), info.restored());
        }
    }

    static ChannelJson of(ChannelView view, Instant now) {
        var present = view.versions().get(0);
        return new ChannelJson(
                view.channel().channel(),
                view.channel().environment(),
                present.version(),
                present.summary(),
                present.putAt(),
                present.expiresAt(),
                status(present.expiresAt(), now),
                present.restored(),
                view.versions().stream().skip(1).map(VersionJson::of).toList());
    }

    private static String status(Optional<Instant> expiresAt, Instant now) {
        if (expiresAt.isEmpty() || now.plus(SOON).isBefore(expiresAt.get())) {
            return "active";
        }
        return now.isBefore(expiresAt.get()) ? "expiresSoon" : "expired";
    }
}
