package io.lanying.actors.tenant;

import io.lanying.protocol.tenant.MessageHook;
import io.lanying.protocol.tenant.Quotas;
import io.lanying.protocol.tenant.Role;
import io.lanying.protocol.tenant.TenantEvent.ApiKey;
import io.lanying.protocol.tenant.TenantSnapshot.Profile;
import java.util.List;
import java.util.Optional;

/** A tenant's profile with one part of it changed. */
final class Profiles {

    private Profiles() {}

    static Profile withApiKeys(Profile profile, List<ApiKey> apiKeys) {
        return with(profile, apiKeys, profile.quotas(), profile.roles(), profile.messageHook());
    }

    static Profile withQuotas(Profile profile, Quotas quotas) {
        return with(profile, profile.apiKeys(), Optional.of(quotas), profile.roles(), profile.messageHook());
    }

    static Profile withRoles(Profile profile, List<Role> roles) {
        return with(profile, profile.apiKeys(), profile.quotas(), roles, profile.messageHook());
    }

    static Profile withMessageHook(Profile profile, Optional<MessageHook> hook) {
        return with(profile, profile.apiKeys(), profile.quotas(), profile.roles(), hook);
    }

    private static Profile with(
            Profile profile,
            List<ApiKey> apiKeys,
            Optional<Quotas> quotas,
            List<Role> roles,
            Optional<MessageHook> messageHook) {
        return new Profile(
                profile.name(),
                profile.createdAt(),
                apiKeys,
                profile.signingKey(),
                profile.homeRegion(),
                quotas,
                roles,
                messageHook);
    }
}
