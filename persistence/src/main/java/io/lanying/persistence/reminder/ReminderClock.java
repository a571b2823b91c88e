package io.lanying.persistence.reminder;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.cluster.typed.ClusterSingleton;
import akka.cluster.typed.SingletonActor;
import io.lanying.persistence.PersistenceStats;
import io.lanying.persistence.database.Database;
import io.lanying.persistence.reminder.ReminderStore.Position;
import io.lanying.persistence.reminder.ReminderStore.Row;
import io.lanying.protocol.EntityKind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes entities whose reminder is due; one for the cluster. Each {@code clock-interval} it reads at most {@code clock-pages}
 * pages of due rows, the next page only when the one before was handed on, and goes on where it stopped.
 *
 * <p>A woken row is left alone for {@code clock-hold} unless it was rewritten; then it is woken again, until its entity
 * answers. A new singleton may repeat wakes. While the database is away it looks again each interval.
 */
public final class ReminderClock extends AbstractBehavior<ReminderClock.Message> {

    private static final Logger LOG = LoggerFactory.getLogger(ReminderClock.class);

    private final ReminderStore store;
    private final Map<EntityKind, ReminderTarget> targets;
    private final ReminderSettings settings;
    private final PersistenceStats stats;
    private final Clock clock;
    private final Held held;
    private boolean reading;
    private int pagesLeft;
    private Position position = Position.START;
    private Instant scanUntil = Instant.MIN;
    private int failures;

    private ReminderClock(
            ActorContext<Message> context,
            ReminderStore store,
            Map<EntityKind, ReminderTarget> targets,
            ReminderSettings settings,
            PersistenceStats stats,
            Clock clock) {
        super(context);
        this.store = store;
        this.targets = Map.copyOf(targets);
        this.settings = settings;
        this.stats = stats;
        this.clock = clock;
        this.held = new Held(settings.clockHold(), settings.clockHeldMax());
    }

    /** Starts the cluster's clock, or this node's readiness to take it over. */
    public static void start(
            ActorSystem<?> system, Database database, PersistenceStats stats, Map<EntityKind, ReminderTarget> targets) {
        ReminderSettings settings = ReminderSettings.from(system.settings().config());
        Behavior<Message> clock = create(new ReminderStore(database), targets, settings, stats, Clock.systemUTC());
        ClusterSingleton.get(system).init(SingletonActor.of(clock, "lanying-reminder-clock"));
    }

    /** What is open and what is due, of the whole cluster. */
    public static CompletionStage<OpenWork> open(Database database) {
        return new ReminderStore(database).open(Instant.now());
    }

    static Behavior<Message> create(
            ReminderStore store,
            Map<EntityKind, ReminderTarget> targets,
            ReminderSettings settings,
            PersistenceStats stats,
            Clock clock) {
        Behavior<Message> behavior = Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Tick.TICK, Duration.ZERO, settings.clockInterval());
            return new ReminderClock(context, store, targets, settings, stats, clock);
        }));
        return Behaviors.supervise(behavior)
                .onFailure(
                        SupervisorStrategy.restartWithBackoff(settings.clockInterval(), Duration.ofSeconds(30), 0.2));
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onMessageEquals(Tick.TICK, this::onTick)
                .onMessage(Page.class, this::onPage)
                .onMessage(PageFailed.class, this::onPageFailed)
                .build();
    }

    private Behavior<Message> onTick() {
        held.forgetOld();
        pagesLeft = settings.clockPages();
        if (!reading) {
            readPage();
        }
        return this;
    }

    private Behavior<Message> onPage(Page page) {
        reading = false;
        failures = 0;
        for (Row row : page.rows) {
            if (!held.contains(row) && !wake(row)) {
                return this;
            }
            position = row.position();
        }
        if (page.rows.size() < settings.clockPageSize()) {
            position = Position.START;
        } else if (pagesLeft > 0) {
            readPage();
        }
        return this;
    }

    private Behavior<Message> onPageFailed(PageFailed failed) {
        reading = false;
        failures++;
        stats.countClockFailure();
        if (Integer.bitCount(failures) == 1) {
            LOG.warn(
                    "due reminders cannot be read ({} times): {}",
                    failures,
                    String.valueOf(failed.reason.getMessage()));
        }
        return this;
    }

    /** False if no more can be remembered: the scan goes on from here when old ones are forgotten. */
    private boolean wake(Row row) {
        ReminderTarget target = targets.get(row.kind());
        if (target == null) {
            LOG.error("nobody to wake for a reminder of kind {}", row.kind());
            return true;
        }
        if (!held.add(row)) {
            return false;
        }
        target.wake(row.entity(), row.version());
        stats.countReminderWoken();
        return true;
    }

    private void readPage() {
        if (position.equals(Position.START)) {
            scanUntil = clock.instant();
        }
        reading = true;
        pagesLeft--;
        getContext()
                .pipeToSelf(
                        store.due(scanUntil, position, settings.clockPageSize()),
                        (rows, failure) -> failure == null ? new Page(rows) : new PageFailed(failure));
    }

    /** What the clock tells itself. */
    sealed interface Message {}

    private enum Tick implements Message {
        TICK
    }

    private record Page(List<Row> rows) implements Message {}

    private record PageFailed(Throwable reason) implements Message {}
}
