package io.lanying.protocol.notification;

import io.lanying.protocol.Persisted;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A notification after its first {@code eventSeq} events, without message and audience: those are read from the first event.
 *
 * @param head absent before the acceptance
 * @param pages how many pages are settled
 * @param current the page that is being sent
 * @param next where the next page starts; absent before the first and after the last
 * @param sendEnd absent while pages are left
 * @param unanswered devices of settled pages that are asked again, at most some 1,000
 * @param cancelledAt absent unless it was taken back
 * @param recalledSeq the eventSeq of the last {@code PageResolved} whose devices gave it back; 0 if none
 * @param recallEndedAt absent while devices have to give it back, and if there is no need
 * @param parts the companions that keep the fates of its devices, by {@link NotificationParts#of}, ascending
 */
public record NotificationSnapshot(
        long eventSeq,
        Instant at,
        Optional<Head> head,
        int pages,
        Optional<CurrentPage> current,
        Optional<String> next,
        Optional<SendEnd> sendEnd,
        SendCounts counts,
        List<Unanswered> unanswered,
        Optional<Instant> cancelledAt,
        long recalledSeq,
        Optional<Instant> recallEndedAt,
        List<Integer> parts)
        implements Persisted {

    public NotificationSnapshot {
        unanswered = unanswered == null ? List.of() : List.copyOf(unanswered);
        parts = parts == null ? List.of() : List.copyOf(parts);
    }

    /** What of the acceptance is needed again and again. */
    public record Head(Instant acceptedAt, String fingerprint, Optional<Instant> sendAt, Instant expiresAt)
            implements Persisted {}

    /** A page whose devices are being asked. */
    public record CurrentPage(int page, List<Addressee> devices, Instant since) implements Persisted {

        public CurrentPage {
            devices = devices == null ? List.of() : List.copyOf(devices);
        }
    }

    /** A device that was asked from {@code since} on and did not answer. */
    public record Unanswered(Addressee device, int page, Instant since) implements Persisted {}

    /** How the sending ended. */
    public record SendEnd(Instant at, boolean expired) implements Persisted {}
}
