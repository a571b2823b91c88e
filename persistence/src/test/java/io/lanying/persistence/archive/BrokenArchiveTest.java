package io.lanying.persistence.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import io.lanying.persistence.Counter;
import io.lanying.persistence.ForEachStore;
import io.lanying.protocol.journal.JournalEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is missing or damaged is said, not left out; and no entity starts with a hole. */
@ForEachStore
class BrokenArchiveTest extends ArchiveRig {

    @Test
    void anObjectThatIsDamagedOrMissingFailsTheReadAndNamesItself() throws IOException {
        count("damaged", 35);
        List<JournalEvent> before = read("damaged");
        int already = objects().size();
        archive();
        assertThat(objects()).hasSize(already + 1);
        Path object = object("damaged");
        byte[] content = Files.readAllBytes(object);
        long failures = node.persistence.stats().archiveFailures();

        byte[] flipped = content.clone();
        flipped[flipped.length - 40] ^= 1;
        Files.write(object, flipped);
        LoggingTestKit.error("another hash than was recorded").expect(node.system, () -> {
            assertThatThrownBy(() -> read("damaged"))
                    .hasRootCauseInstanceOf(ArchiveBroken.class)
                    .hasStackTraceContaining("with events 1 to 30 of User|t:damaged");
            return null;
        });
        Files.write(object, java.util.Arrays.copyOf(content, content.length - 10));
        assertThatThrownBy(() -> read("damaged")).hasStackTraceContaining("shorter");
        Files.delete(object);
        assertThatThrownBy(() -> read("damaged")).hasStackTraceContaining("is not in the store");
        assertThat(node.persistence.stats().archiveFailures()).isEqualTo(failures + 3);

        assertThat(count("damaged", 1)).isEqualTo(36); // only audits need it
        Files.write(object, content);
        assertThat(read("damaged").subList(0, 35)).isEqualTo(before);
    }

    @Test
    void eventsThatAreNowhereFailTheRead() {
        count("nowhere", 35);
        archiver(10, step -> {}).run(false, progress -> {});
        node.execute("DELETE FROM journal_archive WHERE persistence_id = 'User|t:nowhere' AND from_seq = 1");
        assertThatThrownBy(() -> read("nowhere")).hasStackTraceContaining("neither in the journal nor in the archive");
        node.execute("DELETE FROM journal_archive WHERE persistence_id = 'User|t:nowhere'");
        assertThatThrownBy(() -> read("nowhere"))
                .hasStackTraceContaining("events 1 to 30 of User|t:nowhere are neither");
    }

    @Test
    void anEntityWhoseSnapshotIsGoneDoesNotStart() {
        count("hole", 35);
        archive();
        node.execute("DELETE FROM \"snapshot\" WHERE \"persistence_id\" = 'User|t:hole'");
        long holes = node.persistence.stats().holes();
        TestProbe<Long> probe = TestProbe.create(node.system);
        LoggingTestKit.error("no snapshot covers them: the entity does not start")
                .expect(node.system, () -> {
                    counter("hole").tell(new Counter.Increment(probe.ref()));
                    return null;
                });
        probe.expectNoMessage(Duration.ofSeconds(1));
        assertThat(node.persistence.stats().holes()).isEqualTo(holes + 1);
        assertThat(hot("hole")).isEqualTo(5);
    }

    @Test
    void anEntityWhoseSnapshotCannotBeDecodedDoesNotStartAndIsNotArchived() {
        count("undecodable", 35);
        archive();
        count("undecodable", 10);
        assertThat(hot("undecodable")).isEqualTo(15);
        node.execute("UPDATE \"snapshot\" SET \"snapshot_ser_manifest\" = 'io.lanying.protocol.tenant.NoSuchSnapshot'"
                + " WHERE \"persistence_id\" = 'User|t:undecodable'");
        TestProbe<Long> probe = TestProbe.create(node.system);
        counter("undecodable").tell(new Counter.Increment(probe.ref()));
        probe.expectNoMessage(Duration.ofSeconds(2));
        assertThat(hot("undecodable")).isEqualTo(15);
        var end = archive();
        assertThat(end.told())
                .singleElement()
                .asString()
                .contains("the newest snapshot of User|t:undecodable cannot be decoded");
        assertThat(hot("undecodable")).isEqualTo(15);
        node.execute("DELETE FROM \"snapshot\" WHERE \"persistence_id\" = 'User|t:undecodable'");
    }

    private Path object(String id) {
        String object = node.database().blocking(handle -> handle.createQuery("SELECT s.object FROM journal_segment s"
                        + " JOIN journal_archive a ON a.segment_id = s.segment_id"
                        + " WHERE a.persistence_id = :id")
                .bind("id", "User|t:" + id)
                .mapTo(String.class)
                .one());
        return directory().resolve(object);
    }
}
