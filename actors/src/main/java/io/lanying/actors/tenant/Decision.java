package io.lanying.actors.tenant;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.tenant.TenantEvent;
import io.lanying.protocol.tenant.TenantEvent.RequestRefused;
import io.lanying.protocol.tenant.TenantReply;
import io.lanying.protocol.tenant.TenantReply.Refused;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What a state decided about a command: the events to journal, all or none, and the answer once they are there. */
public record Decision(List<TenantEvent> events, TenantReply reply) {

    private static final Map<ErrorCode, String> DETAILS = Map.of(
            ErrorCode.NOT_FOUND, "no such tenant",
            ErrorCode.TENANT_EXISTS, "a tenant with this id exists",
            ErrorCode.LIMIT_REACHED,
                    "a tenant has at most " + PresentTenant.MAX_API_KEYS + " API keys, " + Roles.MAX
                            + " roles and credentials for " + Channels.MAX + " channels",
            ErrorCode.UNKNOWN_VERSION, "this version is not kept; the last " + Channels.KEPT + " of each channel are",
            ErrorCode.UNKNOWN_ROLE, "the tenant has no role of a name that was given",
            ErrorCode.SECRET_ALREADY_SHOWN, "the key was made and its secret shown once; revoke it and make another",
            ErrorCode.IDEMPOTENCY_KEY_REUSED, "this idempotency key was used for another request",
            ErrorCode.TOO_MANY_REQUESTS, "as many requests of the last 7 days are remembered as there is room for",
            ErrorCode.UNAVAILABLE, "nothing was changed; repeat with the same idempotency key");

    public Decision {
        events = List.copyOf(events);
    }

    static Decision answer(TenantReply reply) {
        return new Decision(List.of(), reply);
    }

    static Decision happened(TenantEvent event, TenantReply reply) {
        return new Decision(List.of(event), reply);
    }

    /** Refused this time: a repeat is looked at afresh. */
    static Decision refused(ErrorCode code) {
        return answer(refusal(code, false));
    }

    /** Refused for good: repeats of the request get the same answer. */
    static Decision refusedForGood(ErrorCode code, String requestKey, String fingerprint, Instant at) {
        return happened(new RequestRefused(at, requestKey, fingerprint, code), refusal(code, false));
    }

    static Refused refusal(ErrorCode code, boolean repeated) {
        return new Refused(code, DETAILS.getOrDefault(code, code.wireName()), repeated);
    }
}
