package io.lanying.channels.simulator.fcm;

import java.time.Instant;
import java.util.Map;

/**
 * One request as it came, with what was done.
 *
 * @param headers by lower-case name
 * @param status the answer's; 0 if there was none
 */
public record FcmRecorded(
        Instant at, Kind kind, String path, Map<String, String> headers, String body, int status, String answer) {

    /** Which address it came to. */
    public enum Kind {
        TOKEN,
        SEND,
        OTHER
    }

    public FcmRecorded {
        headers = Map.copyOf(headers);
    }

    /** Whether a message was taken, dry runs included. */
    public boolean isAccepted() {
        return kind == Kind.SEND && status == 200;
    }
}
