package io.lanying.persistence;

import io.lanying.persistence.database.Database;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Asks the database whether it still writes: one small commit, one at a time. */
final class WriteProbe {

    private static final int TIMEOUT_SECONDS = 3;

    private final Database database;
    private final AtomicReference<@Nullable CompletableFuture<Boolean>> underWay = new AtomicReference<>();

    WriteProbe(Database database) {
        this.database = database;
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
                .whenComplete((rows, failure) -> {
                    underWay.set(null);
                    mine.complete(failure == null && rows == 1);
                });
        return mine.completeOnTimeout(false, TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
}
