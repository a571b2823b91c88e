package io.lanying.channels.simulator.fcm;

import java.time.Duration;
import java.util.Map;

/**
 * What the simulator does with a request instead of accepting it.
 *
 * @param status the HTTP status; 0: as if there were no rule, after the delay
 * @param delay waited before anything else happens
 */
public record FcmReaction(int status, Map<String, String> headers, String body, Ending ending, Duration delay) {

    private static final int STATUS_OK = 200;

    /** How the answer ends. */
    public enum Ending {
        /** It is answered. */
        WHOLE,
        /** The connection ends in the middle of the body. */
        CUT_OFF,
        /** The connection ends without an answer. */
        DROPPED,
        /** There is no answer until the other side gives up or the simulator closes. */
        HANGING
    }

    public FcmReaction {
        headers = Map.copyOf(headers);
    }

    /** Any status and body. */
    public static FcmReaction status(int status, String body) {
        return new FcmReaction(status, Map.of(), body, Ending.WHOLE, Duration.ZERO);
    }

    /** The app is gone from the device. */
    public static FcmReaction unregistered() {
        return status(404, FcmErrors.fcm(404, "NOT_FOUND", "UNREGISTERED", "Requested entity was not found."));
    }

    /** The token belongs to another project. */
    public static FcmReaction senderIdMismatch() {
        return status(403, FcmErrors.fcm(403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH", "SenderId mismatch"));
    }

    /** The token has no form that FCM knows. */
    public static FcmReaction invalidToken() {
        return status(400, FcmErrors.invalid("The registration token is not a valid FCM registration token"));
    }

    /** The project is too fast. */
    public static FcmReaction quota() {
        return status(429, FcmErrors.quota("project:simulated"));
    }

    /** One device gets too many. */
    public static FcmReaction deviceQuota() {
        return status(429, FcmErrors.quota("device:simulated"));
    }

    /** Google's own fault. */
    public static FcmReaction internal() {
        return status(500, FcmErrors.fcm(500, "INTERNAL", "INTERNAL", "Internal error encountered."));
    }

    /** Google's overload. */
    public static FcmReaction unavailable() {
        return status(503, FcmErrors.fcm(503, "UNAVAILABLE", "UNAVAILABLE", "The service is currently unavailable."));
    }

    /** The project's APNs or Web Push key is wrong. */
    public static FcmReaction thirdPartyAuth() {
        return status(401, FcmErrors.fcm(401, "UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR", "Auth error from APNS"));
    }

    /** The access token is not taken. */
    public static FcmReaction unauthenticated() {
        return status(401, FcmErrors.plain(401, "UNAUTHENTICATED", "Request had invalid authentication credentials."));
    }

    /** The account lacks the role, or the API is off. */
    public static FcmReaction permissionDenied() {
        return status(403, FcmErrors.plain(403, "PERMISSION_DENIED", "Permission denied on the project."));
    }

    /** A wrong address: no detail of FCM's. */
    public static FcmReaction notFound() {
        return status(404, "<!DOCTYPE html><title>Error 404 (Not Found)!!1</title>");
    }

    /** A success that is no JSON. */
    public static FcmReaction garbage() {
        return status(STATUS_OK, "\u0000<html>{\"name\":[[[");
    }

    /** A success with a body of this many bytes and no sense. */
    public static FcmReaction huge(int bytes) {
        return status(STATUS_OK, "x".repeat(bytes));
    }

    /** The same, with the connection ending in the middle of the body. */
    public FcmReaction cutOff() {
        return new FcmReaction(status, headers, body, Ending.CUT_OFF, delay);
    }

    /** The connection ends without an answer. */
    public static FcmReaction drop() {
        return new FcmReaction(STATUS_OK, Map.of(), "", Ending.DROPPED, Duration.ZERO);
    }

    /** No answer. */
    public static FcmReaction hang() {
        return new FcmReaction(STATUS_OK, Map.of(), "", Ending.HANGING, Duration.ZERO);
    }

    /** The usual answer, late. */
    public static FcmReaction slow(Duration delay) {
        return new FcmReaction(0, Map.of(), "", Ending.WHOLE, delay);
    }

    /** The same with {@code Retry-After}, in seconds or as a date. */
    public FcmReaction retryAfter(String value) {
        return new FcmReaction(status, Map.of("Retry-After", value), body, ending, delay);
    }

    boolean isUsual() {
        return status == 0;
    }

    FcmReaction after(Duration wait) {
        return new FcmReaction(status, headers, body, ending, wait);
    }
}
