package io.lanying.actors.tenant;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.tenant.MessageHook;
import io.lanying.protocol.tenant.TenantCommand.PutMessageHook;
import io.lanying.protocol.tenant.TenantEvent.MessageHookDeleted;
import io.lanying.protocol.tenant.TenantEvent.MessageHookPut;
import io.lanying.protocol.tenant.TenantReply.Deleted;
import io.lanying.protocol.tenant.TenantReply.MessageHookIs;
import java.time.Instant;
import java.util.Optional;

/** What a tenant decides about its message hook. Pure. */
record Hooks(Optional<MessageHook> present) {

    /** @param version greater than that of any hook before */
    Decision put(PutMessageHook command, long version, Instant now) {
        var kept = command.secret().or(() -> present.map(MessageHook::secret));
        var secret = kept.orElse(command.fresh());
        if (present.isPresent() && isSame(present.get(), command, secret)) {
            return Decision.answer(new MessageHookIs(present.get(), false, false));
        }
        var hook = new MessageHook(version, command.url(), secret, command.timeoutMillis(), command.onSilence(), now);
        return Decision.happened(
                new MessageHookPut(now, hook), new MessageHookIs(hook, present.isEmpty(), kept.isEmpty()));
    }

    private static boolean isSame(MessageHook hook, PutMessageHook command, MessageHook.Print secret) {
        return hook.url().fingerprint().equals(command.url().fingerprint())
                && hook.secret().fingerprint().equals(secret.fingerprint())
                && hook.timeoutMillis() == command.timeoutMillis()
                && hook.onSilence() == command.onSilence();
    }

    Decision get() {
        return present.map(hook -> Decision.answer(new MessageHookIs(hook, false, false)))
                .orElseGet(() -> Decision.refused(ErrorCode.NOT_FOUND));
    }

    Decision delete(Instant now) {
        return present.isPresent()
                ? Decision.happened(new MessageHookDeleted(now), new Deleted())
                : Decision.answer(new Deleted());
    }
}
