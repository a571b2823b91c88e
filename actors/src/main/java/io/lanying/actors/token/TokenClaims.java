package io.lanying.actors.token;

import akka.actor.typed.ActorSystem;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.device.VendorToken;
import io.lanying.protocol.token.TokenOwnerCommand.Claim;
import io.lanying.protocol.token.TokenOwnerKey;
import io.lanying.protocol.token.TokenOwnerReply;
import io.lanying.protocol.token.TokenOwnerReply.Owner;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletionStage;

/** Where a device claims its vendor tokens. A failed stage means unknown: claim again, it is harmless. */
@FunctionalInterface
public interface TokenClaims {

    /** Whether the token is this device's. */
    CompletionStage<Boolean> claim(EntityId device, VendorToken token);

    /** Claims at the tokens' owner entities, wherever in the cluster they are. */
    static TokenClaims sharded(ActorSystem<?> system, Duration timeout) {
        var sharding = ClusterSharding.get(system);
        return (device, token) -> sharding.entityRefFor(
                        TokenOwnerKey.KEY,
                        ownerOf(device.tenant(), token.channelId(), token.fingerprint())
                                .toString())
                .<TokenOwnerReply>ask(
                        replyTo ->
                                new Claim(device.id(), token.channelId(), token.fingerprint(), token.since(), replyTo),
                        timeout)
                .thenApply(reply -> ((Owner) reply).deviceId().equals(device.id()));
    }

    /** The entity that owns a token: 40 hexadecimal digits of the hash of channel, environment and fingerprint. */
    static EntityId ownerOf(String tenant, ChannelId channel, String fingerprint) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            String text = channel.channel() + '\0' + channel.environment() + '\0' + fingerprint;
            byte[] hash = digest.digest(text.getBytes(StandardCharsets.UTF_8));
            return new EntityId(tenant, HexFormat.of().formatHex(hash, 0, 20));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
