package io.lanying.persistence.archive;

import static io.lanying.persistence.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.Props;
import io.lanying.persistence.Counter;
import io.lanying.persistence.ForEachStore;
import io.lanying.persistence.StartRefused;
import io.lanying.persistence.Store;
import io.lanying.persistence.archive.SegmentMove.Step;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.journal.JournalEvent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** What is moved, what is not, and that nothing is lost wherever it stops. */
@ForEachStore
class JournalArchiverTest extends ArchiveRig {

    @Test
    void firstEventsAreMovedBehindTheSnapshotAndReadAsBefore() throws IOException {
        count("moved", 35);
        List<JournalEvent> before = read("moved");
        var end = archive();
        assertThat(end.events()).isGreaterThanOrEqualTo(30);
        assertThat(hot("moved")).isEqualTo(5);
        for (int limit : new int[] {1, 7, 29, 30, 31, 35, 1_000}) {
            assertThat(read("moved", limit)).as("pages of %s", limit).isEqualTo(before);
        }
        assertThat(range("moved", 5, 7, 10)).isEqualTo(before.subList(4, 7));
        assertThat(range("moved", 28, 33, 10)).isEqualTo(before.subList(27, 33));
        assertThat(range("moved", 28, 33, 4)).isEqualTo(before.subList(27, 31));
        assertThat(range("moved", 36, 99, 4)).isEmpty();
        assertThat(range("moved", 0, 1, 4)).isEqualTo(before.subList(0, 1));
        assertThat(archive().events()).isZero();
        restart();
        openStore();
        assertThat(count("moved", 1)).isEqualTo(36);
        assertThat(read("moved").subList(0, 35)).isEqualTo(before);
    }

    @Test
    void anObjectIsGzippedLinesThatAnybodyCanRead() throws IOException {
        count("plain", 12);
        String writer = text("SELECT \"writer\" FROM \"event_journal\" WHERE \"persistence_id\" = 'User|t:plain'"
                + " AND \"sequence_number\" = 3");
        archive();
        Path object = objects().stream()
                .filter(file -> lines(file).stream().anyMatch(line -> line.contains("User|t:plain")))
                .findFirst()
                .orElseThrow();
        List<String> lines = lines(object);
        String segment = object.getFileName().toString().replace(".ndjson.gz", "");
        assertThat(lines.get(0))
                .isEqualTo("{\"format\":\"lanying-journal\",\"version\":1,\"segment\":\"" + segment + "\"}");
        assertThat(lines.stream().filter(line -> line.contains("\"User|t:plain\"")))
                .hasSize(10)
                .element(2)
                .asString()
                .startsWith("{\"persistenceId\":\"User|t:plain\",\"eventSeq\":3,\"ordering\":")
                .contains("\"writer\":\"" + writer + "\"")
                .contains("\"manifest\":\"io.lanying.protocol.tenant.TenantEvent$ApiKeyRevoked\",\"payload\":\"");
        assertThat(text("SELECT sha256 FROM journal_segment WHERE segment_id = '" + segment + "'"))
                .isEqualTo(Segment.sha256(Files.readAllBytes(object)));
    }

    @Test
    void theLastEventAndYoungOnesStayAndSoDoOtherKinds() {
        count("full", 30);
        count("young", 35);
        node.execute("UPDATE \"event_journal\" SET \"write_timestamp\" = \"write_timestamp\" + 3456000000"
                + " WHERE \"persistence_id\" = 'User|t:young' AND \"sequence_number\" >= 13");
        count("short", 9);
        TestProbe<Long> probe = TestProbe.create(node.system);
        for (EntityKind kind : List.of(EntityKind.TENANT, EntityKind.CONVERSATION)) {
            var other = node.system.systemActorOf(Counter.create(kind, id("other")), kind + "-" + store, Props.empty());
            for (int i = 0; i < 25; i++) {
                other.tell(new Counter.Increment(probe.ref()));
            }
        }
        probe.receiveSeveralMessages(50, Duration.ofSeconds(15));

        var foreseen = archiver().run(true, progress -> {});
        assertThat(hot("full")).isEqualTo(30);
        var end = archive();
        assertThat(end.events()).isEqualTo(foreseen.events());
        assertThat(end.entities()).isEqualTo(foreseen.entities());
        assertThat(end.snapshots()).isEqualTo(end.allSnapshots());
        assertThat(hot("full")).isEqualTo(1);
        assertThat(hot("young")).isEqualTo(23);
        assertThat(hot("short")).isEqualTo(9);
        assertThat(node.number("SELECT COUNT(*) FROM \"event_journal\" WHERE \"persistence_id\" LIKE '%|t:other'"))
                .isEqualTo(50);
        assertThat(count("full", 1)).isEqualTo(31);
    }

    @Test
    void whereverItStopsNothingIsLostAndTheNextOneGoesOn() {
        for (Step step : Step.values()) {
            String id = "stopped-" + step;
            count(id, 25);
            List<JournalEvent> before = read(id);
            int objectsBefore = objects().size();
            assertThatThrownBy(() -> archiver(10_000, at -> {
                                if (at == step) {
                                    throw new IllegalStateException("stopped at " + at);
                                }
                            })
                            .run(false, progress -> {}))
                    .hasMessageContaining("stopped at");
            assertThat(read(id)).as("after %s", step).isEqualTo(before);
            assertThat(hot(id)).isEqualTo(step == Step.MOVED ? 5 : 25);
            archive();
            assertThat(read(id)).as("after %s", step).isEqualTo(before);
            assertThat(hot(id)).isEqualTo(5);
            assertThat(objects()).as("left after %s", step).hasSize(objectsBefore + 1);
            assertThat(segments("complete")).isEqualTo(objects().size());
            assertThat(node.number("SELECT COUNT(*) FROM journal_segment"))
                    .isEqualTo(objects().size());
        }
    }

    @Test
    void aStoreThatFailsOrKeepsSomethingElseLeavesTheJournalAlone() {
        count("store", 25);
        List<JournalEvent> before = read("store");
        faults.putsFail = true;
        assertThatThrownBy(this::archive).hasStackTraceContaining("puts fail");
        faults.putsFail = false;
        faults.spoils = true;
        assertThatThrownBy(this::archive).hasStackTraceContaining("was not kept as it was put");
        faults.spoils = false;
        assertThatThrownBy(() -> archiver(10_000, step -> faults.readsFail = step == Step.PUT)
                        .run(false, progress -> {}))
                .hasStackTraceContaining("reads fail");
        faults.readsFail = false;
        assertThat(hot("store")).isEqualTo(25);
        archive();
        assertThat(hot("store")).isEqualTo(5);
        assertThat(read("store")).isEqualTo(before);
        assertThat(segments("complete")).isEqualTo(objects().size());
    }

    @Test
    void rowsThatAreNotAsTheyWereArchivedAreNotDeleted() {
        count("changed", 25);
        assertThatThrownBy(() -> archiver(10_000, step -> {
                            if (step == Step.PUT) {
                                node.execute("UPDATE \"event_journal\" SET \"writer\" = 'other'"
                                        + " WHERE \"persistence_id\" = 'User|t:changed' AND \"sequence_number\" = 7");
                            }
                        })
                        .run(false, progress -> {}))
                .hasMessageContaining("are not in the journal as they were archived");
        assertThat(hot("changed")).isEqualTo(25);
        assertThatThrownBy(() -> archiver(10_000, step -> {
                            if (step == Step.VERIFIED) {
                                node.execute("DELETE FROM \"event_journal\" WHERE \"persistence_id\" ="
                                        + " 'User|t:changed' AND \"sequence_number\" = 7");
                            }
                        })
                        .run(false, progress -> {}))
                .hasMessageContaining("events 1 to 20 of User|t:changed the journal had 19");
        assertThat(hot("changed")).isEqualTo(24);
        assertThat(node.number("SELECT COUNT(*) FROM journal_archive WHERE persistence_id = 'User|t:changed'"))
                .isZero();
        var end = archive();
        assertThat(end.unreadable()).isEqualTo(1);
        assertThat(end.told()).singleElement().asString().contains("event 7 of User|t:changed is not in the journal");
        node.execute("DELETE FROM \"snapshot\" WHERE \"persistence_id\" = 'User|t:changed'");
    }

    @Test
    void readersSeeEveryEventWhileItIsMoved() throws Exception {
        count("read", 405);
        List<JournalEvent> before = read("read");
        var stop = new AtomicBoolean();
        var read = new ArrayList<CompletableFuture<Integer>>();
        for (int limit : new int[] {1_000, 50}) {
            read.add(CompletableFuture.supplyAsync(() -> {
                int times = 0;
                while (!stop.get()) {
                    assertThat(read("read", limit)).isEqualTo(before);
                    times++;
                }
                return times;
            }));
        }
        try {
            archiver(3, step -> {}).run(false, progress -> {});
        } finally {
            stop.set(true);
        }
        assertThat(read.get(0).get()).isPositive();
        assertThat(read.get(1).get()).isPositive();
        assertThat(hot("read")).isEqualTo(5);
        assertThat(read("read")).isEqualTo(before);
    }

    @Test
    void writersGoOnMeanwhile() throws Exception {
        count("written", 100);
        TestProbe<Long> probe = TestProbe.create(node.system);
        var counter = counter("written");
        var sent = new AtomicInteger();
        archiver(5, step -> {
                    sent.incrementAndGet();
                    counter.tell(new Counter.Increment(probe.ref()));
                })
                .run(false, progress -> {});
        List<Long> answers = probe.receiveSeveralMessages(sent.get(), Duration.ofSeconds(15));
        assertThat(answers)
                .hasSizeGreaterThan(50)
                .isEqualTo(
                        LongStream.rangeClosed(101, 100L + sent.get()).boxed().toList());
        assertThat(hot("written")).isEqualTo(1 + sent.get());
        assertThat(read("written"))
                .extracting(JournalEvent::eventSeq)
                .isEqualTo(LongStream.rangeClosed(1, 100L + sent.get()).boxed().toList());
    }

    @Test
    void twoArchiversMoveEachEventOnce() {
        count("twice", 25);
        List<JournalEvent> before = read("twice");
        // On PostgreSQL the second is refused at once; on H2, where there is none, it takes over and the first is
        // refused.
        var first = archiver(10_000, step -> {
            if (step == Step.VERIFIED) {
                if (store == Store.POSTGRESQL) {
                    assertThatThrownBy(this::archive)
                            .isInstanceOf(StartRefused.class)
                            .hasMessageContaining("being archived by another command");
                } else {
                    archive();
                }
            }
        });
        if (store == Store.POSTGRESQL) {
            first.run(false, progress -> {});
        } else {
            assertThatThrownBy(() -> first.run(false, progress -> {})).hasMessageContaining("another archiver");
        }
        assertThat(hot("twice")).isEqualTo(5);
        assertThat(read("twice")).isEqualTo(before);
        archive();
        assertThat(read("twice")).isEqualTo(before);
    }

    @Test
    void whoWasTakenForDeadCannotCompleteWhatWasRemoved() {
        count("late", 25);
        List<JournalEvent> before = read("late");
        assertThatThrownBy(() -> archiver(10_000, step -> {
                            if (step == Step.VERIFIED) {
                                new SegmentMove(node.database(), shared, done -> {}).removeUnfinished();
                            }
                        })
                        .run(false, progress -> {}))
                .hasMessageContaining("another archiver has taken");
        assertThat(hot("late")).isEqualTo(25);
        archive();
        assertThat(hot("late")).isEqualTo(5);
        assertThat(read("late")).isEqualTo(before);
    }

    private List<JournalEvent> range(String id, long from, long to, int limit) {
        return await(node.persistence.journal().events(EntityKind.USER, id(id), from, to, limit));
    }

    private String text(String sql) {
        return node.database()
                .blocking(handle -> handle.createQuery(sql).mapTo(String.class).one());
    }

    private static List<String> lines(Path object) {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(object))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
