package io.lanying.node;

import akka.actor.typed.ActorSystem;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.user.UserCommand;
import io.lanying.protocol.user.UserKey;
import io.lanying.protocol.user.UserName;
import io.lanying.protocol.user.UserNames;
import io.lanying.protocol.user.UserReply;
import io.lanying.protocol.user.UserReply.UserView;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Asks users, wherever they live, what they are called, and keeps it for {@link #KEPT_FOR}, sealed. Who does not answer within
 * {@link #TIMEOUT} has no name this time, counted in {@code push.channels.names.missed}. Thread-safe.
 */
final class ShardedNames implements UserNames {

    static final Duration KEPT_FOR = Duration.ofMinutes(1);

    private static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final int MAX_KEPT = 20_000;

    private final Function<EntityId, CompletionStage<UserReply>> users;
    private final Counter missed;
    private final Cache<EntityId, Optional<UserName>> kept = Caffeine.newBuilder()
            .maximumSize(MAX_KEPT)
            .expireAfterWrite(KEPT_FOR)
            .build();

    ShardedNames(Function<EntityId, CompletionStage<UserReply>> users, MeterRegistry metrics) {
        this.users = users;
        this.missed = metrics.counter("push.channels.names.missed");
    }

    static ShardedNames of(ActorSystem<?> system, MeterRegistry metrics) {
        var sharding = ClusterSharding.get(system);
        return new ShardedNames(
                user -> sharding.entityRefFor(UserKey.KEY, user.toString()).ask(UserCommand.Get::new, TIMEOUT),
                metrics);
    }

    @Override
    public CompletionStage<Optional<UserName>> nameOf(String tenant, String userId) {
        var user = new EntityId(tenant, userId);
        var known = kept.getIfPresent(user);
        if (known != null) {
            return CompletableFuture.completedStage(known);
        }
        return users.apply(user).handle((reply, failure) -> {
            if (failure != null) {
                missed.increment();
                return Optional.empty();
            }
            Optional<UserName> name = reply instanceof UserView view ? view.name() : Optional.empty();
            kept.put(user, name);
            return name;
        });
    }
}
