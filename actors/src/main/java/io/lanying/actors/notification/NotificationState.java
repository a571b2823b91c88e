package io.lanying.actors.notification;

import io.lanying.actors.EventTime;
import io.lanying.protocol.notification.Addressee;
import io.lanying.protocol.notification.NotificationEvent;
import io.lanying.protocol.notification.NotificationEvent.NotificationAccepted;
import io.lanying.protocol.notification.NotificationEvent.NotificationCancelled;
import io.lanying.protocol.notification.NotificationEvent.PageRecalled;
import io.lanying.protocol.notification.NotificationEvent.PageResolved;
import io.lanying.protocol.notification.NotificationEvent.PageSent;
import io.lanying.protocol.notification.NotificationEvent.RecallEnded;
import io.lanying.protocol.notification.NotificationEvent.SendingExpired;
import io.lanying.protocol.notification.NotificationEvent.UnansweredSettled;
import io.lanying.protocol.notification.NotificationParts;
import io.lanying.protocol.notification.NotificationSnapshot;
import io.lanying.protocol.notification.NotificationSnapshot.CurrentPage;
import io.lanying.protocol.notification.NotificationSnapshot.Head;
import io.lanying.protocol.notification.NotificationSnapshot.SendEnd;
import io.lanying.protocol.notification.NotificationSnapshot.Unanswered;
import io.lanying.protocol.notification.NotificationStatus;
import io.lanying.protocol.notification.SendCounts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * A notification as the fold of its events: no clock, no random, no I/O. Bounded: one page of devices and those left behind
 * unanswered, whatever the size of the audience.
 *
 * @param data what it is, in the shape in which it is stored
 */
public record NotificationState(NotificationSnapshot data) {

    private static final Map<Class<?>, BiConsumer<Draft, NotificationEvent>> HANDLERS = new HashMap<>();

    static {
        on(NotificationAccepted.class, Draft::accepted);
        on(PageResolved.class, Draft::resolved);
        on(PageSent.class, Draft::sent);
        on(UnansweredSettled.class, Draft::settled);
        on(SendingExpired.class, Draft::expired);
        on(NotificationCancelled.class, Draft::cancelled);
        on(PageRecalled.class, Draft::recalled);
        on(RecallEnded.class, (draft, event) -> draft.recallEndedAt = Optional.of(event.at()));
    }

    private static <E extends NotificationEvent> void on(Class<E> type, BiConsumer<Draft, E> handler) {
        HANDLERS.put(type, (draft, event) -> handler.accept(draft, type.cast(event)));
    }

    /** Before the first event. */
    public static NotificationState initial() {
        return new NotificationState(new NotificationSnapshot(
                0,
                Instant.EPOCH,
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                SendCounts.NONE,
                List.of(),
                Optional.empty(),
                0,
                Optional.empty(),
                List.of()));
    }

    /** The state after one more event. */
    public NotificationState apply(NotificationEvent event) {
        var handler = HANDLERS.get(event.getClass());
        if (handler == null) {
            throw new IllegalStateException("no handler for " + event.getClass().getName());
        }
        var draft = new Draft(data, event.at());
        handler.accept(draft, event);
        return new NotificationState(draft.toSnapshot());
    }

    /** The time of an event that happens now. */
    Instant timeOf(Instant now) {
        return EventTime.next(data.at(), now);
    }

    /** What was accepted; only after the acceptance. */
    Head head() {
        return data.head().orElseThrow(() -> new IllegalStateException("nothing was accepted"));
    }

    NotificationStatus status() {
        if (data.cancelledAt().isPresent()) {
            return !wasBegun()
                    ? NotificationStatus.CANCELLED
                    : data.recallEndedAt().isPresent() ? NotificationStatus.RECALLED : NotificationStatus.RECALLING;
        }
        if (data.sendEnd().isPresent() && data.unanswered().isEmpty()) {
            return NotificationStatus.SENT;
        }
        return wasBegun() || head().sendAt().isEmpty() ? NotificationStatus.SENDING : NotificationStatus.SCHEDULED;
    }

    /** What there is to do at this time. */
    Task task(Instant now) {
        if (data.head().isEmpty()) {
            return Task.NOTHING;
        }
        return switch (status()) {
            case SCHEDULED -> now.isBefore(head().sendAt().orElseThrow()) ? Task.WAIT : Task.SEND;
            case SENDING -> data.sendEnd().isPresent() ? Task.SETTLE : Task.SEND;
            case RECALLING -> Task.RECALL;
            case SENT, CANCELLED, RECALLED -> Task.NOTHING;
        };
    }

    /** Whether any device may have been asked. */
    boolean wasBegun() {
        return data.pages() > 0 || data.current().isPresent();
    }

    /** What a notification has to do. */
    enum Task {
        NOTHING,
        /** Its time has not come. */
        WAIT,
        /** Devices of the present or the next page are to be asked. */
        SEND,
        /** Devices that did not answer are to be asked again. */
        SETTLE,
        /** Devices are to give it back. */
        RECALL
    }

    /** The next state in the making. */
    private static final class Draft {
        private final long eventSeq;
        private final Instant at;
        private Optional<Head> head;
        private int pages;
        private Optional<CurrentPage> current;
        private Optional<String> next;
        private Optional<SendEnd> sendEnd;
        private SendCounts counts;
        private List<Unanswered> unanswered;
        private Optional<Instant> cancelledAt;
        private long recalledSeq;
        private Optional<Instant> recallEndedAt;
        private List<Integer> parts;

        Draft(NotificationSnapshot from, Instant at) {
            this.eventSeq = from.eventSeq() + 1;
            this.at = at;
            this.head = from.head();
            this.pages = from.pages();
            this.current = from.current();
            this.next = from.next();
            this.sendEnd = from.sendEnd();
            this.counts = from.counts();
            this.unanswered = from.unanswered();
            this.cancelledAt = from.cancelledAt();
            this.recalledSeq = from.recalledSeq();
            this.recallEndedAt = from.recallEndedAt();
            this.parts = from.parts();
        }

        void accepted(NotificationAccepted event) {
            head = Optional.of(new Head(event.at(), event.fingerprint(), event.sendAt(), event.expiresAt()));
        }

        void resolved(PageResolved event) {
            current = Optional.of(new CurrentPage(event.page(), event.devices(), event.at()));
            next = event.next();
            if (parts.size() < NotificationParts.COUNT) {
                var touched = new TreeSet<>(parts);
                event.devices().forEach(device -> touched.add(NotificationParts.of(device.deviceId())));
                parts = List.copyOf(touched);
            }
        }

        void sent(PageSent event) {
            var since = current.map(CurrentPage::since).orElse(at);
            endPage(event.counts());
            leaveBehind(event.unanswered(), event.page(), since);
            if (next.isEmpty()) {
                sendEnd = Optional.of(new SendEnd(at, false));
            }
        }

        void settled(UnansweredSettled event) {
            counts = counts.plus(event.counts());
            unanswered = unanswered.stream()
                    .filter(each -> !event.deviceIds().contains(each.device().deviceId()))
                    .toList();
        }

        void expired(SendingExpired event) {
            int left = unanswered.size()
                    + current.map(page -> page.devices().size()).orElse(0);
            pages += current.isPresent() ? 1 : 0;
            counts = counts.plus(new SendCounts(0, 0, 0, left));
            current = Optional.empty();
            unanswered = List.of();
            next = Optional.empty();
            sendEnd = Optional.of(new SendEnd(event.at(), true));
        }

        void cancelled(NotificationCancelled event) {
            cancelledAt = Optional.of(event.at());
            // They are asked with the others of their page to give it back.
            counts = counts.plus(new SendCounts(0, 0, 0, unanswered.size()));
            unanswered = List.of();
        }

        void recalled(PageRecalled event) {
            var open = current.filter(page -> page.page() == event.page());
            var since = open.map(CurrentPage::since).orElse(at);
            if (open.isPresent()) {
                endPage(event.counts());
            }
            leaveBehind(event.unanswered(), event.page(), since);
            recalledSeq = event.resolvedSeq();
        }

        private void endPage(SendCounts more) {
            counts = counts.plus(more);
            current = Optional.empty();
            pages++;
        }

        private void leaveBehind(List<Addressee> devices, int page, Instant since) {
            if (!devices.isEmpty()) {
                var all = new ArrayList<>(unanswered);
                devices.forEach(device -> all.add(new Unanswered(device, page, since)));
                unanswered = List.copyOf(all);
            }
        }

        NotificationSnapshot toSnapshot() {
            return new NotificationSnapshot(
                    eventSeq,
                    at,
                    head,
                    pages,
                    current,
                    next,
                    sendEnd,
                    counts,
                    unanswered,
                    cancelledAt,
                    recalledSeq,
                    recallEndedAt,
                    parts);
        }
    }
}
