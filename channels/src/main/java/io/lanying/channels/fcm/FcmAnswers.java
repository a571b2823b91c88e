package io.lanying.channels.fcm;

import static io.lanying.protocol.channel.ResultClass.AUTH_CONFIG;
import static io.lanying.protocol.channel.ResultClass.AUTH_EXPIRED;
import static io.lanying.protocol.channel.ResultClass.REJECTED;
import static io.lanying.protocol.channel.ResultClass.RETRY;
import static io.lanying.protocol.channel.ResultClass.THROTTLED_APP;
import static io.lanying.protocol.channel.ResultClass.THROTTLED_DEVICE;
import static io.lanying.protocol.channel.ResultClass.TOKEN_INVALID;
import static io.lanying.protocol.channel.ResultClass.TOO_LARGE;
import static io.lanying.protocol.channel.ResultClass.UNKNOWN_OUTCOME;

import io.lanying.channels.adapter.VendorAnswer;
import io.lanying.channels.fcm.FcmReply.Body;
import io.lanying.channels.fcm.FcmReply.Target;
import io.lanying.protocol.channel.ResultClass;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What each answer of Google's means, as data: the first row that fits decides. Sources are the pages "ErrorCode (FCM REST v1)"
 * and "FCM error codes"; {@code docs/channels.md} shows the same table, and a test holds the two together.
 *
 * <p>Two rows can unbind a token, and both want the vendor's {@code FcmError} detail and the matching status: a bare 404 is a
 * wrong address or project, and a proxy's error page is neither. A third can, {@code INVALID_ARGUMENT}, which Google also uses
 * for messages that are wrong: only if the text names the registration token and a message of the same make has been taken for
 * another token.
 */
final class FcmAnswers {

    /** Waited after a 429 that names no time: Google asks for at least a minute. */
    static final Duration QUOTA_WAIT = Duration.ofSeconds(60);

    private static final String ANY = "any";
    private static final String NONE = "none";

    /** What else must be true of an answer. */
    enum Condition {
        ALWAYS("") {
            @Override
            boolean holds(Seen seen) {
                return true;
            }
        },
        CUT_OFF("the body ends early") {
            @Override
            boolean holds(Seen seen) {
                return seen.reply.form() == Body.CUT_OFF;
            }
        },
        TOKEN_AT_FAULT("names the registration token, and this client has had a message of the same make taken") {
            @Override
            boolean holds(Seen seen) {
                return seen.body.namesToken() && seen.proven;
            }
        },
        SIZE("names the size") {
            @Override
            boolean holds(Seen seen) {
                return seen.body.namesSize();
            }
        },
        DEVICE_QUOTA("a `QuotaFailure` names the device") {
            @Override
            boolean holds(Seen seen) {
                return seen.body.namesDevice();
            }
        },
        RENEWED("the access token was fetched because of a 401") {
            @Override
            boolean holds(Seen seen) {
                return seen.renewed;
            }
        };

        private final String words;

        Condition(String words) {
            this.words = words;
        }

        abstract boolean holds(Seen seen);

        String words() {
            return words;
        }
    }

    /**
     * One row.
     *
     * @param http a status such as {@code 404}, or a hundred such as {@code 4xx}
     * @param status the {@code google.rpc} status, or any
     * @param errorCode the FcmError's code (for the token endpoint OAuth's {@code error}), none, or any
     * @param defaultWait asked of the caller when the vendor names no time
     * @param ofPart whether only some of the project's targets are concerned
     * @param reaction what follows, in words
     */
    record Row(
            String http,
            String status,
            String errorCode,
            Condition condition,
            ResultClass result,
            Optional<Duration> defaultWait,
            boolean ofPart,
            String reaction) {

        boolean fits(Seen seen) {
            return isHttp(seen.reply.status())
                    && (status.equals(ANY) || status.equals(seen.body.status()))
                    && isErrorCode(seen.body.errorCode())
                    && condition.holds(seen);
        }

        private boolean isHttp(int code) {
            return http.endsWith("xx") ? code / 100 == http.charAt(0) - '0' : http.equals(String.valueOf(code));
        }

        private boolean isErrorCode(String code) {
            return errorCode.equals(ANY) || (errorCode.equals(NONE) ? code.isEmpty() : errorCode.equals(code));
        }
    }

    /** An answer with what is known around it. */
    record Seen(FcmReply reply, FcmErrorBody body, boolean proven, boolean renewed) {}

    /** Answers to a send. */
    static final List<Row> SEND = List.of(
            row("2xx", ANY, ANY, UNKNOWN_OUTCOME, "a success that names no message: may have been taken"),
            row("3xx", ANY, ANY, RETRY, "never followed; something stands between the node and Google"),
            row("4xx", ANY, ANY, Condition.CUT_OFF, RETRY, "refused, for a reason that was lost: ask again"),
            row(
                    "400",
                    "INVALID_ARGUMENT",
                    "INVALID_ARGUMENT",
                    Condition.TOKEN_AT_FAULT,
                    TOKEN_INVALID,
                    "the message is good, so the token is not: unbind"),
            row("400", ANY, ANY, Condition.SIZE, TOO_LARGE, "give the message up"),
            row("400", "INVALID_ARGUMENT", "INVALID_ARGUMENT", REJECTED, "give the message up, keep the token"),
            row("400", ANY, ANY, REJECTED, "give the message up: the request is wrong"),
            partOf(
                    "THIRD_PARTY_AUTH_ERROR",
                    "give the message up, other targets go on: the Firebase project's own APNs or Web Push key is wrong"),
            partOf("APNS_AUTH_ERROR", "older name of the same"),
            row("401", ANY, ANY, Condition.RENEWED, AUTH_CONFIG, "park: a fresh access token does not help"),
            row("401", ANY, ANY, AUTH_EXPIRED, "try once more: the next attempt fetches an access token first"),
            row(
                    "403",
                    "PERMISSION_DENIED",
                    "SENDER_ID_MISMATCH",
                    TOKEN_INVALID,
                    "unbind: the token is another project's"),
            row("403", ANY, ANY, AUTH_CONFIG, "park: the API is off, or the account lacks the role"),
            row("404", "NOT_FOUND", "UNREGISTERED", TOKEN_INVALID, "unbind: the app is gone from the device"),
            row("404", ANY, ANY, AUTH_CONFIG, "park: wrong address or project; no token is touched"),
            row("408", ANY, ANY, RETRY, "try again"),
            row("413", ANY, ANY, TOO_LARGE, "give the message up"),
            quota("429", Condition.DEVICE_QUOTA, THROTTLED_DEVICE, "wait, for this device"),
            quota("429", Condition.ALWAYS, THROTTLED_APP, "slow the whole channel down"),
            row("4xx", ANY, ANY, REJECTED, "give the message up"),
            row("500", "INTERNAL", "INTERNAL", RETRY, "try again with back-off"),
            row("503", "UNAVAILABLE", "UNAVAILABLE", RETRY, "try again when the answer says, else with back-off"),
            row("5xx", ANY, ANY, RETRY, "try again with back-off"));

    /** Answers of the token endpoint; the message had not left. */
    static final List<Row> TOKEN = List.of(
            row("2xx", ANY, ANY, RETRY, "a success without an access token: try again"),
            row("3xx", ANY, ANY, RETRY, "never followed"),
            row("4xx", ANY, ANY, Condition.CUT_OFF, RETRY, "ask again"),
            row(
                    "400",
                    ANY,
                    "invalid_grant",
                    AUTH_CONFIG,
                    "park: key revoked, account gone, or the node's clock is wrong"),
            row("408", ANY, ANY, RETRY, "try again"),
            row("429", ANY, ANY, RETRY, "try again when the answer says"),
            row("4xx", ANY, ANY, AUTH_CONFIG, "park: the account is not taken"),
            row("5xx", ANY, ANY, RETRY, "try again with back-off"));

    private static final String TOKEN_PREFIX = "token:";

    private FcmAnswers() {}

    /** The row for an answer that is no plain success. */
    static Row rowOf(Seen seen) {
        List<Row> rows = seen.reply.target() == Target.SEND ? SEND : TOKEN;
        return rows.stream()
                .filter(row -> row.fits(seen))
                .findFirst()
                // 1xx or a number out of range: no HTTP that we know.
                .orElseGet(() -> row("1xx", ANY, ANY, UNKNOWN_OUTCOME, "not HTTP"));
    }

    /** Judges an answer that is no plain success. */
    static VendorAnswer judge(Seen seen, Instant now) {
        Row row = rowOf(seen);
        VendorAnswer plain = VendorAnswer.of(row.result(), code(seen));
        VendorAnswer answer = row.ofPart() ? plain.ofSomeTargets() : plain;
        Optional<Duration> wait = seen.reply
                .retryAfter()
                .flatMap(header -> RetryAfter.parse(header, now))
                .or(row::defaultWait);
        boolean isWorthWaiting =
                switch (row.result()) {
                    case RETRY, THROTTLED_APP, THROTTLED_DEVICE -> true;
                    default -> false;
                };
        return isWorthWaiting && wait.isPresent() ? answer.retryAfter(wait.get()) : answer;
    }

    /** Whether FCM itself, behind the check of the credential, complains about the token: what a probe hopes for. */
    static boolean isAboutTheToken(Seen seen) {
        boolean isFcmsInvalidArgument = seen.reply.target() == Target.SEND
                && seen.reply.status() == 400
                && seen.body.errorCode().equals("INVALID_ARGUMENT");
        return isFcmsInvalidArgument || rowOf(seen).result() == TOKEN_INVALID;
    }

    /** Reads the body and adds what is known. */
    static Seen seen(FcmReply reply, boolean proven, boolean renewed) {
        FcmErrorBody body = reply.isSuccess()
                ? FcmErrorBody.NONE
                : reply.target() == Target.SEND
                        ? FcmErrorBody.ofSend(reply.body())
                        : FcmErrorBody.ofToken(reply.body());
        return new Seen(reply, body, proven, renewed);
    }

    private static String code(Seen seen) {
        String prefix = seen.reply.target() == Target.TOKEN ? TOKEN_PREFIX : "";
        if (seen.reply.form() == Body.CUT_OFF) {
            return prefix + "cutOff";
        }
        if (seen.reply.isSuccess()) {
            return prefix + FcmLocal.BAD_ANSWER.code();
        }
        if (!seen.body.errorCode().isEmpty()) {
            return prefix + seen.body.errorCode();
        }
        return prefix + (seen.body.status().isEmpty() ? "http" + seen.reply.status() : seen.body.status());
    }

    private static Row row(String http, String status, String errorCode, ResultClass result, String reaction) {
        return row(http, status, errorCode, Condition.ALWAYS, result, reaction);
    }

    private static Row row(
            String http, String status, String errorCode, Condition condition, ResultClass result, String reaction) {
        return new Row(http, status, errorCode, condition, result, Optional.empty(), false, reaction);
    }

    private static Row quota(String http, Condition condition, ResultClass result, String reaction) {
        return new Row(http, ANY, ANY, condition, result, Optional.of(QUOTA_WAIT), false, reaction);
    }

    private static Row partOf(String errorCode, String reaction) {
        return new Row("401", ANY, errorCode, Condition.ALWAYS, AUTH_CONFIG, Optional.empty(), true, reaction);
    }
}
