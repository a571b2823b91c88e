package io.lanying.actors.notification;

import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.TimerScheduler;
import io.lanying.actors.notification.NotificationEntity.Ports;
import io.lanying.actors.notification.NotificationState.Task;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.journal.JournalEvent;
import io.lanying.protocol.notification.Addressee;
import io.lanying.protocol.notification.NotificationCommand;
import io.lanying.protocol.notification.NotificationEvent;
import io.lanying.protocol.notification.NotificationEvent.NotificationAccepted;
import io.lanying.protocol.notification.NotificationEvent.PageResolved;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The work of one notification in one incarnation: a place at the gate, the page in hand, what is being read. Steps follow
 * each other by messages to the entity; what a step returns is journaled before {@link #journaled} takes the next one.
 * Forgetful: {@link #reset} starts again from the journaled state.
 */
final class Paging {

    /** Rounds of asking before devices that do not answer are left behind. */
    private static final int ROUNDS = 3;

    /** A device registered a moment before the command, on a node whose clock is ahead by as much, belongs to the audience. */
    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(1);

    private static final int JOURNAL_PAGE = 20;

    private enum Place {
        NONE,
        WANTED,
        TAKEN
    }

    private enum Kind {
        SEND,
        SETTLE,
        RECALL
    }

    /** What the page in hand is for. */
    private record Job(Kind kind, boolean recalls, int page, long resolvedSeq, PageWork work) {}

    private final ActorContext<NotificationCommand> context;
    private final TimerScheduler<NotificationCommand> timers;
    private final EntityId id;
    private final Ports ports;
    private final NotificationSettings settings;
    private final AddressedPush pushes;
    private Place place = Place.NONE;
    private @Nullable NotificationAccepted content;
    private @Nullable Job job;
    private boolean reading;
    private boolean journaling;
    private long lastWork;
    private Optional<String> after = Optional.empty();
    private boolean seeking;

    Paging(
            ActorContext<NotificationCommand> context,
            TimerScheduler<NotificationCommand> timers,
            EntityId id,
            Ports ports,
            NotificationSettings settings) {
        this.context = context;
        this.timers = timers;
        this.id = id;
        this.ports = ports;
        this.settings = settings;
        this.pushes = new AddressedPush(id.id());
    }

    /** The entity has recovered: whatever was under way is not, or its answers are of no interest. */
    void reset() {
        leave();
        job = null;
        reading = false;
        journaling = false;
        seeking = false;
        lastWork++;
    }

    /** What the last step returned is in the journal. */
    void journaled() {
        journaling = false;
        context.getSelf().tell(new NotificationMessage.GoOn());
    }

    /** Looks for work; asks for a place at the gate if there is some. */
    List<NotificationEvent> goOn(NotificationState state) {
        if (isBusy()) {
            return List.of();
        }
        var task = state.task(now());
        if (task == Task.NOTHING || task == Task.WAIT) {
            leave();
            job = null;
            return List.of();
        }
        if (place == Place.NONE) {
            place = Place.WANTED;
            ports.gate().tell(new SendGate.Want(context.getSelf()));
        }
        return place == Place.TAKEN ? step(state, task) : List.of();
    }

    /** The gate lets it in. */
    List<NotificationEvent> maySend(NotificationState state) {
        if (place != Place.WANTED) {
            ports.gate().tell(new SendGate.Leave(context.getSelf())); // asked for in a former life
            return List.of();
        }
        place = Place.TAKEN;
        return goOn(state);
    }

    private List<NotificationEvent> step(NotificationState state, Task task) {
        var decide = new NotificationDecisions(state, now());
        if (job != null && job.recalls() != (task == Task.RECALL)) {
            job = null; // it was cancelled meanwhile
        }
        if (task == Task.RECALL) {
            return recall(state);
        }
        if (decide.isExpired()) {
            var page = job;
            job = null;
            return journal(
                    page != null && page.kind() == Kind.SEND
                            ? List.of(decide.sent(page.work()), decide.expired())
                            : List.of(decide.expired()));
        }
        if (content == null) {
            readContent();
            return List.of();
        }
        if (task == Task.SETTLE) {
            return settle(decide, false);
        }
        if (decide.isPageTooOld()) {
            job = null;
            return journal(decide.abandoned());
        }
        var current = state.data().current();
        if (current.isEmpty()) {
            readPage(state);
        } else {
            begin(Kind.SEND, false, current.get().page(), 0, current.get().devices());
        }
        return List.of();
    }

    private List<NotificationEvent> recall(NotificationState state) {
        if (job == null) {
            readRecall(state.data().recalledSeq() + 1, state.data().eventSeq());
        } else {
            begin(job.kind(), true, job.page(), job.resolvedSeq(), List.of());
        }
        return List.of();
    }

    private List<NotificationEvent> settle(NotificationDecisions decide, boolean recalls) {
        var givenUp = decide.givenUp();
        if (givenUp.isPresent()) {
            job = null;
            return journal(givenUp.get());
        }
        begin(Kind.SETTLE, recalls, 0, 0, decide.unanswered(settings.pageSize()));
        return List.of();
    }

    /** Starts the work on a page, or another round of the work in hand. */
    private void begin(Kind kind, boolean recalls, int page, long resolvedSeq, List<Addressee> devices) {
        if (job == null) {
            long number = ++lastWork;
            job = new Job(
                    kind,
                    recalls,
                    page,
                    resolvedSeq,
                    new PageWork(number, devices, settings.outstanding(), device -> ask(number, device, recalls)));
        }
        job.work().begin();
    }

    private void ask(long work, Addressee addressee, boolean recalls) {
        var device = new EntityId(id.tenant(), addressee.deviceId());
        CompletionStage<DeviceReply> reply;
        if (recalls) {
            reply = ports.devices().ask(device, replyTo -> new DeviceCommand.CancelPush(id.id(), replyTo));
        } else {
            var message = Objects.requireNonNull(content);
            var now = now();
            reply = ports.devices().ask(device, replyTo -> pushes.command(message, addressee, now, replyTo));
        }
        context.pipeToSelf(
                reply,
                (answer, failure) -> new NotificationMessage.DeviceAnswered(
                        work, addressee.deviceId(), Optional.ofNullable(answer)));
    }

    List<NotificationEvent> deviceAnswered(NotificationState state, NotificationMessage.DeviceAnswered answer) {
        if (job == null || job.work().number() != answer.work()) {
            return List.of();
        }
        var work = job.work();
        if (state.data().cancelledAt().isPresent() && !job.recalls()) {
            work.stop();
        }
        work.answered(answer.deviceId(), answer.reply());
        return work.isIdle() ? roundEnded(state, job) : List.of();
    }

    private List<NotificationEvent> roundEnded(NotificationState state, Job done) {
        leave();
        if (state.data().cancelledAt().isPresent() && !done.recalls()) {
            job = null; // all that were asked have answered, or had their time to: now they give it back
            context.getSelf().tell(new NotificationMessage.GoOn());
            return List.of();
        }
        var work = done.work();
        var decide = new NotificationDecisions(state, now());
        int left = work.unanswered().size();
        boolean tooMany = state.data().unanswered().size() + left > settings.maxUnanswered();
        if (done.kind() != Kind.SETTLE && left > 0 && (work.rounds() < ROUNDS || tooMany)) {
            goOnLater();
            return List.of();
        }
        job = null;
        return switch (done.kind()) {
            case SEND -> journal(decide.sent(work));
            case RECALL -> journal(decide.recalled(done.page(), done.resolvedSeq(), work));
            case SETTLE -> {
                if (left > 0) {
                    goOnLater();
                }
                yield decide.settled(work).map(this::journal).orElse(List.of());
            }
        };
    }

    private void readContent() {
        reading = true;
        context.pipeToSelf(
                ports.journal().events(EntityKind.NOTIFICATION, id, 1, 1, 1),
                (events, failure) -> new NotificationMessage.ContentRead(
                        events == null
                                ? Optional.empty()
                                : events.stream()
                                        .map(JournalEvent::event)
                                        .filter(NotificationAccepted.class::isInstance)
                                        .map(NotificationAccepted.class::cast)
                                        .findFirst()));
    }

    List<NotificationEvent> contentRead(NotificationState state, NotificationMessage.ContentRead read) {
        reading = false;
        if (read.content().isEmpty()) {
            return failed("the journal could not be read");
        }
        if (place != Place.TAKEN) {
            return goOn(state);
        }
        content = read.content().get();
        return goOn(state);
    }

    private void readPage(NotificationState state) {
        var message = Objects.requireNonNull(content);
        reading = true;
        if (!seeking) {
            after = state.data().next();
        }
        context.pipeToSelf(
                ports.audiences()
                        .page(
                                id.tenant(),
                                message.audience(),
                                message.at().plus(CLOCKS_DIFFER),
                                after,
                                settings.pageSize()),
                (page, failure) -> new NotificationMessage.PageFound(Optional.ofNullable(page)));
    }

    List<NotificationEvent> pageFound(NotificationState state, NotificationMessage.PageFound found) {
        reading = false;
        if (found.page().isEmpty()) {
            return failed("the registry could not be read");
        }
        if (state.task(now()) != Task.SEND || state.data().current().isPresent()) {
            seeking = false;
            return goOn(state);
        }
        var page = found.page().get();
        if (page.devices().isEmpty() && page.next().isPresent()) {
            seeking = true; // nobody among these: not worth an event
            after = page.next();
            leave();
            return goOn(state);
        }
        seeking = false;
        return journal(new NotificationDecisions(state, now()).resolve(page));
    }

    /** Looks for the next page in the journal. */
    private void readRecall(long fromSeq, long toSeq) {
        reading = true;
        context.pipeToSelf(
                nextResolved(fromSeq, toSeq),
                (found, failure) ->
                        found == null ? new NotificationMessage.RecallFound(false, Optional.empty(), 0) : found);
    }

    private CompletionStage<NotificationMessage.RecallFound> nextResolved(long fromSeq, long toSeq) {
        return ports.journal()
                .events(EntityKind.NOTIFICATION, id, fromSeq, toSeq, JOURNAL_PAGE)
                .thenCompose(events -> {
                    for (JournalEvent each : events) {
                        if (each.event() instanceof PageResolved page) {
                            return CompletableFuture.completedFuture(
                                    new NotificationMessage.RecallFound(true, Optional.of(page), each.eventSeq()));
                        }
                    }
                    return events.isEmpty()
                            ? CompletableFuture.completedFuture(
                                    new NotificationMessage.RecallFound(true, Optional.empty(), 0))
                            : nextResolved(events.get(events.size() - 1).eventSeq() + 1, toSeq);
                });
    }

    List<NotificationEvent> recallFound(NotificationState state, NotificationMessage.RecallFound found) {
        reading = false;
        if (!found.read()) {
            return failed("the journal could not be read");
        }
        if (state.task(now()) != Task.RECALL || place != Place.TAKEN) {
            return goOn(state);
        }
        var decide = new NotificationDecisions(state, now());
        if (found.page().isEmpty()) {
            return state.data().unanswered().isEmpty() ? journal(decide.recallEnded()) : settle(decide, true);
        }
        var page = found.page().get();
        begin(Kind.RECALL, true, page.page(), found.resolvedSeq(), page.devices());
        return page.devices().isEmpty() ? roundEnded(state, Objects.requireNonNull(job)) : List.of();
    }

    private List<NotificationEvent> failed(String what) {
        context.getLog().warn("{}, trying again: {}", what, id);
        leave();
        goOnLater();
        return List.of();
    }

    private void goOnLater() {
        timers.startSingleTimer(NotificationMessage.GoOn.class, new NotificationMessage.GoOn(), settings.retryPause());
    }

    private boolean isBusy() {
        boolean working = job != null && !job.work().isIdle();
        boolean pausing = timers.isTimerActive(NotificationMessage.GoOn.class);
        return working || reading || journaling || pausing;
    }

    private void leave() {
        if (place != Place.NONE) {
            ports.gate().tell(new SendGate.Leave(context.getSelf()));
        }
        place = Place.NONE;
        content = null;
    }

    private List<NotificationEvent> journal(NotificationEvent event) {
        return journal(List.of(event));
    }

    private List<NotificationEvent> journal(List<NotificationEvent> events) {
        journaling = true;
        return events;
    }

    private Instant now() {
        return ports.clock().instant();
    }
}
