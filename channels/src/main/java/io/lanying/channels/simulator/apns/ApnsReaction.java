package io.lanying.channels.simulator.apns;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * What the simulator does with a request that Apple's rules allow.
 *
 * @param status with {@code ANSWER} and {@code GARBAGE}: the HTTP status
 * @param text with {@code ANSWER}: Apple's reason, with {@code GARBAGE}: the body
 * @param timestamp with {@code ANSWER} and 410: since when the token is dead, in milliseconds
 * @param delay how long it thinks before it does anything
 */
public record ApnsReaction(Kind kind, int status, String text, OptionalLong timestamp, Duration delay) {

    /** The kinds of reaction. */
    public enum Kind {
        /** Answers as Apple does. */
        ANSWER,
        /** Answers with a body that is not Apple's. */
        GARBAGE,
        /** Takes the request and closes the connection in the middle of the answer. */
        CUT_OFF,
        /** Takes the request and never answers. */
        HANG,
        /** Takes the request and closes the connection. */
        DROP,
        /** Takes the request, announces the end of the connection, answers all the same, and closes. */
        GO_AWAY,
        /** Says that it did nothing with this stream. */
        REFUSE_STREAM
    }

    /** Takes the message. */
    public static ApnsReaction accept() {
        return of(Kind.ANSWER, 200, "");
    }

    /** Refuses with a status and Apple's reason. */
    public static ApnsReaction reject(int status, String reason) {
        return of(Kind.ANSWER, status, reason);
    }

    /** Says that the token is dead since a moment, in milliseconds since 1970. */
    public static ApnsReaction unregistered(long timestamp) {
        return new ApnsReaction(Kind.ANSWER, 410, "Unregistered", OptionalLong.of(timestamp), Duration.ZERO);
    }

    /** Refuses with a body that is not Apple's. */
    public static ApnsReaction garbage(int status, String body) {
        return of(Kind.GARBAGE, status, body);
    }

    /** One of the kinds that need nothing else. */
    public static ApnsReaction of(Kind kind) {
        return of(kind, 200, "");
    }

    /** The same, later. */
    public ApnsReaction after(Duration wait) {
        return new ApnsReaction(kind, status, text, timestamp, wait);
    }

    /** How it is called in records and totals. */
    String label() {
        return kind == Kind.ANSWER ? (status + " " + text).strip() : kind.name();
    }

    private static ApnsReaction of(Kind kind, int status, String text) {
        return new ApnsReaction(kind, status, text, OptionalLong.empty(), Duration.ZERO);
    }
}
