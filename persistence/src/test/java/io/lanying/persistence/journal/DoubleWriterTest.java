package io.lanying.persistence.journal;

import static io.lanying.persistence.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Props;
import akka.japi.Util;
import akka.persistence.AtomicWrite;
import akka.persistence.PersistentRepr;
import akka.persistence.PersistentRepr$;
import akka.persistence.jdbc.journal.dao.JournalDao;
import io.lanying.persistence.Counter;
import io.lanying.persistence.ForEachStore;
import io.lanying.persistence.StoreTest;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.journal.JournalEvent;
import io.lanying.protocol.tenant.TenantEvent.ApiKeyRevoked;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.FutureConverters;

/** The journal's primary key against two writers of one entity: refused, counted, told, and nothing is lost. */
@ForEachStore
class DoubleWriterTest extends StoreTest {

    private long before;

    @BeforeEach
    void noteTheCount() {
        before = node.persistence.stats().doubleWrites();
    }

    @Test
    void theLateWriterIsRefusedCountedAndGoesOnBehindTheOther() {
        TestProbe<Long> late = TestProbe.create(node.system);
        TestProbe<Long> other = TestProbe.create(node.system);
        ActorRef<Counter.Increment> lateWriter = counter("late");
        lateWriter.tell(new Counter.Increment(late.ref()));
        late.expectMessage(1L);
        ActorRef<Counter.Increment> winner = counter("winner");
        winner.tell(new Counter.Increment(other.ref()));
        other.expectMessage(Duration.ofSeconds(10), 2L);
        assertThat(counted()).isZero();

        told("event 2 of Tenant|t:c was written by another").expect(node.system, () -> {
            lateWriter.tell(new Counter.Increment(late.ref()));
            return null;
        });
        assertThat(counted()).isEqualTo(1);

        // The refused one was not answered; it has read the winner's event when it takes the next.
        lateWriter.tell(new Counter.Increment(late.ref()));
        late.expectMessage(Duration.ofSeconds(10), 3L);
        assertThat(journal("c")).containsExactly("1 k1", "2 k2", "3 k3");
        assertThat(counted()).isEqualTo(1);
    }

    @Test
    void neighboursInTheBatchFailTooButAreNeitherBlamedNorLost() {
        JournalDao dao = Daos.journal(node);
        write(dao, event("taken", 1));
        CompletionStage<?> batch = told("event 1 of Tenant|t:taken was written by another")
                .expect(node.system, () -> {
                    CompletionStage<?> begun =
                            begin(dao, event("left", 1), event("taken", 1), event("taken", 2), event("right", 1));
                    assertThat(begun.toCompletableFuture())
                            .failsWithin(Duration.ofSeconds(10))
                            .withThrowableOfType(ExecutionException.class);
                    return begun;
                });
        assertThat(batch.toCompletableFuture()).isCompletedExceptionally();
        assertThat(counted()).isEqualTo(1);
        assertThat(journal("left")).isEmpty();
        assertThat(journal("right")).isEmpty();

        write(dao, event("left", 1), event("right", 1));
        assertThat(journal("left")).containsExactly("1 k1");
        assertThat(journal("taken")).containsExactly("1 k1");
        assertThat(counted()).isEqualTo(1);
    }

    @Test
    void twoWritersThatMeetInOneBatchAreNoticedToo() {
        JournalDao dao = Daos.journal(node);
        told("event 1 of Tenant|t:met was written by another").expect(node.system, () -> {
            assertThat(begin(dao, event("met", 1), event("apart", 1), event("met", 1))
                            .toCompletableFuture())
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableOfType(ExecutionException.class);
            return null;
        });
        assertThat(counted()).isEqualTo(1);
        assertThat(journal("met")).isEmpty();
    }

    @Test
    void otherFailuresAreNoDoubleWriters() {
        AtomicWrite tooLong = write("x".repeat(300), 1);
        assertThat(begin(Daos.journal(node), tooLong).toCompletableFuture())
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(ExecutionException.class);
        assertThat(counted()).isZero();
    }

    private long counted() {
        return node.persistence.stats().doubleWrites() - before;
    }

    private static LoggingTestKit told(String end) {
        return LoggingTestKit.error("two writers of one entity: " + end)
                .withLoggerName(FencedJournalDao.class.getName())
                .withOccurrences(1);
    }

    private ActorRef<Counter.Increment> counter(String name) {
        return node.system.systemActorOf(Counter.restarting(id("c")), name + System.nanoTime(), Props.empty());
    }

    private static void write(JournalDao dao, AtomicWrite... events) {
        await(begin(dao, events));
    }

    private static CompletionStage<?> begin(JournalDao dao, AtomicWrite... events) {
        return FutureConverters.asJava(dao.asyncWriteMessages(Util.immutableSeq(List.of(events))));
    }

    private static AtomicWrite event(String id, long number) {
        return write(EntityKind.TENANT.persistenceId(id(id)), number);
    }

    private static AtomicWrite write(String persistenceId, long number) {
        PersistentRepr event = PersistentRepr$.MODULE$.apply(
                new ApiKeyRevoked(Instant.EPOCH, "k" + number),
                number,
                persistenceId,
                "",
                false,
                akka.actor.ActorRef.noSender(),
                "writer");
        return new AtomicWrite(Util.immutableSeq(List.of(event)));
    }

    private List<String> journal(String id) {
        Stream<JournalEvent> events =
                await(node.persistence.journal().events(EntityKind.TENANT, id(id), 1, Long.MAX_VALUE, 100)).stream();
        return events.map(event -> event.eventSeq() + " " + ((ApiKeyRevoked) event.event()).keyId())
                .toList();
    }

    private static EntityId id(String id) {
        return new EntityId("t", id);
    }
}
