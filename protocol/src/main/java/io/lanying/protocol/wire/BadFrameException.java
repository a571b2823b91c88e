package io.lanying.protocol.wire;

/** The bytes are not a frame. The message never holds any of them. */
public final class BadFrameException extends Exception {

    private static final long serialVersionUID = 1L;

    BadFrameException(String message) {
        super(message, null, false, false);
    }
}
