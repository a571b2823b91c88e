package io.lanying.http.journal;

import io.lanying.protocol.notification.NotificationSnapshot;
import io.lanying.protocol.notification.NotificationSnapshot.CurrentPage;
import io.lanying.protocol.notification.NotificationSnapshot.Head;
import io.lanying.protocol.notification.NotificationSnapshot.SendEnd;
import io.lanying.protocol.notification.NotificationSnapshot.Unanswered;
import io.lanying.protocol.notification.SendCounts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A notification's state after its first {@code eventSeq} events, as auditors see it. */
record NotificationStateJson(long eventSeq, Instant at, NotificationState state) {

    static NotificationStateJson of(NotificationSnapshot snapshot) {
        return new NotificationStateJson(
                snapshot.eventSeq(),
                snapshot.at(),
                new NotificationState(
                        snapshot.head().map(Head::acceptedAt),
                        snapshot.head().flatMap(Head::sendAt),
                        snapshot.head().map(Head::expiresAt),
                        snapshot.pages(),
                        snapshot.current(),
                        snapshot.next(),
                        snapshot.sendEnd(),
                        snapshot.counts(),
                        snapshot.unanswered(),
                        snapshot.cancelledAt(),
                        snapshot.recallEndedAt()));
    }

    /**
     * @param pages settled pages of its audience
     * @param current the page whose devices are being asked
     */
    record NotificationState(
            Optional<Instant> acceptedAt,
            Optional<Instant> sendAt,
            Optional<Instant> expiresAt,
            int pages,
            Optional<CurrentPage> current,
            Optional<String> next,
            Optional<SendEnd> sendEnd,
            SendCounts counts,
            List<Unanswered> unanswered,
            Optional<Instant> cancelledAt,
            Optional<Instant> recallEndedAt) {}
}
