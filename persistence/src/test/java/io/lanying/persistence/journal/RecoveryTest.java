package io.lanying.persistence.journal;

import static io.lanying.persistence.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Adapter;
import akka.persistence.SnapshotMetadata;
import akka.persistence.jdbc.config.SnapshotConfig;
import akka.persistence.jdbc.db.SlickExtension;
import akka.persistence.jdbc.db.SlickExtensionImpl;
import akka.serialization.SerializationExtension;
import akka.stream.Materializer;
import io.lanying.persistence.Counter;
import io.lanying.persistence.ForEachStore;
import io.lanying.persistence.StoreTest;
import io.lanying.protocol.EntityId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import scala.Option;
import scala.Tuple2;
import scala.jdk.javaapi.FutureConverters;

/** Many entities that recover at the same moment, from what is theirs and all of it. */
@ForEachStore
class RecoveryTest extends StoreTest {

    @Test
    void manyAtOnceComeBackFromSnapshotsAndEvents() {
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < 80; i++) {
            counts.put("many" + i, i % 27);
        }
        count(counts);
        restart();
        assertThat(count(again(counts))).isEqualTo(oneMore(counts));
    }

    @Test
    void moreEventsThanAReadGivesAreAllReplayed() {
        Map<String, Integer> counts = new HashMap<>();
        for (int more : new int[] {-1, 0, 1, GatheredEvents.EVENTS, GatheredEvents.EVENTS + 1}) {
            counts.put("long" + more, GatheredEvents.EVENTS + more);
        }
        count(counts);
        restart();
        node.execute("DELETE FROM \"snapshot\" WHERE \"persistence_id\" LIKE 'Tenant|t:long%'");
        assertThat(count(again(counts))).isEqualTo(oneMore(counts));
    }

    @Test
    void aSnapshotWithoutEventsBehindItIsEnough() {
        Map<String, Integer> counts = Map.of("even", 20);
        count(counts);
        restart();
        assertThat(count(again(counts))).isEqualTo(oneMore(counts));
    }

    @Test
    void snapshotsOfAnySizeAreRead() {
        var dao = snapshots();
        for (int size : List.of(10, 32 * 1024, 32 * 1024 + 1, 500_000)) {
            String content = "s".repeat(size);
            await(FutureConverters.asJava(dao.save(SnapshotMetadata.apply("Tenant|t:s" + size, 3, 4), "old")));
            await(FutureConverters.asJava(dao.save(SnapshotMetadata.apply("Tenant|t:s" + size, 5, 6), content)));
            Option<Tuple2<SnapshotMetadata, Object>> found =
                    await(FutureConverters.asJava(dao.latestSnapshot("Tenant|t:s" + size)));
            assertThat(found.get()._1().sequenceNr()).isEqualTo(5);
            assertThat(found.get()._1().timestamp()).isEqualTo(6);
            assertThat(found.get()._2()).isEqualTo(content);
        }
        assertThat(await(FutureConverters.asJava(dao.latestSnapshot("Tenant|t:none")))
                        .isEmpty())
                .isTrue();
    }

    @Test
    void anEntityWithAnEventThatCannotBeReadDoesNotStartAndIsCounted() {
        count(Map.of("spoiled", 3));
        restart();
        node.execute("UPDATE \"event_journal\" SET \"event_ser_manifest\" = 'io.lanying.Nobody'"
                + " WHERE \"persistence_id\" = 'Tenant|t:spoiled' AND \"sequence_number\" = 2");
        TestProbe<Long> probe = TestProbe.create(node.system);
        LoggingTestKit.error("event 2 of Tenant|t:spoiled cannot be read: the entity does not start")
                .expect(node.system, () -> {
                    node.system
                            .systemActorOf(
                                    Counter.create(new EntityId("t", "spoiled")),
                                    "spoiled" + System.nanoTime(),
                                    Props.empty())
                            .tell(new Counter.Increment(probe.ref()));
                    return null;
                });
        probe.expectNoMessage(Duration.ofSeconds(1));
        assertThat(node.persistence.stats().unreadable()).isEqualTo(1);
        assertThat(count(Map.of("neighbour", 1))).isEqualTo(Map.of("neighbour", 1L));
    }

    private static Map<String, Integer> again(Map<String, Integer> counts) {
        Map<String, Integer> once = new HashMap<>(counts);
        once.replaceAll((id, count) -> 1);
        return once;
    }

    private static Map<String, Long> oneMore(Map<String, Integer> counts) {
        Map<String, Long> expected = new HashMap<>();
        counts.forEach((id, count) -> expected.put(id, count + 1L));
        return expected;
    }

    /** Has all count at the same time; where each is then. */
    private Map<String, Long> count(Map<String, Integer> times) {
        Map<String, TestProbe<Long>> probes = new HashMap<>();
        times.forEach((id, count) -> {
            TestProbe<Long> probe = TestProbe.create(node.system);
            probes.put(id, probe);
            var counter = node.system.systemActorOf(
                    Counter.create(new EntityId("t", id)), id + System.nanoTime(), Props.empty());
            IntStream.range(0, count).forEach(each -> counter.tell(new Counter.Increment(probe.ref())));
        });
        Map<String, Long> last = new HashMap<>();
        times.forEach((id, count) -> {
            List<Long> answers = probes.get(id).receiveSeveralMessages(count, Duration.ofSeconds(30));
            last.put(id, count == 0 ? 0L : answers.get(count - 1));
        });
        return last;
    }

    private GatheredSnapshotDao snapshots() {
        var system = Adapter.toClassic(node.system);
        var config = system.settings().config().getConfig("jdbc-snapshot-store");
        var slick = ((SlickExtensionImpl) SlickExtension.get(system)).database(config);
        return new GatheredSnapshotDao(
                slick.database(),
                slick.profile(),
                new SnapshotConfig(config),
                SerializationExtension.get(system),
                system.dispatcher(),
                Materializer.matFromSystem(system));
    }
}
