package io.lanying.channels.apns;

import io.lanying.channels.adapter.VendorAnswer;
import io.lanying.protocol.channel.ResultClass;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What each of Apple's refusals means, as data
 * (developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns). The same table is in
 * {@code docs/channels.md}; a test compares them. Apple may add reasons: an unknown one is classified by its status.
 */
final class ApnsAnswers {

    /** Provider tokens may be replaced every 20 minutes; a connection that Apple told so stays unusable until then. */
    private static final Duration TOKEN_PAUSE = Duration.ofMinutes(20);

    private static final Pattern REASON = Pattern.compile("[A-Za-z0-9]{1,64}");

    /**
     * One refusal.
     *
     * @param reason Apple's word for it
     * @param reaction what it means and what is done, for people
     */
    record Row(int status, String reason, ResultClass result, String reaction) {}

    /** All refusals that are known. */
    static final List<Row> ROWS = List.of(
            row(400, "BadCollapseId", ResultClass.REJECTED, "collapse id over 64 bytes: a defect here, please report"),
            row(400, "BadDeviceToken", ResultClass.TOKEN_INVALID, "malformed, or a token of the other environment"),
            row(400, "BadExpirationDate", ResultClass.REJECTED, "a defect here, please report"),
            row(400, "BadMessageId", ResultClass.REJECTED, "a defect here, please report"),
            row(400, "BadPriority", ResultClass.REJECTED, "a defect here, please report"),
            row(400, "BadTopic", ResultClass.AUTH_CONFIG, "the topic is not one of this key or certificate"),
            row(400, "DeviceTokenNotForTopic", ResultClass.TOKEN_INVALID, "the token belongs to another app"),
            row(400, "DuplicateHeaders", ResultClass.REJECTED, "a defect here, please report"),
            row(400, "IdleTimeout", ResultClass.RETRY, "again on a new connection"),
            row(400, "InvalidPushType", ResultClass.REJECTED, "the push type does not exist or does not fit"),
            row(400, "MissingDeviceToken", ResultClass.REJECTED, "a defect here, please report"),
            row(400, "MissingTopic", ResultClass.AUTH_CONFIG, "the credential needs a topic"),
            row(400, "PayloadEmpty", ResultClass.REJECTED, "a defect here, please report"),
            row(400, "TopicDisallowed", ResultClass.AUTH_CONFIG, "the key or certificate may not send to this topic"),
            row(400, "MissingChannelId", ResultClass.REJECTED, "broadcasts only, which are not sent"),
            row(400, "BadChannelId", ResultClass.REJECTED, "broadcasts only, which are not sent"),
            row(403, "BadCertificate", ResultClass.AUTH_CONFIG, "the certificate is not accepted"),
            row(403, "BadCertificateEnvironment", ResultClass.AUTH_CONFIG, "a certificate of the other environment"),
            row(403, "ExpiredProviderToken", ResultClass.AUTH_EXPIRED, "again with a new token on a new connection"),
            row(403, "Forbidden", ResultClass.AUTH_CONFIG, "the credential may not do this"),
            row(403, "InvalidProviderToken", ResultClass.AUTH_CONFIG, "wrong key, key id or team id"),
            row(403, "MissingProviderToken", ResultClass.AUTH_CONFIG, "neither key nor certificate reached Apple"),
            row(403, "UnrelatedKeyIdInToken", ResultClass.AUTH_CONFIG, "two keys on one connection"),
            row(403, "BadEnvironmentKeyIdInToken", ResultClass.AUTH_CONFIG, "the key is not for this environment"),
            row(403, "BadEnvironmentKeyInToken", ResultClass.AUTH_CONFIG, "the same, as Apple spells it on the wire"),
            row(404, "BadPath", ResultClass.REJECTED, "a defect here, please report"),
            row(405, "MethodNotAllowed", ResultClass.REJECTED, "a defect here, please report"),
            row(410, "ExpiredToken", ResultClass.TOKEN_INVALID, "unbound if not registered again since"),
            row(410, "Unregistered", ResultClass.TOKEN_INVALID, "unbound if not registered again since"),
            row(413, "PayloadTooLarge", ResultClass.TOO_LARGE, "Apple counts more than was counted here"),
            row(429, "TooManyProviderTokenUpdates", ResultClass.THROTTLED_APP, "20 minutes of rest for the channel"),
            row(429, "TooManyRequests", ResultClass.THROTTLED_DEVICE, "rest for this device"),
            row(500, "InternalServerError", ResultClass.RETRY, "again, later and later"),
            row(503, "ServiceUnavailable", ResultClass.RETRY, "again, later and later"),
            row(503, "Shutdown", ResultClass.RETRY, "again on a new connection"));

    private static final Map<String, Row> BY_REASON =
            ROWS.stream().collect(Collectors.toUnmodifiableMap(Row::reason, Function.identity()));

    private ApnsAnswers() {}

    /**
     * The class of a refusal.
     *
     * @param reason as it came; what does not look like a reason is left out of the answer
     * @param invalidSince with 410: since when Apple knows the token to be dead
     */
    static VendorAnswer refusal(int status, Optional<String> reason, Optional<Instant> invalidSince) {
        Optional<Row> row = reason.map(BY_REASON::get);
        ResultClass result = row.map(Row::result).orElseGet(() -> byStatus(status));
        String code = reason.filter(text -> REASON.matcher(text).matches()).orElse("status" + status);
        VendorAnswer answer = VendorAnswer.of(result, code);
        if (code.equals("TooManyProviderTokenUpdates")) {
            return answer.retryAfter(TOKEN_PAUSE);
        }
        return result == ResultClass.TOKEN_INVALID
                ? invalidSince.map(answer::invalidSince).orElse(answer)
                : answer;
    }

    /** The class of a status whose reason is missing or new. */
    static ResultClass byStatus(int status) {
        return switch (status) {
            case 401, 403 -> ResultClass.AUTH_CONFIG;
            case 410 -> ResultClass.TOKEN_INVALID;
            case 413 -> ResultClass.TOO_LARGE;
            case 429 -> ResultClass.THROTTLED_APP;
            default -> {
                if (status >= 500) {
                    yield ResultClass.RETRY;
                }
                // Below 400 it is no refusal, and only 200 says that the message was taken.
                yield status >= 400 ? ResultClass.REJECTED : ResultClass.UNKNOWN_OUTCOME;
            }
        };
    }

    private static Row row(int status, String reason, ResultClass result, String reaction) {
        return new Row(status, reason, result, reaction);
    }
}
