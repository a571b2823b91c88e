package io.lanying.persistence.lease;

import akka.actor.ExtendedActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.coordination.lease.LeaseSettings;
import akka.coordination.lease.javadsl.Lease;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * One shard's lease as Akka sees it. Akka makes it by name ({@code push.persistence.shard-lease.lease-class}) with this constructor.
 *
 * <p>An acquisition completes with {@code false} if another node still holds the lease after {@code lease-operation-timeout}; it fails
 * if the database does not answer. Both may be repeated. There is no further time-out than the connection's own.
 */
public final class ShardLease extends Lease {

    private final LeaseSettings settings;
    private final ShardLeases leases;

    public ShardLease(LeaseSettings settings, ExtendedActorSystem system) {
        this.settings = settings;
        this.leases = ShardLeases.of(Adapter.toTyped(system));
    }

    @Override
    public LeaseSettings getSettings() {
        return settings;
    }

    @Override
    public CompletionStage<Boolean> acquire() {
        return acquire(lost -> {});
    }

    @Override
    public CompletionStage<Boolean> acquire(Consumer<Optional<Throwable>> leaseLostCallback) {
        return leases.acquire(settings.leaseName(), leaseLostCallback);
    }

    @Override
    public CompletionStage<Boolean> release() {
        return leases.release(settings.leaseName());
    }

    @Override
    public boolean checkLease() {
        return leases.holds(settings.leaseName());
    }
}
