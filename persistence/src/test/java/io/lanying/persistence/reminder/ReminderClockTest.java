package io.lanying.persistence.reminder;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import io.lanying.persistence.ForEachStore;
import io.lanying.persistence.StoreTest;
import io.lanying.persistence.TestNode;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.reminder.Reminder;
import io.lanying.protocol.reminder.ReminderCommand.Done;
import io.lanying.protocol.reminder.ReminderCommand.Remind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@ForEachStore
class ReminderClockTest extends StoreTest {

    private final List<Wake> woken = new CopyOnWriteArrayList<>();
    private TestNode startedOn;

    @Override
    protected String settings() {
        return """
                akka.actor.provider = cluster
                akka.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                akka.cluster.jmx.enabled = off
                akka.cluster.jmx.multi-mbeans-in-same-jvm = on
                push.persistence.reminders {
                  clock-interval = 100 ms, clock-page-size = 7, clock-pages = 100, clock-hold = 2 s
                }
                """;
    }

    @BeforeEach
    void startClock() {
        if (startedOn != node) {
            startClockOnNode();
        }
    }

    @Test
    void whatIsDueIsWokenWithItsVersionAndNothingElse() {
        Reminder due = remind(EntityKind.DEVICE, "due", Instant.now().plusMillis(300));
        remind(EntityKind.DEVICE, "later", Instant.now().plusSeconds(3600));
        Reminder tenant = remind(EntityKind.TENANT, "due", Instant.now());
        await(() -> wakes("due")
                .containsAll(List.of(
                        new Wake(EntityKind.DEVICE, "due", due.version()),
                        new Wake(EntityKind.TENANT, "due", tenant.version()))));
        assertThat(wakes("later")).isEmpty();
    }

    @Test
    void manyPagesAreWokenOnceEach() {
        Instant due = Instant.now().minusSeconds(5);
        List<Long> versions = IntStream.range(0, 100)
                .mapToObj(i -> remind(EntityKind.DEVICE, "page" + i, due).version())
                .toList();
        await(() -> woken.stream().map(Wake::version).toList().containsAll(versions));
        IntStream.range(0, 100).forEach(i -> done("page" + i, versions.get(i)));
        assertThat(woken.stream().map(Wake::version).filter(versions::contains).distinct())
                .hasSize(100);
    }

    @Test
    void anUnansweredWakeIsRepeatedAfterTheHoldAndAnAnsweredOneNever() {
        Instant due = Instant.now().minusSeconds(1);
        Reminder silent = remind(EntityKind.DEVICE, "silent", due);
        Reminder answered = remind(EntityKind.DEVICE, "answered", due);
        await(() -> !wakes("silent").isEmpty() && !wakes("answered").isEmpty());
        long firstSeen = System.nanoTime();
        done("answered", answered.version());
        await(() -> wakes("silent").size() >= 2);
        // The hold is 2 s; the first wake may have come a little before we saw it.
        assertThat(Duration.ofNanos(System.nanoTime() - firstSeen)).isGreaterThan(Duration.ofMillis(1_500));
        assertThat(wakes("silent")).allMatch(wake -> wake.version == silent.version());
        assertThat(wakes("answered")).hasSize(1);
        done("silent", silent.version());
    }

    @Test
    void aRewrittenRowIsWokenAgainAtOnce() {
        Instant due = Instant.now().minusSeconds(1);
        Reminder first = remind(EntityKind.DEVICE, "rewritten", due);
        await(() -> !wakes("rewritten").isEmpty());
        Reminder second = remind(EntityKind.DEVICE, "rewritten", due);
        Awaitility.await().atMost(Duration.ofMillis(1_500)).until(() -> wakes("rewritten")
                .contains(new Wake(EntityKind.DEVICE, "rewritten", second.version())));
        assertThat(first.version()).isNotEqualTo(second.version());
        done("rewritten", second.version());
    }

    @Test
    void theClockGoesOnAfterTheTableWasAway() {
        node.execute("ALTER TABLE reminder RENAME TO reminder_away");
        await(() -> node.persistence.stats().clockFailures() > 0);
        node.execute("ALTER TABLE reminder_away RENAME TO reminder");
        remind(EntityKind.DEVICE, "back", Instant.now());
        await(() -> !wakes("back").isEmpty());
    }

    @Test
    void aNewNodeWakesWhatTheOldOneLeft() {
        remind(EntityKind.DEVICE, "left", Instant.now().plusMillis(500));
        woken.clear();
        restart();
        startClockOnNode();
        await(() -> !wakes("left").isEmpty());
    }

    private void startClockOnNode() {
        startedOn = node;
        Cluster cluster = Cluster.get(node.system);
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        node.persistence.startReminderClock(Map.of(
                EntityKind.DEVICE, (id, version) -> woken.add(new Wake(EntityKind.DEVICE, id.id(), version)),
                EntityKind.TENANT, (id, version) -> woken.add(new Wake(EntityKind.TENANT, id.id(), version))));
    }

    private Reminder remind(EntityKind kind, String id, Instant due) {
        TestProbe<Reminder> probe = TestProbe.create(node.system);
        node.persistence.reminders().tell(new Remind(kind, new EntityId("t", id), due, probe.ref()));
        return probe.receiveMessage(Duration.ofSeconds(10));
    }

    private void done(String id, long version) {
        node.persistence.reminders().tell(new Done(EntityKind.DEVICE, new EntityId("t", id), version));
    }

    private List<Wake> wakes(String id) {
        return woken.stream().filter(wake -> wake.id.equals(id)).toList();
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(20))
                .until(condition);
    }

    private record Wake(EntityKind kind, String id, long version) {}
}
