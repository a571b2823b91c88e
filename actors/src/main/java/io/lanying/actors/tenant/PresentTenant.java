package io.lanying.actors.tenant;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.registry.TenantRow;
import io.lanying.protocol.tenant.Quotas;
import io.lanying.protocol.tenant.Role;
import io.lanying.protocol.tenant.TenantCommand.Create;
import io.lanying.protocol.tenant.TenantCommand.CreateApiKey;
import io.lanying.protocol.tenant.TenantCommand.PutCredential;
import io.lanying.protocol.tenant.TenantCommand.PutMessageHook;
import io.lanying.protocol.tenant.TenantCommand.RestoreCredential;
import io.lanying.protocol.tenant.TenantEvent.ApiKey;
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
import io.lanying.protocol.tenant.TenantEvent.TenantDeleted;
import io.lanying.protocol.tenant.TenantReply;
import io.lanying.protocol.tenant.TenantReply.ApiKeyMade;
import io.lanying.protocol.tenant.TenantReply.Deleted;
import io.lanying.protocol.tenant.TenantReply.QuotasAre;
import io.lanying.protocol.tenant.TenantReply.TenantView;
import io.lanying.protocol.tenant.TenantSnapshot;
import io.lanying.protocol.tenant.TenantSnapshot.Profile;
import io.lanying.protocol.tenant.TenantSnapshot.Remembered;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A tenant that exists. */
record PresentTenant(long eventSeq, Instant at, Profile profile, Channels channels, AnsweredRequests answered)
        implements TenantState {

    /** Rotation and a key for each service fit many times over. */
    static final int MAX_API_KEYS = 100;

    @Override
    public Decision create(Create command, Instant now) {
        return answered.repeat(
                        command.requestKey(),
                        command.fingerprint(),
                        now,
                        first -> new TenantView(
                                command.name(),
                                first.at(),
                                List.of(),
                                profile.signingKey(),
                                true,
                                profile.homeRegion(),
                                Optional.empty(),
                                List.of(),
                                Optional.empty()))
                .orElseGet(() -> Decision.refusedForGood(
                        ErrorCode.TENANT_EXISTS, command.requestKey(), command.fingerprint(), now));
    }

    @Override
    public Decision get() {
        return Decision.answer(new TenantView(
                profile.name(),
                profile.createdAt(),
                profile.apiKeys(),
                profile.signingKey(),
                false,
                profile.homeRegion(),
                profile.quotas(),
                profile.roles(),
                profile.messageHook()));
    }

    @Override
    public Decision delete(Instant now) {
        return Decision.happened(new TenantDeleted(now), new Deleted());
    }

    @Override
    public Decision createApiKey(CreateApiKey command, Instant now) {
        return answered.repeat(
                        command.requestKey(),
                        command.fingerprint(),
                        now,
                        first -> Decision.refusal(ErrorCode.SECRET_ALREADY_SHOWN, true))
                .orElseGet(() -> newApiKey(command, now));
    }

    private Decision newApiKey(CreateApiKey command, Instant now) {
        if (profile.apiKeys().size() >= MAX_API_KEYS) {
            return Decision.refusedForGood(ErrorCode.LIMIT_REACHED, command.requestKey(), command.fingerprint(), now);
        }
        if (has(command.keyId())) {
            return Decision.refused(ErrorCode.SECRET_ALREADY_SHOWN);
        }
        if (!command.roles().stream().allMatch(roles()::has)) {
            return Decision.refusedForGood(ErrorCode.UNKNOWN_ROLE, command.requestKey(), command.fingerprint(), now);
        }
        var key = new ApiKey(
                command.keyId(),
                command.name(),
                command.scopes(),
                command.secretHash(),
                now,
                command.expiresAt(),
                command.roles());
        return Decision.happened(
                new ApiKeyCreated(now, key, command.requestKey(), command.fingerprint()), new ApiKeyMade(key));
    }

    @Override
    public Decision revokeApiKey(String keyId, Instant now) {
        return has(keyId)
                ? Decision.happened(new ApiKeyRevoked(now, keyId), new Deleted())
                : Decision.answer(new Deleted());
    }

    @Override
    public Decision setQuotas(Quotas quotas, Instant now) {
        var reply = new QuotasAre(quotas);
        return profile.quotas().orElse(Quotas.UNLIMITED).equals(quotas)
                ? Decision.answer(reply)
                : Decision.happened(new QuotasChanged(now, quotas), reply);
    }

    @Override
    public Decision putRole(Role role, Instant now) {
        return roles().put(role, now);
    }

    @Override
    public Decision deleteRole(String name, Instant now) {
        return roles().delete(name, now);
    }

    @Override
    public Decision putCredential(PutCredential command, Instant now) {
        return channels.put(command, now);
    }

    @Override
    public Decision restoreCredential(RestoreCredential command, Instant now) {
        return answered.repeat(
                        command.requestKey(),
                        command.fingerprint(),
                        now,
                        first -> new TenantReply.CredentialRestored(
                                first.version().orElse(0L), true))
                .orElseGet(() -> channels.restore(command, now)
                        .map(event -> Decision.happened(
                                event,
                                new TenantReply.CredentialRestored(
                                        event.credential().version(), false)))
                        .orElseGet(() -> Decision.refusedForGood(
                                channels.has(command.channel()) ? ErrorCode.UNKNOWN_VERSION : ErrorCode.NOT_FOUND,
                                command.requestKey(),
                                command.fingerprint(),
                                now)));
    }

    @Override
    public Decision deleteCredential(ChannelId channel, Instant now) {
        return channels.delete(channel, now);
    }

    @Override
    public Decision getCredential(ChannelId channel) {
        return channels.get(channel);
    }

    @Override
    public Decision getChannels() {
        return channels.all();
    }

    @Override
    public Decision putMessageHook(PutMessageHook command, Instant now) {
        return new Hooks(profile.messageHook()).put(command, eventSeq + 1, now);
    }

    @Override
    public Decision getMessageHook() {
        return new Hooks(profile.messageHook()).get();
    }

    @Override
    public Decision deleteMessageHook(Instant now) {
        return new Hooks(profile.messageHook()).delete(now);
    }

    @Override
    public TenantState deleted(TenantDeleted event) {
        return new AbsentTenant(eventSeq + 1, event.at(), channels.emptied(), answered.at(event.at()));
    }

    @Override
    public TenantState withApiKey(ApiKeyCreated event) {
        var keys = new ArrayList<>(profile.apiKeys());
        keys.add(event.apiKey());
        var request = new Remembered(
                event.requestKey(),
                event.fingerprint(),
                event.at(),
                Optional.of(event.apiKey().keyId()),
                Optional.empty(),
                Optional.empty());
        return next(event.at(), Profiles.withApiKeys(profile, keys), answered.plus(request));
    }

    @Override
    public TenantState withoutApiKey(ApiKeyRevoked event) {
        var keys = new ArrayList<>(profile.apiKeys());
        keys.removeIf(key -> key.keyId().equals(event.keyId()));
        return next(event.at(), Profiles.withApiKeys(profile, keys), answered.at(event.at()));
    }

    @Override
    public TenantState withQuotas(QuotasChanged event) {
        var changed = Profiles.withQuotas(profile, event.quotas());
        return next(event.at(), changed, answered.at(event.at()));
    }

    @Override
    public TenantState withRole(RolePut event) {
        return next(event.at(), Profiles.withRoles(profile, roles().with(event.role())), answered.at(event.at()));
    }

    @Override
    public TenantState withoutRole(RoleDeleted event) {
        return next(event.at(), Profiles.withRoles(profile, roles().without(event.name())), answered.at(event.at()));
    }

    @Override
    public TenantState withCredential(CredentialPut event) {
        return next(event.at(), channels.with(event), answered.at(event.at()));
    }

    @Override
    public TenantState withRestored(CredentialRestored event) {
        var request = new Remembered(
                event.requestKey(),
                event.fingerprint(),
                event.at(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(event.credential().version()));
        return next(event.at(), channels.with(event), answered.plus(request));
    }

    @Override
    public TenantState withoutCredential(CredentialDeleted event) {
        return next(event.at(), channels.without(event.channel()), answered.at(event.at()));
    }

    @Override
    public TenantState withMessageHook(MessageHookPut event) {
        var changed = Profiles.withMessageHook(profile, Optional.of(event.hook()));
        return next(event.at(), changed, answered.at(event.at()));
    }

    @Override
    public TenantState withoutMessageHook(MessageHookDeleted event) {
        return next(event.at(), Profiles.withMessageHook(profile, Optional.empty()), answered.at(event.at()));
    }

    @Override
    public TenantState withRefusal(RequestRefused event) {
        return next(event.at(), profile, answered.plus(event));
    }

    @Override
    public TenantRow toRow(String tenantId) {
        return new TenantRow(tenantId, profile.name(), profile.createdAt(), eventSeq, false);
    }

    @Override
    public TenantSnapshot toSnapshot() {
        return new TenantSnapshot(eventSeq, at, Optional.of(profile), answered.toSnapshot(), channels.list());
    }

    private boolean has(String keyId) {
        return profile.apiKeys().stream().anyMatch(key -> key.keyId().equals(keyId));
    }

    private Roles roles() {
        return new Roles(profile.roles());
    }

    private TenantState next(Instant eventAt, Profile changed, AnsweredRequests requests) {
        return new PresentTenant(eventSeq + 1, eventAt, changed, channels, requests);
    }

    private TenantState next(Instant eventAt, Channels changed, AnsweredRequests requests) {
        return new PresentTenant(eventSeq + 1, eventAt, profile, changed, requests);
    }
}
