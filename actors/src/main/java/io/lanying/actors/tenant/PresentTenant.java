package io.lanying.actors.tenant;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.registry.TenantRow;
import io.lanying.protocol.tenant.TenantCommand.Create;
import io.lanying.protocol.tenant.TenantCommand.CreateApiKey;
import io.lanying.protocol.tenant.TenantEvent.ApiKey;
import io.lanying.protocol.tenant.TenantEvent.ApiKeyCreated;
import io.lanying.protocol.tenant.TenantEvent.ApiKeyRevoked;
import io.lanying.protocol.tenant.TenantEvent.RequestRefused;
import io.lanying.protocol.tenant.TenantEvent.TenantDeleted;
import io.lanying.protocol.tenant.TenantReply.ApiKeyMade;
import io.lanying.protocol.tenant.TenantReply.Deleted;
import io.lanying.protocol.tenant.TenantReply.TenantView;
import io.lanying.protocol.tenant.TenantSnapshot;
import io.lanying.protocol.tenant.TenantSnapshot.Profile;
import io.lanying.protocol.tenant.TenantSnapshot.Remembered;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A tenant that exists. */
record PresentTenant(long eventSeq, Instant at, Profile profile, AnsweredRequests answered) implements TenantState {

    /** Rotation and a key for each service fit many times over. */
    static final int MAX_API_KEYS = 100;

    @Override
    public Decision create(Create command, Instant now) {
        return answered.repeat(
                        command.requestKey(),
                        command.fingerprint(),
                        now,
                        first -> new TenantView(command.name(), first.at(), List.of(), profile.signingKey(), true))
                .orElseGet(() -> Decision.refusedForGood(
                        ErrorCode.TENANT_EXISTS, command.requestKey(), command.fingerprint(), now));
    }

    @Override
    public Decision get() {
        return Decision.answer(
                new TenantView(profile.name(), profile.createdAt(), profile.apiKeys(), profile.signingKey(), false));
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
        var key = new ApiKey(
                command.keyId(), command.name(), command.scopes(), command.secretHash(), now, command.expiresAt());
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
    public TenantState deleted(TenantDeleted event) {
        return new AbsentTenant(eventSeq + 1, event.at(), answered.at(event.at()));
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
                Optional.empty());
        return next(event.at(), keys, answered.plus(request));
    }

    @Override
    public TenantState withoutApiKey(ApiKeyRevoked event) {
        var keys = new ArrayList<>(profile.apiKeys());
        keys.removeIf(key -> key.keyId().equals(event.keyId()));
        return next(event.at(), keys, answered.at(event.at()));
    }

    @Override
    public TenantState withRefusal(RequestRefused event) {
        return next(event.at(), profile.apiKeys(), answered.plus(event));
    }

    @Override
    public TenantRow toRow(String tenantId) {
        return new TenantRow(tenantId, profile.name(), profile.createdAt(), eventSeq, false);
    }

    @Override
    public TenantSnapshot toSnapshot() {
        return new TenantSnapshot(eventSeq, at, Optional.of(profile), answered.toSnapshot());
    }

    private boolean has(String keyId) {
        return profile.apiKeys().stream().anyMatch(key -> key.keyId().equals(keyId));
    }

    private TenantState next(Instant eventAt, List<ApiKey> keys, AnsweredRequests requests) {
        var changed = new Profile(profile.name(), profile.createdAt(), keys, profile.signingKey());
        return new PresentTenant(eventSeq + 1, eventAt, changed, requests);
    }
}
