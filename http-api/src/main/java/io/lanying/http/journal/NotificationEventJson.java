package io.lanying.http.journal;

import io.lanying.protocol.notification.Addressee;
import io.lanying.protocol.notification.SendCounts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A notification's events as auditors see them: one record for each. */
final class NotificationEventJson {

    private NotificationEventJson() {}

    /** @param body the message, or {@code {"erased":true}} */
    record NotificationAccepted(
            AudienceJson audience,
            Object body,
            int bytes,
            String priority,
            Optional<String> collapseKey,
            Optional<Instant> sendAt,
            Instant expiresAt) {}

    record PageResolved(int page, List<Addressee> devices, Optional<String> next) {}

    record PageSent(int page, SendCounts counts, List<Addressee> unanswered) {}

    record UnansweredSettled(SendCounts counts, List<String> deviceIds) {}

    record SendingExpired() {}

    record NotificationCancelled() {}

    record PageRecalled(int page, SendCounts counts, List<Addressee> unanswered) {}

    record RecallEnded() {}
}
