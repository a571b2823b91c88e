package io.lanying.persistence;

import akka.Done;
import io.lanying.persistence.database.Database;
import io.lanying.persistence.database.SqlFailures;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/**
 * A few small settings that all nodes of a database share, such as the hash of the operator's key. Names up to 64
 * characters. A failed stage means unavailable or unknown: repeat. Thread-safe.
 */
public final class NodeSecrets {

    private final Database database;

    NodeSecrets(Database database) {
        this.database = database;
    }

    public CompletionStage<Optional<String>> get(String name) {
        return database.read(handle -> find(handle, name));
    }

    /** Sets it, whatever it was. */
    public CompletionStage<Done> put(String name, String secret) {
        return database.inTransaction(handle -> {
            int updated = handle.createUpdate("UPDATE node_secrets SET secret = :secret WHERE name = :name")
                    .bind("name", name)
                    .bind("secret", secret)
                    .execute();
            if (updated == 0) {
                insert(handle, name, secret);
            }
            return Done.getInstance();
        });
    }

    /** Sets it if it is not set yet; completes with what holds from now on, the same on every node. */
    public CompletionStage<String> putIfAbsent(String name, String secret) {
        return database.inTransaction(handle -> {
                    Optional<String> present = find(handle, name);
                    if (present.isEmpty()) {
                        insert(handle, name, secret);
                    }
                    return present.orElse(secret);
                })
                .exceptionallyCompose(
                        failure -> SqlFailures.isDuplicate(failure) ? putIfAbsent(name, secret) : failed(failure));
    }

    /** As {@link #putIfAbsent}, for the start of a node only. */
    String putIfAbsentBlocking(String name, String secret) {
        try {
            return database.blocking(handle -> {
                Optional<String> present = find(handle, name);
                if (present.isEmpty()) {
                    insert(handle, name, secret);
                }
                return present.orElse(secret);
            });
        } catch (JdbiException e) {
            if (SqlFailures.isDuplicate(e)) {
                return database.blocking(handle -> find(handle, name)).orElseThrow();
            }
            throw e;
        }
    }

    /** As {@link #get}, for the start of a node only. */
    Optional<String> getBlocking(String name) {
        return database.blocking(handle -> find(handle, name));
    }

    private static <T> CompletionStage<T> failed(Throwable failure) {
        return CompletableFuture.failedFuture(failure);
    }

    private static Optional<String> find(Handle handle, String name) {
        return handle.createQuery("SELECT secret FROM node_secrets WHERE name = :name")
                .bind("name", name)
                .mapTo(String.class)
                .findOne();
    }

    private static void insert(Handle handle, String name, String secret) {
        handle.createUpdate("INSERT INTO node_secrets (name, secret) VALUES (:name, :secret)")
                .bind("name", name)
                .bind("secret", secret)
                .execute();
    }
}
