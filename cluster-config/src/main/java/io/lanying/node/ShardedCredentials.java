package io.lanying.node;

import akka.actor.typed.ActorSystem;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.channel.ChannelCredential;
import io.lanying.protocol.channel.ChannelCredentials;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.tenant.TenantCommand.GetCredential;
import io.lanying.protocol.tenant.TenantKey;
import io.lanying.protocol.tenant.TenantReply;
import io.lanying.protocol.tenant.TenantReply.CredentialIs;
import io.lanying.protocol.tenant.TenantReply.Refused;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Asks tenants, wherever they live, for the credentials that this node's channels run with. Thread-safe.
 *
 * <p>Gauge {@code push.channels.credential.expiry.seconds}: how long until the first of the credentials in use here ends by
 * itself; negative once one has, not a number while none can. What no channel asked for within {@link #IN_USE} is not in use.
 */
final class ShardedCredentials implements ChannelCredentials {

    /** Credentials whose end is watched; more than a node has channels. */
    private static final int MAX_WATCHED = 10_000;

    private static final Duration IN_USE = Duration.ofHours(1);

    private record Watched(Instant end, Instant askedAt) {}

    private final ClusterSharding sharding;
    private final Duration timeout;
    private final Clock clock;
    private final ConcurrentHashMap<String, Watched> ends = new ConcurrentHashMap<>();

    /** @param timeout how long a tenant may take to answer */
    ShardedCredentials(ActorSystem<?> system, Duration timeout, MeterRegistry metrics, Clock clock) {
        this.sharding = ClusterSharding.get(system);
        this.timeout = timeout;
        this.clock = clock;
        Gauge.builder("push.channels.credential.expiry.seconds", this, ShardedCredentials::soonest)
                .description("Until the first credential in use on this node ends by itself")
                .strongReference(true)
                .register(metrics);
    }

    @Override
    public CompletionStage<Optional<ChannelCredential>> current(String tenant, ChannelId channel) {
        return sharding.entityRefFor(TenantKey.KEY, new EntityId(tenant, tenant).toString())
                .<TenantReply>ask(replyTo -> new GetCredential(channel, replyTo), timeout)
                .thenApply(reply -> {
                    var found = credentialOf(reply);
                    watch(tenant + "/" + channel, found.flatMap(ChannelCredential::expiresAt));
                    return found;
                });
    }

    private static Optional<ChannelCredential> credentialOf(TenantReply reply) {
        if (reply instanceof CredentialIs is) {
            return Optional.of(is.credential());
        }
        if (reply instanceof Refused refused && refused.code() == ErrorCode.NOT_FOUND) {
            return Optional.empty();
        }
        throw new IllegalStateException(
                "a tenant answered with " + reply.getClass().getSimpleName());
    }

    private void watch(String name, Optional<Instant> end) {
        if (end.isEmpty()) {
            ends.remove(name);
        } else if (ends.containsKey(name) || ends.size() < MAX_WATCHED) {
            ends.put(name, new Watched(end.get(), clock.instant()));
        }
    }

    private double soonest() {
        Instant now = clock.instant();
        ends.values().removeIf(watched -> watched.askedAt().plus(IN_USE).isBefore(now));
        return ends.values().stream()
                .map(Watched::end)
                .min(Instant::compareTo)
                .map(end -> (double) Duration.between(now, end).toSeconds())
                .orElse(Double.NaN);
    }
}
