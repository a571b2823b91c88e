package io.lanying.protocol.notification;

import io.lanying.protocol.Persisted;
import io.lanying.protocol.device.Priority;
import io.lanying.protocol.device.PushOptions;
import io.lanying.protocol.sealing.Sealed;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What happened to a notification. The first event is its acceptance, which alone holds the message; {@code at} never runs
 * backwards within a journal.
 */
public sealed interface NotificationEvent extends Persisted {

    /** When it happened: the later of the previous event's time and the node's clock. */
    Instant at();

    /** Taken, to be sent at {@code sendAt} or at once. */
    record NotificationAccepted(
            Instant at,
            Audience audience,
            Sealed body,
            Optional<Sealed> vendorBlocks,
            String fingerprint,
            int bytes,
            Priority priority,
            Optional<String> collapseKey,
            Optional<PushOptions> options,
            Optional<Instant> sendAt,
            Instant expiresAt)
            implements NotificationEvent {}

    /**
     * Who the next page of the audience is: journaled before any of these devices is asked, so that a crash changes nothing
     * about it.
     *
     * @param page counts pages, from 0
     * @param devices at most {@link io.lanying.protocol.registry.AudienceRegistry#MAX_LIMIT}
     * @param next where the next page starts; absent: this is the last
     */
    record PageResolved(Instant at, int page, List<Addressee> devices, Optional<String> next)
            implements NotificationEvent {

        public PageResolved {
            devices = devices == null ? List.of() : List.copyOf(devices);
        }
    }

    /**
     * The page's devices were asked, and answered but for {@code unanswered}, which are asked again later.
     */
    record PageSent(Instant at, int page, SendCounts counts, List<Addressee> unanswered) implements NotificationEvent {

        public PageSent {
            unanswered = unanswered == null ? List.of() : List.copyOf(unanswered);
        }
    }

    /** Devices that had not answered before did now, or were given up ({@code unknown}). */
    record UnansweredSettled(Instant at, SendCounts counts, List<String> deviceIds) implements NotificationEvent {

        public UnansweredSettled {
            deviceIds = deviceIds == null ? List.of() : List.copyOf(deviceIds);
        }
    }

    /** Its time ended before every device of the audience was asked; the rest will not be. */
    record SendingExpired(Instant at) implements NotificationEvent {}

    /** It was taken back: nobody else is asked, and whoever was is asked to give it back. */
    record NotificationCancelled(Instant at) implements NotificationEvent {}

    /**
     * Every device of one page was asked to give it back, and answered but for {@code unanswered}, which are asked again
     * later.
     *
     * @param resolvedSeq the eventSeq of the page's {@link PageResolved}
     * @param counts what its devices turned out to have done with it, if it was not settled when it was cancelled
     */
    record PageRecalled(Instant at, int page, long resolvedSeq, SendCounts counts, List<Addressee> unanswered)
            implements NotificationEvent {

        public PageRecalled {
            unanswered = unanswered == null ? List.of() : List.copyOf(unanswered);
        }
    }

    /** Every page was recalled. */
    record RecallEnded(Instant at) implements NotificationEvent {}
}
