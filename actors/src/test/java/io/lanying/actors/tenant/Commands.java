package io.lanying.actors.tenant;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.sealing.Sealed;
import io.lanying.protocol.tenant.MessageHook;
import io.lanying.protocol.tenant.OnSilence;
import io.lanying.protocol.tenant.TenantCommand.Create;
import io.lanying.protocol.tenant.TenantCommand.CreateApiKey;
import io.lanying.protocol.tenant.TenantCommand.PutCredential;
import io.lanying.protocol.tenant.TenantCommand.PutMessageHook;
import io.lanying.protocol.tenant.TenantCommand.RestoreCredential;
import io.lanying.protocol.tenant.TenantEvent.ApiKey;
import io.lanying.protocol.tenant.TenantEvent.SigningKey;
import io.lanying.protocol.tenant.TenantReply;
import io.lanying.protocol.tenant.TenantReply.TenantView;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Commands for tests. What differs between two of them is in their names. */
final class Commands {

    static final String REGION = "eu-west";
    static final ChannelId APNS = new ChannelId("apns", "production");
    static final ChannelId FCM = new ChannelId("fcm", "production");

    private Commands() {}

    /** The tenant that {@link #create} makes, while nothing else happened to it. */
    static TenantView view(String name, Instant createdAt, List<ApiKey> apiKeys, String signingKey, boolean repeated) {
        return new TenantView(
                name,
                createdAt,
                apiKeys,
                signingKey(signingKey),
                repeated,
                Optional.of(REGION),
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    static SigningKey signingKey(String id) {
        return new SigningKey(id, new Sealed("tenant", new byte[] {1, 2, 3, 4, 5}));
    }

    static Create create(String requestKey, String name, ActorRef<TenantReply> replyTo) {
        return new Create(name, signingKey("sk-" + requestKey), Optional.of(REGION), requestKey, "f-" + name, replyTo);
    }

    /** What differs between two credentials of tests is their content. */
    static PutCredential putCredential(ChannelId channel, String content, ActorRef<TenantReply> replyTo) {
        return new PutCredential(channel, secret(content), "f-" + content, "key " + content, Optional.empty(), replyTo);
    }

    /** @param secret none: the tenant is to keep its own, or take {@code fresh} */
    static PutMessageHook putMessageHook(
            String url, Optional<String> secret, int timeoutMillis, ActorRef<TenantReply> replyTo) {
        return new PutMessageHook(
                print(url), secret.map(Commands::print), print("fresh"), timeoutMillis, OnSilence.REFUSE, replyTo);
    }

    static MessageHook.Print print(String content) {
        return new MessageHook.Print(secret(content), "f-" + content);
    }

    static Sealed secret(String content) {
        return new Sealed("tenant", content.getBytes(StandardCharsets.UTF_8));
    }

    static RestoreCredential restore(
            String requestKey, ChannelId channel, long version, ActorRef<TenantReply> replyTo) {
        return new RestoreCredential(channel, version, requestKey, "f-" + version, replyTo);
    }

    static CreateApiKey createApiKey(String requestKey, String keyId, ActorRef<TenantReply> replyTo) {
        return new CreateApiKey(
                keyId,
                "orders",
                List.of("*"),
                List.of(),
                "hash-of-" + keyId,
                Optional.empty(),
                requestKey,
                "f-" + requestKey,
                replyTo);
    }
}
