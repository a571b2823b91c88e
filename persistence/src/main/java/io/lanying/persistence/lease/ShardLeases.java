package io.lanying.persistence.lease;

import akka.actor.Address;
import akka.actor.ExtendedActorSystem;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.Extension;
import akka.actor.typed.ExtensionId;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Adapter;
import akka.coordination.lease.LeaseException;
import io.lanying.persistence.JournalMark;
import io.lanying.persistence.PersistenceStats;
import io.lanying.persistence.database.Database;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leases of one node, which Akka's sharding asks for one shard at a time ({@link ShardLease}). Thread-safe. An extension because
 * Akka makes its leases from the actor system alone.
 */
public final class ShardLeases implements Extension {

    private static final Logger LOG = LoggerFactory.getLogger(ShardLeases.class);

    /** Extensions are found again by the identity of this. */
    private static final Id ID = new Id();

    private volatile Optional<Started> started = Optional.empty();

    private ShardLeases() {}

    /** @param shardPrefix what the names of shards' leases begin with */
    private record Started(
            ActorRef<LeaseKeeper.Message> keeper, LeaseRows rows, HeldLeases held, String shardPrefix, int shards) {}

    /** Those of this actor system. */
    public static ShardLeases of(ActorSystem<?> system) {
        return system.registerExtension(ID);
    }

    /**
     * Begins to keep leases in this database; until then none is given. Once.
     *
     * @throws io.lanying.persistence.StartRefused if the configured times contradict each other
     */
    public void start(ActorSystem<?> system, Database database, PersistenceStats stats) {
        start(system, database, stats, System::nanoTime);
    }

    /** As {@link #start}, by another clock. */
    void start(ActorSystem<?> system, Database database, PersistenceStats stats, LongSupplier nanos) {
        LeaseTimes times = LeaseTimes.from(system.settings().config());
        HeldLeases held = new HeldLeases(nanos);
        LeaseRows rows = new LeaseRows(
                database,
                system.dispatchers().lookup(DispatcherSelector.fromConfig(LeaseTimes.PATH + ".dispatcher")),
                times,
                JournalMark.of(system.settings().config()));
        started = Optional.of(new Started(
                system.systemActorOf(
                        LeaseKeeper.create(node(system), rows, held, times, stats), "lanying-leases", Props.empty()),
                rows,
                held,
                system.name() + "-shard-",
                system.settings().config().getInt("akka.cluster.sharding.number-of-shards")));
    }

    /** Whether this node holds the lease for certain, at this moment: it does not if it could not have renewed it in time. */
    public boolean holds(String name) {
        return started.map(leases -> leases.held.holds(name)).orElse(false);
    }

    /** As {@link #holds}, for the shard that sharding has put an entity into; no for what is none of our persistence ids. */
    public boolean holdsShardOf(String persistenceId) {
        int bar = persistenceId.indexOf('|');
        return bar > 0
                && started.map(leases -> leases.held.holds(leases.shardPrefix
                                + persistenceId.substring(0, bar)
                                + "-"
                                + Math.abs(persistenceId.substring(bar + 1).hashCode() % leases.shards)))
                        .orElse(false);
    }

    /** As Akka's {@code Lease.acquire}; {@code lost} is called once at most, after the stage has completed. */
    CompletionStage<Boolean> acquire(String name, Consumer<Optional<Throwable>> lost) {
        return tell(answer -> new LeaseKeeper.Acquire(name, lost, answer));
    }

    /** As Akka's {@code Lease.release}; also where the lease is not held, in case the answer to its acquisition never came. */
    CompletionStage<Boolean> release(String name) {
        return tell(answer -> new LeaseKeeper.Release(name, answer));
    }

    private CompletionStage<Boolean> tell(Function<CompletableFuture<Boolean>, LeaseKeeper.Message> message) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        started.ifPresentOrElse(
                leases -> leases.keeper.tell(message.apply(answer)),
                () -> answer.completeExceptionally(
                        new LeaseException("no leases are kept here: LANYING_SHARD_LEASE is off")));
        return answer;
    }

    /**
     * This incarnation of a node has ended for certain, not only fallen silent: what it held is free after the margin, instead of when
     * it was last heard of long enough ago. Nothing where no leases are kept. May be repeated; if the database does not answer, its
     * leases end by themselves.
     */
    public void hasEnded(Address address, long incarnation) {
        String node = node(address, incarnation);
        started.ifPresent(leases -> leases.rows.endSoon(node).whenComplete((ended, failure) -> {
            if (failure != null) {
                LOG.warn("the leases of {}, which has ended, are left to expire: {}", node, failure.getMessage());
            }
        }));
    }

    private static String node(ActorSystem<?> system) {
        var classic = (ExtendedActorSystem) Adapter.toClassic(system);
        return node(classic.provider().getDefaultAddress(), classic.uid());
    }

    /** Where it is, and which of its incarnations, as the cluster tells them apart. */
    private static String node(Address address, long incarnation) {
        String at = address.hostPort();
        return at.substring(at.indexOf('@') + 1) + "#" + Long.toUnsignedString(incarnation);
    }

    private static final class Id extends ExtensionId<ShardLeases> {
        @Override
        public ShardLeases createExtension(ActorSystem<?> system) {
            return new ShardLeases();
        }
    }
}
