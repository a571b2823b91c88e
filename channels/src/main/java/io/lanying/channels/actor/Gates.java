package io.lanying.channels.actor;

import io.lanying.channels.adapter.VendorAnswer;
import io.lanying.protocol.channel.ResultClass;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether a channel may send just now: its pace, its breaker and its parking together, and what each answer tells them.
 * Mutable, for one thread.
 */
final class Gates {

    /** What an attempt was to the gates that let it through. */
    record Pass(boolean triesBreaker, boolean isTrial) {}

    private final Pace pace;
    private final Breaker breaker;
    private final Parking parking;

    Gates(ChannelLimits limits, Instant now) {
        this.pace = new Pace(limits.pace(), now);
        this.breaker = new Breaker(limits.breaker());
        this.parking = new Parking(limits.probeInterval());
    }

    Parking parking() {
        return parking;
    }

    boolean allow(Instant now) {
        return parking.allows() && breaker.allows(now) && pace.allows(now);
    }

    Pass started(Instant now) {
        pace.started(now);
        return new Pass(breaker.started(), parking.started());
    }

    /** The attempt never left: it told nothing. */
    void released(Pass pass) {
        breaker.released(pass.triesBreaker());
        parking.released(pass.isTrial());
    }

    /**
     * The vendor's answer, or its absence.
     *
     * @return whether it was a trial that the credential passed, so that the channel is back at work
     */
    boolean answered(Pass pass, VendorAnswer answer, boolean believed, Instant now) {
        switch (answer.result()) {
            case RETRY, UNKNOWN_OUTCOME -> breaker.failed(pass.triesBreaker(), now);
            case THROTTLED_APP -> {
                breaker.succeeded();
                pace.throttled(now, RetryPolicy.wish(answer.retryAfter().orElse(Duration.ZERO)));
            }
            default -> breaker.succeeded();
        }
        if (pass.isTrial() && believed && judgesToken(answer.result())) {
            parking.resume();
            return true;
        }
        parking.released(pass.isTrial());
        return false;
    }

    /** When something could start that cannot now; empty if only an answer can bring that. */
    Optional<Instant> openAt(Instant now) {
        if (!parking.allows()) {
            return Optional.empty();
        }
        Instant paced = pace.opensAt(now);
        if (!breaker.isOpen()) {
            return Optional.of(paced);
        }
        return breaker.triesAt().map(tries -> tries.isAfter(paced) ? tries : paced);
    }

    /** Whether the vendor looked the token up, and so had taken the credential. */
    static boolean judgesToken(ResultClass result) {
        return switch (result) {
            case ACCEPTED, TOKEN_INVALID, TARGET_SUPPRESSED, THROTTLED_DEVICE -> true;
            default -> false;
        };
    }
}
