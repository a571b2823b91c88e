package io.lanying.protocol.wire;

import java.util.Optional;

/** The two encodings of frames; each is a WebSocket subprotocol. */
public enum FrameFormat {
    /** One JSON object in a text message. */
    JSON("lanying.v1.json"),
    /** The same object in CBOR, in a binary message. */
    CBOR("lanying.v1.cbor");

    private final String subprotocol;

    FrameFormat(String subprotocol) {
        this.subprotocol = subprotocol;
    }

    /** The name in {@code Sec-WebSocket-Protocol}. */
    public String subprotocol() {
        return subprotocol;
    }

    /** The format with this subprotocol name, if there is one. */
    public static Optional<FrameFormat> of(String subprotocol) {
        for (FrameFormat format : values()) {
            if (format.subprotocol.equals(subprotocol)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }
}
