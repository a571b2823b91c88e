package io.lanying.protocol.wire;

import java.util.Optional;

/**
 * Why the server closes a socket (api.md §3). The number is in the {@code bye} frame and in the WebSocket close frame.
 *
 * <p>4000–4499 and 1013: connect again, not before {@code reconnectAfterMs}. 4500–4999: do not connect again with this
 * token; what would be answered is the same.
 */
public enum CloseCode {
    /** Too much is going on, or the device cannot be reached just now. */
    TRY_LATER(1013),
    /** The node stops; another one serves. */
    GOING_AWAY(4000),
    /** The first frame, {@code hello}, did not come in time. */
    HELLO_TIMEOUT(4001),
    /** Nothing was received for too long: the app sends {@code ping} every {@code pingSeconds}. */
    SILENT(4002),
    /** The app does not read what it is sent. */
    SLOW_CONSUMER(4003),
    /** A message was begun and not finished in time. */
    MESSAGE_TIMEOUT(4004),
    /** The device has a new stream (new owner, restore): connect again and start from 0. */
    STREAM_CHANGED(4005),
    /** A fault of the server. */
    INTERNAL(4006),
    /** The session token has expired: connect again with a new one. */
    TOKEN_EXPIRED(4401),
    /** A newer session of this device took over. */
    REPLACED(4500),
    /** The session token belongs to an earlier owner of the device, or the device was deleted. */
    REVOKED(4501),
    /** The app broke the protocol; the close reason names how. */
    PROTOCOL_MISUSE(4502);

    private final int code;

    CloseCode(int code) {
        this.code = code;
    }

    /** The number on the wire; never changes. */
    public int code() {
        return code;
    }

    /** Whether the app is to connect again, after {@code reconnectAfterMs}. */
    public boolean comesBack() {
        return code < 4500;
    }

    /** The constant with this number; empty for codes that others than this server made. */
    public static Optional<CloseCode> of(int code) {
        for (CloseCode value : values()) {
            if (value.code == code) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }
}
