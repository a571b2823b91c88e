package io.lanying.persistence;

import io.lanying.persistence.cassandra.CassandraStore;
import io.lanying.persistence.database.Database;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Asks the database, and the journal's if that is another, whether they still write: one small commit each, one at a time. */
final class WriteProbe {

    private static final int TIMEOUT_SECONDS = 3;

    private final Database database;
    private final Optional<CassandraStore> cassandra;
    private final AtomicReference<@Nullable CompletableFuture<Boolean>> underWay = new AtomicReference<>();

    WriteProbe(Database database, Optional<CassandraStore> cassandra) {
        this.database = database;
        this.cassandra = cassandra;
    }

    CompletionStage<Boolean> writable() {
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        CompletableFuture<Boolean> other = underWay.compareAndExchange(null, mine);
        if (other != null) {
            return other;
        }
        database.inTransaction(handle -> handle.createUpdate("UPDATE write_probe SET probed_at_ms = :now WHERE id = 1")
                        .bind("now", System.currentTimeMillis())
                        .execute())
                .thenCombine(journal(), (rows, journal) -> rows == 1 && journal)
                .whenComplete((written, failure) -> {
                    underWay.set(null);
                    mine.complete(failure == null && written);
                });
        return mine.completeOnTimeout(false, TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    private CompletionStage<Boolean> journal() {
        return cassandra.map(CassandraStore::write).orElseGet(() -> CompletableFuture.completedStage(true));
    }
}
