package io.lanying.actors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.reminder.Reminder;
import io.lanying.protocol.reminder.ReminderCommand;
import io.lanying.protocol.reminder.ReminderCommand.Done;
import io.lanying.protocol.reminder.ReminderCommand.Rearm;
import io.lanying.protocol.reminder.ReminderCommand.Remind;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One entity's side of its reminder row: promises that the row is committed <em>before</em> the event that opens the work.
 *
 * <p>Use, in a command handler that opens work to be looked at by {@code due}:
 *
 * <pre>{@code
 * switch (reminders.require(due)) {
 *     STORED -> persist the event
 *     ASKED -> Effect().stash()               // taken up again when the answer comes
 *     UNAVAILABLE -> refuse with UNAVAILABLE  // nothing was written, so the refusal is true
 * }
 * }</pre>
 *
 * and in the handler of the entity's own answer message: {@code reminders.answered(answer)}, then unstash all. After a
 * {@code Wake(version)}: exactly one of {@link #done} (no work is open) and {@link #rearm} (look again later), as the last
 * step, when what was due has been done. Work opened after that asks for a reminder of its own. When recovery has completed:
 * {@link #reset}.
 *
 * <p>Mutable and confined to the entity's actor; nothing here is remembered over a restart, which costs one more request.
 *
 * @param <C> the entity's commands
 */
public final class Reminders<C> {

    /** Whether work may be opened now. */
    public enum Cover {
        /** The row is committed and due in time. */
        STORED,
        /** It was asked for: the answer arrives as the entity's own message. */
        ASKED,
        /** The last request failed a moment ago; open no work. */
        UNAVAILABLE
    }

    /**
     * What the entity sends itself when a request has ended.
     *
     * @param ticket which request
     * @param reminder empty if there was no answer in time
     */
    public record Answer(long ticket, Optional<Reminder> reminder) {}

    private final EntityKind kind;
    private final EntityId entity;
    private final ActorContext<C> context;
    private final ActorRef<ReminderCommand> writer;
    private final Duration timeout;
    private final Function<Answer, C> message;

    private @Nullable Reminder stored;
    private long lastTicket;
    private boolean asked;
    private boolean crossed;
    private boolean failed;
    private long failedAtNanos;

    /**
     * @param timeout how long one request may take; also how long work is refused after a failed one, at most a second
     * @param message wraps the answer in the entity's own message
     */
    public Reminders(
            EntityKind kind,
            EntityId entity,
            ActorContext<C> context,
            ActorRef<ReminderCommand> writer,
            Duration timeout,
            Function<Answer, C> message) {
        this.kind = kind;
        this.entity = entity;
        this.context = context;
        this.writer = writer;
        this.timeout = timeout;
        this.message = message;
    }

    /** Whether the entity is sure to be woken by {@code due}; if not, asks for it, once at a time. */
    public Cover require(Instant due) {
        if (stored != null && !stored.due().isAfter(due)) {
            return Cover.STORED;
        }
        if (asked) {
            return Cover.ASKED;
        }
        if (failed && System.nanoTime() - failedAtNanos < refusalPause().toNanos()) {
            return Cover.UNAVAILABLE;
        }
        asked = true;
        crossed = false;
        long ticket = ++lastTicket;
        context.ask(
                Reminder.class,
                writer,
                timeout,
                replyTo -> new Remind(kind, entity, due, replyTo),
                (reminder, failure) -> message.apply(new Answer(ticket, Optional.ofNullable(reminder))));
        return Cover.ASKED;
    }

    /** Takes the end of a request. Unstash all afterwards: what waited is stored, asked for again, or refused. */
    public void answered(Answer answer) {
        if (!asked || answer.ticket() != lastTicket) {
            return;
        }
        asked = false;
        failed = answer.reminder().isEmpty();
        failedAtNanos = System.nanoTime();
        if (!crossed) {
            answer.reminder().ifPresent(reminder -> stored = reminder);
        }
    }

    /** The wake of this version was handled and no work is open. */
    public void done(long version) {
        forget();
        writer.tell(new Done(kind, entity, version));
    }

    /** The wake of this version was handled; look again at {@code due}. */
    public void rearm(long version, Instant due) {
        forget();
        writer.tell(new Rearm(kind, entity, version, due));
    }

    /** No work is open: takes the reminder back, if one is known to be stored. Optional; it saves a needless wake. */
    public void release() {
        if (stored != null) {
            done(stored.version());
        }
    }

    /** The entity has recovered, so that what was asked before may never be answered: nothing is known. */
    public void reset() {
        stored = null;
        asked = false;
        failed = false;
    }

    private void forget() {
        // The writer does not say what became of the row, and an answer under way may name it as it was before.
        stored = null;
        crossed = true;
    }

    private Duration refusalPause() {
        Duration second = Duration.ofSeconds(1);
        return timeout.compareTo(second) < 0 ? timeout : second;
    }
}
