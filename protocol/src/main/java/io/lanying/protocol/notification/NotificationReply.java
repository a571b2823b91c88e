package io.lanying.protocol.notification;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.Remoted;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a notification answers, after the journal has it. */
public sealed interface NotificationReply extends Remoted {

    /** @param repeated whether the same command had been accepted before */
    record Accepted(boolean repeated) implements NotificationReply {}

    /**
     * The notification as it is.
     *
     * @param pages the pages of its audience that were settled so far
     * @param counts what devices answered so far
     * @param parts the companions that know what became of it, see {@link NotificationParts}
     */
    record View(
            NotificationStatus status,
            Instant acceptedAt,
            Optional<Instant> sendAt,
            Instant expiresAt,
            int pages,
            SendCounts counts,
            List<Integer> parts)
            implements NotificationReply {

        public View {
            parts = parts == null ? List.of() : List.copyOf(parts);
        }
    }

    /** Refused; nothing changed. */
    record Refused(ErrorCode code, String detail) implements NotificationReply {}
}
