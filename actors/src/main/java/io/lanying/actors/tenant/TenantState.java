package io.lanying.actors.tenant;

import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.registry.TenantRow;
import io.lanying.protocol.tenant.Quotas;
import io.lanying.protocol.tenant.Role;
import io.lanying.protocol.tenant.TenantCommand.Create;
import io.lanying.protocol.tenant.TenantCommand.CreateApiKey;
import io.lanying.protocol.tenant.TenantCommand.PutCredential;
import io.lanying.protocol.tenant.TenantCommand.PutMessageHook;
import io.lanying.protocol.tenant.TenantCommand.RestoreCredential;
import io.lanying.protocol.tenant.TenantEvent;
import io.lanying.protocol.tenant.TenantEvent.ApiKeyCreated;
import io.lanying.protocol.tenant.TenantEvent.ApiKeyRevoked;
import io.lanying.protocol.tenant.TenantEvent.CredentialDeleted;
import io.lanying.protocol.tenant.TenantEvent.CredentialPut;
import io.lanying.protocol.tenant.TenantEvent.CredentialRestored;
import io.lanying.protocol.tenant.TenantEvent.MessageHookDeleted;
import io.lanying.protocol.tenant.TenantEvent.MessageHookPut;
import io.lanying.protocol.tenant.TenantEvent.QuotasChanged;
import io.lanying.protocol.tenant.TenantEvent.RequestRefused;
import io.lanying.protocol.tenant.TenantEvent.RoleDeleted;
import io.lanying.protocol.tenant.TenantEvent.RolePut;
import io.lanying.protocol.tenant.TenantEvent.TenantCreated;
import io.lanying.protocol.tenant.TenantEvent.TenantDeleted;
import io.lanying.protocol.tenant.TenantSnapshot;
import java.time.Instant;

/**
 * A tenant as the fold of its events: {@link AbsentTenant} before its creation and after its deletion, {@link PresentTenant}
 * between.
 *
 * <p>Pure and immutable. Time arrives as {@code now}, which is never before the last event's. Bounded: at most
 * {@value PresentTenant#MAX_API_KEYS} API keys, {@value Roles#MAX} roles, {@value Channels#KEPT}
 * credentials for each of {@value Channels#MAX} channels, one message hook and {@value AnsweredRequests#LIMIT} remembered requests.
 */
public sealed interface TenantState permits AbsentTenant, PresentTenant {

    /** Before the first event. */
    static TenantState initial() {
        return new AbsentTenant(0, Instant.EPOCH, Channels.NONE, AnsweredRequests.NONE);
    }

    /** The state that this was made of. */
    static TenantState fromSnapshot(TenantSnapshot snapshot) {
        AnsweredRequests answered = AnsweredRequests.fromSnapshot(snapshot.remembered());
        var channels = new Channels(snapshot.channels());
        return snapshot.profile()
                .<TenantState>map(
                        profile -> new PresentTenant(snapshot.eventSeq(), snapshot.at(), profile, channels, answered))
                .orElseGet(() -> new AbsentTenant(snapshot.eventSeq(), snapshot.at(), channels, answered));
    }

    TenantSnapshot toSnapshot();

    /** What the operator's list shows of it. */
    TenantRow toRow(String tenantId);

    /** How many events this is the fold of. */
    long eventSeq();

    /** The last event's time. */
    Instant at();

    Decision create(Create command, Instant now);

    Decision get();

    Decision delete(Instant now);

    Decision createApiKey(CreateApiKey command, Instant now);

    Decision revokeApiKey(String keyId, Instant now);

    Decision setQuotas(Quotas quotas, Instant now);

    Decision putRole(Role role, Instant now);

    Decision deleteRole(String name, Instant now);

    Decision putCredential(PutCredential command, Instant now);

    Decision restoreCredential(RestoreCredential command, Instant now);

    Decision deleteCredential(ChannelId channel, Instant now);

    Decision getCredential(ChannelId channel);

    Decision getChannels();

    Decision putMessageHook(PutMessageHook command, Instant now);

    Decision getMessageHook();

    Decision deleteMessageHook(Instant now);

    /**
     * The state after one more event.
     *
     * @throws IllegalStateException if no tenant in this state can have had it: the journal is not a tenant's
     */
    default TenantState apply(TenantEvent event) {
        return TenantTransitions.of(event).apply(this, event);
    }

    default TenantState created(TenantCreated event) {
        throw impossible(event);
    }

    default TenantState deleted(TenantDeleted event) {
        throw impossible(event);
    }

    default TenantState withApiKey(ApiKeyCreated event) {
        throw impossible(event);
    }

    default TenantState withoutApiKey(ApiKeyRevoked event) {
        throw impossible(event);
    }

    default TenantState withQuotas(QuotasChanged event) {
        throw impossible(event);
    }

    default TenantState withRole(RolePut event) {
        throw impossible(event);
    }

    default TenantState withoutRole(RoleDeleted event) {
        throw impossible(event);
    }

    default TenantState withCredential(CredentialPut event) {
        throw impossible(event);
    }

    default TenantState withRestored(CredentialRestored event) {
        throw impossible(event);
    }

    default TenantState withoutCredential(CredentialDeleted event) {
        throw impossible(event);
    }

    default TenantState withMessageHook(MessageHookPut event) {
        throw impossible(event);
    }

    default TenantState withoutMessageHook(MessageHookDeleted event) {
        throw impossible(event);
    }

    TenantState withRefusal(RequestRefused event);

    private IllegalStateException impossible(TenantEvent event) {
        return new IllegalStateException(event.getClass().getSimpleName() + " cannot follow event " + eventSeq());
    }
}
