package io.lanying.persistence.journal;

import static io.lanying.persistence.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Props;
import io.lanying.persistence.Counter;
import io.lanying.persistence.ForEachStore;
import io.lanying.persistence.Store;
import io.lanying.persistence.StoreTest;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.journal.Journal;
import io.lanying.protocol.journal.JournalEvent;
import io.lanying.protocol.tenant.TenantEvent.ApiKeyRevoked;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

@ForEachStore
class JournalTest extends StoreTest {

    @Test
    void eventsComeByNumberWithinRangeAndLimit() {
        count("c", 25);
        count("other", 1);
        assertThat(numbers(journal().events(EntityKind.TENANT, id("c"), 1, Long.MAX_VALUE, 1_000)))
                .isEqualTo(LongStream.rangeClosed(1, 25).boxed().toList());
        assertThat(numbers(journal().events(EntityKind.TENANT, id("c"), 5, 7, 1_000)))
                .containsExactly(5L, 6L, 7L);
        assertThat(numbers(journal().events(EntityKind.TENANT, id("c"), 20, 99, 3)))
                .containsExactly(20L, 21L, 22L);
        assertThat(numbers(journal().events(EntityKind.DEVICE, id("c"), 1, 99, 3)))
                .isEmpty();
        JournalEvent third =
                await(journal().events(EntityKind.TENANT, id("c"), 3, 3, 1)).get(0);
        assertThat(third.event()).isInstanceOfSatisfying(ApiKeyRevoked.class, event -> assertThat(event.keyId())
                .isEqualTo("k3"));
        assertThatThrownBy(() -> journal().events(EntityKind.TENANT, id("c"), 1, 2, 1_001))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void stateComesBackFromEventsAndSnapshotsAfterARestart() {
        count("recovered", 25);
        assertThat(node.number("SELECT COUNT(*) FROM \"snapshot\" WHERE \"persistence_id\" = 'Tenant|t:recovered'"))
                .isPositive();
        restart();
        assertThat(count("recovered", 1)).isEqualTo(26);
    }

    @Test
    void anEventThatCannotBeDecodedIsNotLeftOut() {
        count("broken", 3);
        node.execute("UPDATE \"event_journal\" SET \"event_ser_manifest\" = 'io.lanying.protocol.tenant.NoSuchEvent'"
                + " WHERE \"persistence_id\" = 'Tenant|t:broken' AND \"sequence_number\" = 2");
        assertThatThrownBy(() -> await(journal().events(EntityKind.TENANT, id("broken"), 1, 3, 10)))
                .hasStackTraceContaining("event 2 of Tenant|t:broken cannot be decoded");
    }

    @Test
    void journalAndOurOwnStatementsShareOnePoolOfTenConnections() {
        TestProbe<Long> probe = TestProbe.create(node.system);
        for (int i = 0; i < 60; i++) {
            ActorRef<Counter.Increment> counter =
                    node.system.systemActorOf(Counter.create(id("pool" + i)), "pool" + i, Props.empty());
            counter.tell(new Counter.Increment(probe.ref()));
            node.persistence.sealing().sealer("t", "user:pool" + i);
            node.persistence.secrets().get("none");
        }
        probe.receiveSeveralMessages(60, Duration.ofSeconds(15));
        String sessions = store == Store.H2
                ? "SELECT COUNT(*) FROM INFORMATION_SCHEMA.SESSIONS"
                : "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()";
        assertThat(node.number(sessions)).isBetween(1L, 10L);
        assertThat(node.persistence.pool().getMaximumPoolSize()).isEqualTo(10);
    }

    /** Counts on, and returns where the counter is then. */
    private long count(String id, int times) {
        TestProbe<Long> probe = TestProbe.create(node.system);
        ActorRef<Counter.Increment> counter =
                node.system.systemActorOf(Counter.create(id(id)), id + System.nanoTime(), Props.empty());
        for (int i = 0; i < times; i++) {
            counter.tell(new Counter.Increment(probe.ref()));
        }
        return probe.receiveSeveralMessages(times, Duration.ofSeconds(15)).get(times - 1);
    }

    private Journal journal() {
        return node.persistence.journal();
    }

    private static List<Long> numbers(CompletionStage<List<JournalEvent>> events) {
        return await(events).stream().map(JournalEvent::eventSeq).toList();
    }

    private static EntityId id(String id) {
        return new EntityId("t", id);
    }
}
