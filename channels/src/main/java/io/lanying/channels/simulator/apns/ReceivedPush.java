package io.lanying.channels.simulator.apns;

import java.time.Instant;
import java.util.Map;

/**
 * A request as it reached the simulator.
 *
 * @param connection numbers the connections from 1
 * @param stream the HTTP/2 stream on it
 * @param token the last part of the path
 * @param headers by lower-case name, the {@code :} ones included
 * @param answer what was done: status and reason, or the kind of reaction
 */
public record ReceivedPush(
        Instant at,
        long connection,
        int stream,
        String method,
        String path,
        String token,
        Map<String, String> headers,
        String payload,
        String answer) {

    public ReceivedPush {
        headers = Map.copyOf(headers);
    }

    /** A header's value; empty if it did not come. */
    public String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** Whether Apple would have taken it. */
    public boolean isAccepted() {
        return answer.equals("200");
    }

    /** Says what was done with it, not what it says. */
    @Override
    public String toString() {
        return "ReceivedPush[connection " + connection + ", stream " + stream + ": " + answer + "]";
    }
}
