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
import io.lanying.protocol.tenant.TenantEvent.RequestRefused;
import io.lanying.protocol.tenant.TenantEvent.TenantCreated;
import io.lanying.protocol.tenant.TenantReply.CredentialRestored;
import io.lanying.protocol.tenant.TenantReply.Deleted;
import io.lanying.protocol.tenant.TenantReply.TenantView;
import io.lanying.protocol.tenant.TenantSnapshot;
import io.lanying.protocol.tenant.TenantSnapshot.Profile;
import io.lanying.protocol.tenant.TenantSnapshot.Remembered;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** No such tenant: not created yet, or deleted. It remembers requests, and numbers of versions, over a deletion. */
record AbsentTenant(long eventSeq, Instant at, Channels channels, AnsweredRequests answered) implements TenantState {

    @Override
    public Decision create(Create command, Instant now) {
        // The tenant that the first answer told of is gone with its signing key. The content is the same, so the
        // command
        // itself says what that answer was; only Get tells what is.
        return answered.repeat(
                        command.requestKey(), command.fingerprint(), now, first -> view(command, first.at(), true))
                .orElseGet(() -> Decision.happened(
                        new TenantCreated(
                                now,
                                command.name(),
                                command.signingKey(),
                                command.requestKey(),
                                command.fingerprint(),
                                command.homeRegion()),
                        view(command, now, false)));
    }

    private static TenantView view(Create command, Instant createdAt, boolean repeated) {
        return new TenantView(
                command.name(),
                createdAt,
                List.of(),
                command.signingKey(),
                repeated,
                command.homeRegion(),
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    @Override
    public Decision get() {
        return Decision.refused(ErrorCode.NOT_FOUND);
    }

    @Override
    public Decision delete(Instant now) {
        return Decision.answer(new Deleted());
    }

    @Override
    public Decision createApiKey(CreateApiKey command, Instant now) {
        return answered.repeat(
                        command.requestKey(),
                        command.fingerprint(),
                        now,
                        first -> Decision.refusal(ErrorCode.SECRET_ALREADY_SHOWN, true))
                .orElseGet(() ->
                        Decision.refusedForGood(ErrorCode.NOT_FOUND, command.requestKey(), command.fingerprint(), now));
    }

    @Override
    public Decision revokeApiKey(String keyId, Instant now) {
        return Decision.answer(new Deleted());
    }

    @Override
    public Decision setQuotas(Quotas quotas, Instant now) {
        return Decision.refused(ErrorCode.NOT_FOUND);
    }

    @Override
    public Decision putRole(Role role, Instant now) {
        return Decision.refused(ErrorCode.NOT_FOUND);
    }

    @Override
    public Decision deleteRole(String name, Instant now) {
        return Decision.answer(new Deleted());
    }

    @Override
    public Decision putCredential(PutCredential command, Instant now) {
        return Decision.refused(ErrorCode.NOT_FOUND);
    }

    @Override
    public Decision restoreCredential(RestoreCredential command, Instant now) {
        return answered.repeat(
                        command.requestKey(),
                        command.fingerprint(),
                        now,
                        first -> new CredentialRestored(first.version().orElse(0L), true))
                .orElseGet(() ->
                        Decision.refusedForGood(ErrorCode.NOT_FOUND, command.requestKey(), command.fingerprint(), now));
    }

    @Override
    public Decision deleteCredential(ChannelId channel, Instant now) {
        return Decision.answer(new Deleted());
    }

    @Override
    public Decision getCredential(ChannelId channel) {
        return Decision.refused(ErrorCode.NOT_FOUND);
    }

    @Override
    public Decision getChannels() {
        return Decision.refused(ErrorCode.NOT_FOUND);
    }

    @Override
    public Decision putMessageHook(PutMessageHook command, Instant now) {
        return Decision.refused(ErrorCode.NOT_FOUND);
    }

    @Override
    public Decision getMessageHook() {
        return Decision.refused(ErrorCode.NOT_FOUND);
    }

    @Override
    public Decision deleteMessageHook(Instant now) {
        return Decision.answer(new Deleted());
    }

    @Override
    public TenantState created(TenantCreated event) {
        var profile = new Profile(
                event.name(),
                event.at(),
                List.of(),
                event.signingKey(),
                event.homeRegion(),
                Optional.empty(),
                List.of(),
                Optional.empty());
        var request = new Remembered(
                event.requestKey(),
                event.fingerprint(),
                event.at(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return new PresentTenant(eventSeq + 1, event.at(), profile, channels, answered.plus(request));
    }

    @Override
    public TenantState withRefusal(RequestRefused event) {
        return new AbsentTenant(eventSeq + 1, event.at(), channels, answered.plus(event));
    }

    /** A deleted tenant keeps a row, nameless, so that a late older write cannot bring it back. */
    @Override
    public TenantRow toRow(String tenantId) {
        return new TenantRow(tenantId, "", at, eventSeq, true);
    }

    @Override
    public TenantSnapshot toSnapshot() {
        return new TenantSnapshot(eventSeq, at, Optional.empty(), answered.toSnapshot(), channels.list());
    }
}
