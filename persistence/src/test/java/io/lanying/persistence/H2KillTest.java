package io.lanying.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Props;
import io.lanying.persistence.testing.StoreConfigs;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.reminder.Reminder;
import io.lanying.protocol.reminder.ReminderCommand.Remind;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of a node on H2 while it writes: whatever it acknowledged is there afterwards. */
class H2KillTest {

    private static final EntityId ID = new EntityId("t", "killed");
    private static final int ROUNDS = 2;

    @TempDir
    Path dir;

    @Test
    void acknowledgedWritesSurviveKillNine() throws Exception {
        long acknowledged = 0;
        for (int round = 1; round <= ROUNDS; round++) {
            acknowledged = writeUntilKilled(acknowledged + 150L * round);
            try (TestNode node = TestNode.start(StoreConfigs.h2(dir))) {
                long count = countOne(node);
                assertThat(count)
                        .as("events after %d were acknowledged", acknowledged)
                        .isGreaterThan(acknowledged);
                assertThat(node.number("SELECT COUNT(*) FROM reminder")).isGreaterThanOrEqualTo(acknowledged / 10);
                acknowledged = count;
            }
        }
    }

    @Test
    void aSecondNodeOnTheSameFilesIsRefused() throws Exception {
        Process writer = startWriter();
        try (BufferedReader lines = writer.inputReader(StandardCharsets.US_ASCII)) {
            assertThat(lines.readLine()).startsWith("acknowledged");
            assertThatThrownBy(() -> TestNode.start(StoreConfigs.h2(dir), TestNode.GIVE_UP_SOON)
                            .close())
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("cannot be opened")
                    .hasMessageContaining("locked");
        } finally {
            writer.destroyForcibly();
            assertThat(writer.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Starts a writer and kills it once it has acknowledged this many; returns the last it acknowledged. */
    private long writeUntilKilled(long enough) throws IOException, InterruptedException {
        Process writer = startWriter();
        long last = 0;
        try (BufferedReader lines = writer.inputReader(StandardCharsets.US_ASCII)) {
            String line = lines.readLine();
            while (line != null) {
                // What it printed before it died counts, also what we read only afterwards.
                if (line.startsWith("acknowledged ")) {
                    last = Long.parseLong(line.substring("acknowledged ".length()));
                }
                if (last >= enough && writer.isAlive()) {
                    // Not by the Process itself, which would also close the stream we read.
                    writer.toHandle().destroyForcibly();
                }
                line = lines.readLine();
            }
        } finally {
            writer.destroyForcibly();
            assertThat(writer.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(writer.exitValue()).as("ended by SIGKILL").isEqualTo(128 + 9);
        assertThat(last).isGreaterThanOrEqualTo(enough);
        return last;
    }

    private Process startWriter() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.util.concurrent.ForkJoinPool.common.parallelism=4",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        dir.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static long countOne(TestNode node) {
        TestProbe<Long> probe = TestProbe.create(node.system);
        node.system
                .systemActorOf(Counter.create(ID), "counter", Props.empty())
                .tell(new Counter.Increment(probe.ref()));
        return probe.receiveMessage(Duration.ofSeconds(10));
    }

    /** The process that is killed: a counter that prints each acknowledged number, and a reminder for each tenth before it. */
    static final class Writer {

        private Writer() {}

        public static void main(String[] args) {
            TestNode node = TestNode.start(StoreConfigs.h2(Path.of(args[0])));
            TestProbe<Long> counts = TestProbe.create(node.system);
            TestProbe<Reminder> reminders = TestProbe.create(node.system);
            ActorRef<Counter.Increment> counter =
                    node.system.systemActorOf(Counter.create(ID), "counter", Props.empty());
            while (true) {
                counter.tell(new Counter.Increment(counts.ref()));
                long count = counts.receiveMessage(Duration.ofSeconds(10));
                if (count % 10 == 0) {
                    EntityId id = new EntityId("t", "r" + count);
                    node.persistence
                            .reminders()
                            .tell(new Remind(EntityKind.DEVICE, id, Instant.EPOCH, reminders.ref()));
                    reminders.receiveMessage(Duration.ofSeconds(10));
                }
                System.out.println("acknowledged " + count);
                System.out.flush();
            }
        }
    }
}
