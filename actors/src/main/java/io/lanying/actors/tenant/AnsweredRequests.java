package io.lanying.actors.tenant;

import static io.lanying.protocol.ErrorCode.IDEMPOTENCY_KEY_REUSED;
import static io.lanying.protocol.ErrorCode.TOO_MANY_REQUESTS;

import io.lanying.protocol.tenant.TenantEvent.RequestRefused;
import io.lanying.protocol.tenant.TenantReply;
import io.lanying.protocol.tenant.TenantSnapshot.Remembered;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.pcollections.OrderedPMap;

/**
 * What repeats of commands are recognised by. Forgets by the time of events, never by a clock, so that replay forgets alike.
 *
 * @param byKey the remembered requests by their keys, oldest first
 */
record AnsweredRequests(OrderedPMap<String, Remembered> byKey) {

    /** How long an idempotency key is honoured (api.md §2). */
    static final Duration KEPT_FOR = Duration.ofDays(7);

    /** How many are remembered at once; above it a new one is refused, for forgetting one early would break its promise. */
    static final int LIMIT = 10_000;

    static final AnsweredRequests NONE = new AnsweredRequests(OrderedPMap.empty());

    /**
     * What a request gets that is not new at this time, or that cannot be remembered; empty for any other.
     *
     * @param firstAnswer gives the first answer again, where it was not a refusal
     */
    Optional<Decision> repeat(
            String requestKey, String fingerprint, Instant now, Function<Remembered, TenantReply> firstAnswer) {
        Remembered first = byKey.get(requestKey);
        if (first == null || !isHonoured(first, now)) {
            return hasRoom(now) ? Optional.empty() : Optional.of(Decision.refused(TOO_MANY_REQUESTS));
        }
        if (!first.fingerprint().equals(fingerprint)) {
            return Optional.of(Decision.refused(IDEMPOTENCY_KEY_REUSED));
        }
        return Optional.of(Decision.answer(first.refused()
                .<TenantReply>map(code -> Decision.refusal(code, true))
                .orElseGet(() -> firstAnswer.apply(first))));
    }

    /** Remembers one more and forgets what is no longer honoured by then. */
    AnsweredRequests plus(Remembered answered) {
        OrderedPMap<String, Remembered> fresh = at(answered.at()).byKey;
        return new AnsweredRequests(fresh.minus(answered.requestKey()).plus(answered.requestKey(), answered));
    }

    AnsweredRequests plus(RequestRefused event) {
        return plus(new Remembered(
                event.requestKey(),
                event.fingerprint(),
                event.at(),
                Optional.empty(),
                Optional.of(event.code()),
                Optional.empty()));
    }

    List<Remembered> toSnapshot() {
        return List.copyOf(byKey.values());
    }

    static AnsweredRequests fromSnapshot(List<Remembered> remembered) {
        OrderedPMap<String, Remembered> byKey = OrderedPMap.empty();
        for (Remembered answered : remembered) {
            byKey = byKey.plus(answered.requestKey(), answered);
        }
        return new AnsweredRequests(byKey);
    }

    /** Without what is no longer honoured at this time. */
    AnsweredRequests at(Instant now) {
        OrderedPMap<String, Remembered> rest = byKey;
        while (!rest.isEmpty()) {
            Remembered oldest = rest.values().iterator().next();
            if (isHonoured(oldest, now)) {
                break;
            }
            rest = rest.minus(oldest.requestKey());
        }
        return rest.size() == byKey.size() ? this : new AnsweredRequests(rest);
    }

    private boolean hasRoom(Instant now) {
        return byKey.size() < LIMIT || at(now).byKey.size() < LIMIT;
    }

    private static boolean isHonoured(Remembered answered, Instant now) {
        return answered.at().isAfter(now.minus(KEPT_FOR));
    }
}
