package io.lanying.http.session;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Frames as server-sent events: the frame in {@code data}, its type as {@code event}, {@code streamId:itemSeq} as {@code id}. */
final class ServerSentEvents {

    private ServerSentEvents() {}

    /** An event that is not numbered: it does not change what the app comes back with. */
    static byte[] event(String type, byte[] frame) {
        return joined("event: " + type + "\ndata: ", frame);
    }

    /** An event after which the app comes back with this number. */
    static byte[] event(String streamId, long upTo, String type, byte[] frame) {
        return joined("id: " + streamId + ":" + upTo + "\nevent: " + type + "\ndata: ", frame);
    }

    /** The last event; when to come back, if at all. */
    static byte[] last(@Nullable Long reconnectAfterMs, byte[] frame) {
        String retry = reconnectAfterMs == null ? "" : "retry: " + reconnectAfterMs + "\n";
        return joined(retry + "event: bye\ndata: ", frame);
    }

    private static byte[] joined(String head, byte[] frame) {
        byte[] first = head.getBytes(StandardCharsets.UTF_8);
        byte[] event = new byte[first.length + frame.length + 2];
        System.arraycopy(first, 0, event, 0, first.length);
        System.arraycopy(frame, 0, event, first.length, frame.length);
        for (int i = first.length; i < event.length - 2; i++) {
            if (event[i] == '\n' || event[i] == '\r') {
                event[i] = ' '; // in JSON only ever between its parts; here it would end the field
            }
        }
        event[event.length - 2] = '\n';
        event[event.length - 1] = '\n';
        return event;
    }
}
