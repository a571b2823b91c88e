package io.lanying.actors.notification;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.notification.Addressee;
import io.lanying.protocol.notification.NotificationCommand.Accept;
import io.lanying.protocol.notification.NotificationEvent;
import io.lanying.protocol.notification.NotificationEvent.NotificationAccepted;
import io.lanying.protocol.notification.NotificationEvent.NotificationCancelled;
import io.lanying.protocol.notification.NotificationEvent.PageRecalled;
import io.lanying.protocol.notification.NotificationEvent.PageResolved;
import io.lanying.protocol.notification.NotificationEvent.PageSent;
import io.lanying.protocol.notification.NotificationEvent.RecallEnded;
import io.lanying.protocol.notification.NotificationEvent.SendingExpired;
import io.lanying.protocol.notification.NotificationEvent.UnansweredSettled;
import io.lanying.protocol.notification.NotificationReply;
import io.lanying.protocol.notification.NotificationReply.Accepted;
import io.lanying.protocol.notification.NotificationReply.Refused;
import io.lanying.protocol.notification.NotificationReply.View;
import io.lanying.protocol.notification.NotificationSnapshot.CurrentPage;
import io.lanying.protocol.notification.NotificationSnapshot.Unanswered;
import io.lanying.protocol.notification.SendCounts;
import io.lanying.protocol.registry.AudienceRegistry.AudiencePage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a notification answers, and which events it journals. Pure: time comes in. */
record NotificationDecisions(NotificationState state, Instant now) {

    /** Devices drop what they had for 7 days; asking the same again stops well before. */
    static final Duration REPEATED_FOR = Duration.ofDays(6);

    /** What is journaled, all or none, and the answer once it is there. */
    record Decision(List<NotificationEvent> events, NotificationReply reply) {}

    Decision accept(Accept command) {
        var known = state.data().head();
        if (known.isPresent()) {
            return new Decision(
                    List.of(),
                    known.get().fingerprint().equals(command.fingerprint())
                            ? new Accepted(true)
                            : new Refused(
                                    ErrorCode.IDEMPOTENCY_KEY_REUSED,
                                    "this idempotency key was used for another request"));
        }
        var at = state.timeOf(now);
        var event = new NotificationAccepted(
                at,
                command.audience(),
                command.body(),
                command.vendorBlocks(),
                command.fingerprint(),
                command.bytes(),
                command.priority(),
                command.collapseKey(),
                command.options(),
                command.sendAt(),
                startOf(command, at).plusSeconds(command.ttlSeconds()));
        return new Decision(List.of(event), new Accepted(false));
    }

    /** When it is sent. */
    static Instant startOf(Accept command, Instant at) {
        return command.sendAt().filter(at::isBefore).orElse(at);
    }

    Decision get() {
        return new Decision(List.of(), state.data().head().isEmpty() ? notFound() : view(state));
    }

    Decision cancel() {
        if (state.data().head().isEmpty() || state.data().cancelledAt().isPresent()) {
            return get();
        }
        var event = new NotificationCancelled(state.timeOf(now));
        return new Decision(List.of(event), view(state.apply(event)));
    }

    /** The events before a new page's devices are asked; a page of nobody is settled at once. */
    List<NotificationEvent> resolve(AudiencePage page) {
        var at = state.timeOf(now);
        int number = state.data().pages();
        var resolved = new PageResolved(at, number, page.devices(), page.next());
        return page.devices().isEmpty()
                ? List.of(resolved, new PageSent(at, number, SendCounts.NONE, List.of()))
                : List.of(resolved);
    }

    NotificationEvent sent(PageWork work) {
        return new PageSent(state.timeOf(now), state.data().pages(), work.counts(), work.unanswered());
    }

    /** The present page was interrupted for so long that its devices may have forgotten it: they are not asked again. */
    boolean isPageTooOld() {
        return state.data().current().filter(page -> isTooOld(page.since())).isPresent();
    }

    NotificationEvent abandoned() {
        var page = state.data().current().orElseThrow();
        return new PageSent(
                state.timeOf(now),
                page.page(),
                new SendCounts(0, 0, 0, page.devices().size()),
                List.of());
    }

    boolean isExpired() {
        return !now.isBefore(state.head().expiresAt());
    }

    NotificationEvent expired() {
        return new SendingExpired(state.timeOf(now));
    }

    /** Devices that did not answer for so long that there is no sense in asking again. */
    Optional<NotificationEvent> givenUp() {
        var old = state.data().unanswered().stream()
                .filter(each -> isTooOld(each.since()))
                .map(each -> each.device().deviceId())
                .toList();
        var counts = new SendCounts(0, 0, 0, isCancelled() ? 0 : old.size());
        return old.isEmpty() ? Optional.empty() : Optional.of(new UnansweredSettled(state.timeOf(now), counts, old));
    }

    /** The next of the devices that did not answer. */
    List<Addressee> unanswered(int limit) {
        return state.data().unanswered().stream()
                .limit(limit)
                .map(Unanswered::device)
                .toList();
    }

    Optional<NotificationEvent> settled(PageWork work) {
        var ids = work.settled().stream().map(Addressee::deviceId).toList();
        return ids.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new UnansweredSettled(state.timeOf(now), isCancelled() ? SendCounts.NONE : work.counts(), ids));
    }

    NotificationEvent recalled(int page, long resolvedSeq, PageWork work) {
        boolean open = state.data().current().map(CurrentPage::page).equals(Optional.of(page));
        // Who gave it back had taken it; the others of the page had not been asked.
        var had = new SendCounts(work.counts().accepted(), 0, 0, 0);
        return new PageRecalled(state.timeOf(now), page, resolvedSeq, open ? had : SendCounts.NONE, work.unanswered());
    }

    NotificationEvent recallEnded() {
        return new RecallEnded(state.timeOf(now));
    }

    private boolean isCancelled() {
        return state.data().cancelledAt().isPresent();
    }

    private boolean isTooOld(Instant since) {
        return since.plus(REPEATED_FOR).isBefore(now);
    }

    private static View view(NotificationState state) {
        var head = state.head();
        return new View(
                state.status(),
                head.acceptedAt(),
                head.sendAt(),
                head.expiresAt(),
                state.data().pages(),
                state.data().counts(),
                state.data().parts());
    }

    private static Refused notFound() {
        return new Refused(ErrorCode.NOT_FOUND, "no such notification");
    }
}
