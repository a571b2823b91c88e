package io.lanying.channels.actor;

import io.lanying.channels.adapter.VendorAnswer;
import io.lanying.protocol.channel.ResultClass;
import io.lanying.protocol.channel.VendorOutcome;
import io.lanying.protocol.channel.VendorOutcome.End;
import io.lanying.protocol.channel.VendorRequest;
import java.time.Duration;
import java.util.Optional;

/**
 * A request with what happened to it so far. Immutable; it moves from one channel actor to the next when a credential is
 * replaced.
 *
 * @param attempts how many times it was sent
 * @param failures in how many of them, or before them, something failed that time may heal; what its back-off grows with
 * @param unanswered whether one attempt had an unknown outcome: it may have been delivered
 * @param renewed whether it has had the one immediate repeat after a stale access token
 * @param last the vendor's last answer
 */
record Work(Claim claim, int attempts, int failures, boolean unanswered, boolean renewed, Optional<VendorAnswer> last) {

    static Work of(Claim claim) {
        return new Work(claim, 0, 0, false, false, Optional.empty());
    }

    VendorRequest request() {
        return claim.request();
    }

    /** After one more attempt. */
    Work answered(VendorAnswer answer) {
        return new Work(claim, attempts + 1, failures, unanswered, renewed, Optional.of(answer));
    }

    Work failedOnce() {
        return new Work(claim, attempts, failures + 1, unanswered, renewed, last);
    }

    Work leftUnanswered() {
        return new Work(claim, attempts, failures + 1, true, renewed, last);
    }

    Work renewedOnce() {
        return new Work(claim, attempts, failures, unanswered, true, last);
    }

    /** For another credential: what was wrong with the last one's access token does not count there. */
    Work handedOver() {
        return new Work(claim, attempts, failures, unanswered, false, last);
    }

    /** An end that is the vendor's last answer. */
    VendorOutcome ended(End end, VendorAnswer answer) {
        return new VendorOutcome(
                end,
                Optional.of(answer.result()),
                answer.code(),
                answer.vendorMessageId(),
                answer.invalidSince(),
                answer.retryAfter().filter(wait -> answer.result() == ResultClass.TARGET_SUPPRESSED),
                attempts);
    }

    /** An end of ours, with the class of the vendor's last answer if there was one. */
    VendorOutcome ended(End end, String code) {
        return ended(end, last.map(VendorAnswer::result), code);
    }

    /** An end of ours, with the class that it comes from. */
    VendorOutcome ended(End end, Optional<ResultClass> result, String code) {
        return new VendorOutcome(end, result, code, Optional.empty(), Optional.empty(), Optional.empty(), attempts);
    }

    /** Not now: to be asked again after this time. */
    VendorOutcome busy(String code, Duration retryAfter) {
        return new VendorOutcome(
                End.BUSY,
                last.map(VendorAnswer::result),
                code,
                Optional.empty(),
                Optional.empty(),
                Optional.of(retryAfter),
                attempts);
    }

    /** The end when its time is over: that it may have been delivered stays visible. */
    VendorOutcome expired() {
        Optional<ResultClass> result =
                unanswered ? Optional.of(ResultClass.UNKNOWN_OUTCOME) : last.map(VendorAnswer::result);
        return ended(End.EXPIRED, result, Codes.EXPIRED);
    }
}
