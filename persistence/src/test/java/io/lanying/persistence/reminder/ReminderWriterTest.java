package io.lanying.persistence.reminder;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import io.lanying.persistence.ForEachStore;
import io.lanying.persistence.StoreTest;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.reminder.Reminder;
import io.lanying.protocol.reminder.ReminderCommand;
import io.lanying.protocol.reminder.ReminderCommand.Done;
import io.lanying.protocol.reminder.ReminderCommand.Rearm;
import io.lanying.protocol.reminder.ReminderCommand.Remind;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

@ForEachStore
class ReminderWriterTest extends StoreTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00.000Z");

    @Test
    void anAnswerMeansTheRowIsThere() {
        Reminder reminder = remind("there", NOON);
        assertThat(reminder.due()).isEqualTo(NOON);
        assertThat(row("there")).isEqualTo(reminder);
    }

    @Test
    void theEarliestTimeStaysAndEveryRemindGetsANewVersion() {
        Reminder first = remind("least", NOON);
        Reminder later = remind("least", NOON.plusSeconds(60));
        assertThat(later.due()).isEqualTo(NOON);
        assertThat(later.version()).isNotEqualTo(first.version());
        Reminder earlier = remind("least", NOON.minusSeconds(60));
        assertThat(earlier.due()).isEqualTo(NOON.minusSeconds(60));
        assertThat(row("least")).isEqualTo(earlier);
    }

    @Test
    void whatIsOpenAndWhatIsDueIsCounted() {
        OpenWork before = node.persistence.openWork().toCompletableFuture().join();
        Instant now = Instant.now();
        remind("open1", now.minus(Duration.ofDays(900)));
        remind("open2", now.minusMillis(1));
        remind("open3", now.plus(Duration.ofDays(1)));
        OpenWork after = node.persistence.openWork().toCompletableFuture().join();
        assertThat(after.entities() - before.entities()).isEqualTo(3);
        assertThat(after.due() - before.due()).isEqualTo(2);
        assertThat(after.late())
                .isBetween(Duration.ofDays(900), Duration.ofDays(900).plusMinutes(10));
    }

    @Test
    void doneRemovesOnlyTheVersionThatWasHandled() {
        Reminder old = remind("done", NOON);
        Reminder present = remind("done", NOON);
        tell(new Done(EntityKind.DEVICE, id("done"), old.version()));
        flush();
        assertThat(row("done")).isEqualTo(present);
        tell(new Done(EntityKind.DEVICE, id("done"), present.version()));
        flush();
        assertThat(count("done")).isZero();
    }

    @Test
    void aRemovedRowsVersionNeverComesBack() {
        Reminder removed = remind("again", NOON);
        tell(new Done(EntityKind.DEVICE, id("again"), removed.version()));
        Reminder again = remind("again", NOON);
        tell(new Done(EntityKind.DEVICE, id("again"), removed.version()));
        flush();
        assertThat(row("again")).isEqualTo(again);
    }

    @Test
    void rearmMovesTheTimeAlsoLaterUnlessTheRowMovedOn() {
        Reminder first = remind("rearm", NOON);
        tell(new Rearm(EntityKind.DEVICE, id("rearm"), first.version(), NOON.plusSeconds(600)));
        flush();
        Reminder rearmed = row("rearm");
        assertThat(rearmed.due()).isEqualTo(NOON.plusSeconds(600));
        assertThat(rearmed.version()).isNotEqualTo(first.version());
        tell(new Rearm(EntityKind.DEVICE, id("rearm"), first.version(), NOON.plusSeconds(1)));
        flush();
        assertThat(row("rearm")).isEqualTo(rearmed);
    }

    @Test
    void kindsAndTenantsDoNotMix() {
        remind("mix", NOON);
        TestProbe<Reminder> probe = TestProbe.create(node.system);
        tell(new Remind(EntityKind.TENANT, id("mix"), NOON.plusSeconds(5), probe.ref()));
        assertThat(probe.receiveMessage(Duration.ofSeconds(5)).due()).isEqualTo(NOON.plusSeconds(5));
        assertThat(count("mix")).isEqualTo(2);
    }

    @Test
    void thousandsAtOnceAreAllAnsweredInFewTransactions() {
        TestProbe<Reminder> probe = TestProbe.create(node.system);
        for (int i = 0; i < 2_000; i++) {
            tell(new Remind(EntityKind.DEVICE, id("many" + i), NOON, probe.ref()));
        }
        List<Reminder> answers = probe.receiveSeveralMessages(2_000, Duration.ofSeconds(10));
        Set<Long> versions = new HashSet<>();
        answers.forEach(answer -> versions.add(answer.version()));
        assertThat(versions).hasSize(2_000);
        assertThat(node.number("SELECT COUNT(*) FROM reminder WHERE persistence_id LIKE 'Device|t:many%'"))
                .isEqualTo(2_000);
    }

    @Test
    void rowsSurviveARestart() {
        Reminder reminder = remind("restart", NOON);
        restart();
        assertThat(row("restart")).isEqualTo(reminder);
        assertThat(remind("restart", NOON.plusSeconds(1)).due()).isEqualTo(NOON);
    }

    private Reminder remind(String id, Instant due) {
        TestProbe<Reminder> probe = TestProbe.create(node.system);
        tell(new Remind(EntityKind.DEVICE, id(id), due, probe.ref()));
        return probe.receiveMessage(Duration.ofSeconds(10));
    }

    /** Everything sent before is carried out when this returns. */
    private void flush() {
        remind("flush", NOON);
    }

    private void tell(ReminderCommand command) {
        node.persistence.reminders().tell(command);
    }

    private Reminder row(String id) {
        return new Reminder(
                Instant.ofEpochMilli(
                        node.number("SELECT due_ms FROM reminder WHERE persistence_id = 'Device|t:" + id + "'")),
                node.number("SELECT version FROM reminder WHERE persistence_id = 'Device|t:" + id + "'"));
    }

    private long count(String id) {
        return node.number("SELECT COUNT(*) FROM reminder WHERE persistence_id LIKE '%|t:" + id + "'");
    }

    private static EntityId id(String id) {
        return new EntityId("t", id);
    }
}
