package io.lanying.persistence.sealing;

import akka.Done;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.typesafe.config.Config;
import io.lanying.persistence.PersistenceSettings;
import io.lanying.persistence.database.Database;
import io.lanying.persistence.database.SqlFailures;
import io.lanying.protocol.sealing.Sealer;
import io.lanying.protocol.sealing.Sealing;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * {@link Sealing} over the table of wrapped keys. Keys are held in memory, a bounded number, for {@code cache-expiry} at most:
 * that is how long an erasure on another node, or what was sealed meanwhile, can outlive the key.
 */
public final class SubjectKeys implements Sealing {

    private final Database database;
    private final MasterKey master;
    private final Cache<Key, CompletableFuture<Optional<Sealer>>> cache;

    public SubjectKeys(Config root, Database database, MasterKey master) {
        this.database = database;
        this.master = master;
        Config config = root.getConfig("push.persistence.sealing");
        this.cache = Caffeine.newBuilder()
                .maximumSize(PersistenceSettings.between(config, "cache-size", 10, 1_000_000))
                .expireAfterWrite(config.getDuration("cache-expiry"))
                .build();
    }

    @Override
    public CompletionStage<Sealer> sealer(String tenant, String subject) {
        // Empty only if a look by existing() was under way: the next turn finds the cache empty and makes the key.
        return cached(new Key(tenant, subject), this::findOrMake)
                .thenCompose(found -> found.<CompletionStage<Sealer>>map(CompletableFuture::completedFuture)
                        .orElseGet(() -> sealer(tenant, subject)));
    }

    @Override
    public CompletionStage<Optional<Sealer>> existing(String tenant, String subject) {
        return cached(new Key(tenant, subject), this::find).copy();
    }

    @Override
    public CompletionStage<Done> erase(String tenant, String subject) {
        return database.<Done>inTransaction(handle -> {
                    handle.createUpdate("DELETE FROM subject_keys WHERE tenant = :tenant AND subject = :subject")
                            .bind("tenant", tenant)
                            .bind("subject", subject)
                            .execute();
                    return Done.getInstance();
                })
                .whenComplete((done, failure) -> cache.invalidate(new Key(tenant, subject)));
    }

    /** What is cached, else what the load gives: one load at a time for a key, and only keys that exist stay. */
    private CompletableFuture<Optional<Sealer>> cached(Key key, Function<Key, CompletionStage<Optional<Sealer>>> load) {
        CompletableFuture<Optional<Sealer>> present = cache.getIfPresent(key);
        if (present != null) {
            return present;
        }
        CompletableFuture<Optional<Sealer>> mine = new CompletableFuture<>();
        CompletableFuture<Optional<Sealer>> other = cache.asMap().putIfAbsent(key, mine);
        if (other != null) {
            return other;
        }
        load.apply(key).whenComplete((found, failure) -> {
            if (failure != null || found.isEmpty()) {
                cache.asMap().remove(key, mine);
            }
            if (failure == null) {
                mine.complete(found);
            } else {
                mine.completeExceptionally(failure);
            }
        });
        return mine;
    }

    private CompletionStage<Optional<Sealer>> find(Key key) {
        return database.read(
                handle -> stored(handle, key).map(keyset -> keyset.sealer(master, key.tenant, key.subject)));
    }

    private CompletionStage<Optional<Sealer>> findOrMake(Key key) {
        return database.inTransaction(handle -> {
                    SubjectKeyset keyset = stored(handle, key).orElseGet(() -> make(handle, key));
                    return Optional.of(keyset.sealer(master, key.tenant, key.subject));
                })
                // Another node was first: its key counts.
                .exceptionallyCompose(failure ->
                        SqlFailures.isDuplicate(failure) ? findOrMake(key) : CompletableFuture.failedFuture(failure));
    }

    private static Optional<SubjectKeyset> stored(Handle handle, Key key) {
        return handle.createQuery("SELECT aead_keyset, mac_keyset FROM subject_keys"
                        + " WHERE tenant = :tenant AND subject = :subject")
                .bind("tenant", key.tenant)
                .bind("subject", key.subject)
                .map((row, context) -> new SubjectKeyset(row.getBytes("aead_keyset"), row.getBytes("mac_keyset")))
                .findOne();
    }

    private SubjectKeyset make(Handle handle, Key key) {
        SubjectKeyset keyset = SubjectKeyset.make(master, key.tenant, key.subject);
        handle.createUpdate("INSERT INTO subject_keys (tenant, subject, aead_keyset, mac_keyset, created_at_ms)"
                        + " VALUES (:tenant, :subject, :aead, :mac, :now)")
                .bind("tenant", key.tenant)
                .bind("subject", key.subject)
                .bind("aead", keyset.aead())
                .bind("mac", keyset.mac())
                .bind("now", System.currentTimeMillis())
                .execute();
        return keyset;
    }

    private record Key(String tenant, String subject) {}
}
