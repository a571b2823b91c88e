package io.lanying.persistence.registry;

import akka.Done;
import akka.actor.typed.ActorSystem;
import akka.stream.BoundedSourceQueue;
import akka.stream.QueueOfferResult;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import com.typesafe.config.Config;
import io.lanying.persistence.PersistenceSettings;
import io.lanying.persistence.PersistenceStats;
import io.lanying.persistence.database.Database;
import io.lanying.persistence.database.SqlFailures;
import io.lanying.protocol.registry.DeviceRow;
import io.lanying.protocol.registry.RegistryWriter;
import io.lanying.protocol.registry.TenantRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * {@link RegistryWriter}: writes that come while a transaction runs share the next one, at most {@code batch-size}. An older
 * row never replaces a newer one; a row of the same version is written again. Thread-safe; at most {@code queue-size} wait,
 * further ones fail at once.
 */
public final class JdbcRegistryWriter implements RegistryWriter {

    private final BoundedSourceQueue<Write> queue;
    private final Database database;
    private final PersistenceStats stats;

    public JdbcRegistryWriter(ActorSystem<?> system, Database database, PersistenceStats stats) {
        this.database = database;
        this.stats = stats;
        Config config = system.settings().config().getConfig("push.persistence.registry");
        int batchSize = PersistenceSettings.between(config, "batch-size", 1, 1_000);
        this.queue = Source.<Write>queue(PersistenceSettings.between(config, "queue-size", 10, 100_000))
                .batch(batchSize, JdbcRegistryWriter::first, JdbcRegistryWriter::and)
                .mapAsync(1, this::commit)
                .toMat(Sink.ignore(), Keep.left())
                .run(system);
    }

    @Override
    public CompletionStage<Done> write(DeviceRow row) {
        return offer(new Write(row, null, new CompletableFuture<>()));
    }

    @Override
    public CompletionStage<Done> write(TenantRow row) {
        return offer(new Write(null, row, new CompletableFuture<>()));
    }

    private CompletionStage<Done> offer(Write write) {
        if (queue.offer(write) != QueueOfferResult.enqueued()) {
            stats.countRegistryRefused();
            write.done.completeExceptionally(new RejectedExecutionException("too many registry writes wait"));
        }
        return write.done;
    }

    /** Never fails: each write learns of its own failure, and the stream goes on. */
    private CompletionStage<Done> commit(List<Write> batch) {
        return database.inTransaction(handle -> writeAll(handle, batch))
                .handle((done, failure) -> {
                    if (failure == null) {
                        batch.forEach(write -> write.done.complete(Done.getInstance()));
                        return done();
                    }
                    if (batch.size() > 1 && SqlFailures.concernsRows(failure)) {
                        return oneByOne(batch);
                    }
                    batch.forEach(write -> write.done.completeExceptionally(failure));
                    return done();
                })
                .thenCompose(Function.identity());
    }

    /** One bad row must not fail its neighbours. */
    private CompletionStage<Done> oneByOne(List<Write> batch) {
        CompletionStage<Done> all = done();
        for (Write write : batch) {
            all = all.thenCompose(done -> commit(List.of(write)));
        }
        return all;
    }

    private static Done writeAll(Handle handle, List<Write> batch) {
        // In one order on every node, so that two transactions cannot wait for each other.
        TreeMap<List<String>, DeviceRow> devices = new TreeMap<>(
                Comparator.<List<String>, String>comparing(key -> key.get(0)).thenComparing(key -> key.get(1)));
        TreeMap<String, TenantRow> tenants = new TreeMap<>();
        for (Write write : batch) {
            if (write.device != null) {
                devices.merge(
                        List.of(write.device.tenant(), write.device.deviceId()),
                        write.device,
                        (a, b) -> b.version() >= a.version() ? b : a);
            } else if (write.tenant != null) {
                tenants.merge(write.tenant.tenantId(), write.tenant, (a, b) -> b.version() >= a.version() ? b : a);
            }
        }
        RegistrySql.writeDevices(handle, List.copyOf(devices.values()));
        RegistrySql.writeTenants(handle, List.copyOf(tenants.values()));
        return Done.getInstance();
    }

    private static CompletionStage<Done> done() {
        return CompletableFuture.completedFuture(Done.getInstance());
    }

    private static List<Write> first(Write write) {
        List<Write> batch = new ArrayList<>();
        batch.add(write);
        return batch;
    }

    private static List<Write> and(List<Write> batch, Write write) {
        batch.add(write);
        return batch;
    }

    /** One of both rows, and whom to tell. */
    private record Write(
            @Nullable DeviceRow device, @Nullable TenantRow tenant, CompletableFuture<Done> done) {}
}
