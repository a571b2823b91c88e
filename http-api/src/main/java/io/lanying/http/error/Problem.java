package io.lanying.http.error;

import io.lanying.http.json.FieldError;
import io.lanying.protocol.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Why a call was not carried out.
 *
 * @param detail for people; repeats nothing secret
 * @param retryAfter when to try again; for retryable codes a second if absent
 * @param repeated whether this is the answer that an earlier call with the same idempotency key got
 * @param homeRegion where to call instead
 */
public record Problem(
        ErrorCode code,
        String detail,
        List<FieldError> errors,
        Optional<Duration> retryAfter,
        boolean repeated,
        Optional<String> homeRegion) {

    public Problem {
        errors = List.copyOf(errors);
    }

    public static Problem of(ErrorCode code, String detail) {
        return new Problem(code, detail, List.of(), Optional.empty(), false, Optional.empty());
    }

    /** The tenant is served by another region's nodes. */
    public static Problem otherRegion(String homeRegion) {
        return new Problem(
                ErrorCode.OTHER_REGION,
                "this tenant's home is the region " + homeRegion + ": call a node there",
                List.of(),
                Optional.empty(),
                false,
                Optional.of(homeRegion));
    }

    /** Unknown and forbidden look the same. */
    public static Problem notFound() {
        return of(ErrorCode.NOT_FOUND, "there is nothing here for this credential");
    }

    public static Problem fields(ErrorCode code, List<FieldError> errors) {
        String detail = errors.size() == 1
                ? (errors.get(0).pointer().isEmpty()
                                ? "the document"
                                : errors.get(0).pointer()) + " " + errors.get(0).detail()
                : errors.size() + " fields are wrong";
        return new Problem(code, detail, errors, Optional.empty(), false, Optional.empty());
    }

    /** One field that makes the whole call impossible. */
    public static Problem field(ErrorCode code, String pointer, String reason, String detail) {
        return fields(code, List.of(new FieldError(pointer, reason, detail)));
    }

    public Problem after(Duration time) {
        return new Problem(code, detail, errors, Optional.of(time), repeated, homeRegion);
    }

    /** When to try again, in whole seconds, at least one. */
    public long retryAfterSeconds() {
        return retryAfter
                .map(time -> Math.max(1, (time.toMillis() + 999) / 1000))
                .orElse(1L);
    }

    public Problem asRepeated(boolean isRepeated) {
        return new Problem(code, detail, errors, retryAfter, isRepeated, homeRegion);
    }
}
