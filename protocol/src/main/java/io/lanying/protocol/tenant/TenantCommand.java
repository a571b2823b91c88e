package io.lanying.protocol.tenant;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.Remoted;
import io.lanying.protocol.channel.ChannelCredential;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.sealing.Sealed;
import io.lanying.protocol.tenant.TenantEvent.SigningKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What can be asked of a tenant. Every reply comes after what it says is in the journal; no reply means unknown: ask again
 * with the same {@code requestKey} (derived from the caller's idempotency key).
 */
public sealed interface TenantCommand {

    /**
     * Answered with {@code TenantView} marked created, or {@code Refused(TENANT_EXISTS)}.
     *
     * @param homeRegion whose nodes are to serve it; absent from nodes older than regions
     */
    record Create(
            String name,
            SigningKey signingKey,
            Optional<String> homeRegion,
            String requestKey,
            String fingerprint,
            ActorRef<TenantReply> replyTo)
            implements TenantCommand, Remoted {}

    /** Answered with {@code TenantView} or {@code Refused(NOT_FOUND)}; nodes cache it under a lease. */
    record Get(ActorRef<TenantReply> replyTo) implements TenantCommand, Remoted {}

    /** Answered with {@code Deleted}, also when it was not there. */
    record Delete(ActorRef<TenantReply> replyTo) implements TenantCommand, Remoted {}

    /**
     * Answered with {@code ApiKeyMade}, or {@code Refused(UNKNOWN_ROLE)}; a repeat with {@code Refused(SECRET_ALREADY_SHOWN)}.
     */
    record CreateApiKey(
            String keyId,
            String name,
            List<String> scopes,
            List<String> roles,
            String secretHash,
            Optional<Instant> expiresAt,
            String requestKey,
            String fingerprint,
            ActorRef<TenantReply> replyTo)
            implements TenantCommand, Remoted {

        public CreateApiKey {
            scopes = scopes == null ? List.of() : List.copyOf(scopes);
            roles = roles == null ? List.of() : List.copyOf(roles);
        }
    }

    /** Answered with {@code Deleted}, also when it was not there. */
    record RevokeApiKey(String keyId, ActorRef<TenantReply> replyTo) implements TenantCommand, Remoted {}

    /** Replaces all quotas. Answered with {@code QuotasAre} or {@code Refused(NOT_FOUND)}. */
    record SetQuotas(Quotas quotas, ActorRef<TenantReply> replyTo) implements TenantCommand, Remoted {}

    /** Makes or replaces a role. Answered with {@code RoleIs}, {@code Refused(NOT_FOUND)} or {@code Refused(LIMIT_REACHED)}. */
    record PutRole(Role role, ActorRef<TenantReply> replyTo) implements TenantCommand, Remoted {}

    /** Answered with {@code Deleted}, also when it was not there. */
    record DeleteRole(String name, ActorRef<TenantReply> replyTo) implements TenantCommand, Remoted {}

    /**
     * Gives a channel a credential; the version is the tenant's to count. Answered with {@code CredentialStored},
     * {@code Refused(NOT_FOUND)} or {@code Refused(LIMIT_REACHED)}. The present content again changes nothing.
     *
     * @param secret the credential's JSON, sealed as {@link ChannelCredential#secret} says
     * @param content fingerprint of that JSON under the tenant's key
     */
    record PutCredential(
            ChannelId channel,
            Sealed secret,
            String content,
            String summary,
            Optional<Instant> expiresAt,
            ActorRef<TenantReply> replyTo)
            implements TenantCommand, Remoted {}

    /**
     * Makes an earlier version the newest, under a new number. Answered with {@code CredentialRestored},
     * {@code Refused(NOT_FOUND)} or {@code Refused(UNKNOWN_VERSION)}.
     */
    record RestoreCredential(
            ChannelId channel, long version, String requestKey, String fingerprint, ActorRef<TenantReply> replyTo)
            implements TenantCommand, Remoted {}

    /** Answered with {@code Deleted}, also when there was none. */
    record DeleteCredential(ChannelId channel, ActorRef<TenantReply> replyTo) implements TenantCommand, Remoted {}

    /** What a channel runs with. Answered with {@code CredentialIs} or {@code Refused(NOT_FOUND)}. */
    record GetCredential(ChannelId channel, ActorRef<TenantReply> replyTo) implements TenantCommand, Remoted {}

    /** All channels that have a credential, without the secrets. Answered with {@code ChannelsAre} or {@code Refused(NOT_FOUND)}. */
    record GetChannels(ActorRef<TenantReply> replyTo) implements TenantCommand, Remoted {}

    /**
     * Makes or changes the message hook; the version is the tenant's to count. Answered with {@code MessageHookIs} or
     * {@code Refused(NOT_FOUND)}. What it is already changes nothing.
     *
     * @param secret absent: the one it has, or {@code fresh} if there is no hook
     */
    record PutMessageHook(
            MessageHook.Print url,
            Optional<MessageHook.Print> secret,
            MessageHook.Print fresh,
            int timeoutMillis,
            OnSilence onSilence,
            ActorRef<TenantReply> replyTo)
            implements TenantCommand, Remoted {}

    /** Answered with {@code MessageHookIs} or {@code Refused(NOT_FOUND)}. */
    record GetMessageHook(ActorRef<TenantReply> replyTo) implements TenantCommand, Remoted {}

    /** Answered with {@code Deleted}, also when there was none. */
    record DeleteMessageHook(ActorRef<TenantReply> replyTo) implements TenantCommand, Remoted {}

    /** A reminder fired. Harmless when needless. */
    record Wake(long reminderVersion) implements TenantCommand, Remoted {}

    /** Messages of the entity to itself; never leave its node. */
    non-sealed interface Internal extends TenantCommand {}
}
