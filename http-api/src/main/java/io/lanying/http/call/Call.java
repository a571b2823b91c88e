package io.lanying.http.call;

import akka.http.javadsl.model.HttpRequest;
import io.lanying.http.auth.Principal;
import io.lanying.http.error.Problem;
import io.lanying.http.json.Checked;
import io.lanying.protocol.ErrorCode;

/** One request of a known caller. */
public record Call(HttpRequest request, Trace trace, Principal principal) {

    /** The tenant of the credential; routes of operators never ask. */
    public String tenant() {
        return principal.tenant().orElseThrow(() -> new IllegalStateException("this route is not for operators"));
    }

    public String requestId() {
        return trace.requestId();
    }

    /** The caller's idempotency key: exactly one header of 1 to 255 visible ASCII characters. */
    public Checked<String> idempotencyKey() {
        return idempotencyKeyOf(request);
    }

    /** The same, of any request. */
    public static Checked<String> idempotencyKeyOf(HttpRequest request) {
        String key = null;
        for (var header : request.getHeaders()) {
            if (header.is("idempotency-key")) {
                if (key != null) {
                    return badKey("more than one Idempotency-Key header");
                }
                key = header.value();
            }
        }
        return key == null ? badKey("this call needs an Idempotency-Key header") : idempotencyKey(key);
    }

    /** The same, given in another place than the header. */
    public static Checked<String> idempotencyKey(String key) {
        boolean sane = !key.isEmpty() && key.length() <= 255 && key.chars().allMatch(c -> c > 0x20 && c < 0x7f);
        return sane ? Checked.ok(key) : badKey("an idempotency key is 1 to 255 visible ASCII characters");
    }

    private static Checked<String> badKey(String detail) {
        return Checked.refused(Problem.of(ErrorCode.IDEMPOTENCY_KEY_MISSING, detail));
    }
}
