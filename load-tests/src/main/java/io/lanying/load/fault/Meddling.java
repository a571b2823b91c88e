package io.lanying.load.fault;

import java.util.List;
import java.util.Optional;

/** What a {@link FaultyProxy} does to what passes. By itself: nothing. Called from several threads. */
interface Meddling {

    /** An answer given without asking the server, if any. */
    default Optional<HttpMessage> instead(HttpMessage request) {
        return Optional.empty();
    }

    default HttpMessage request(HttpMessage request) {
        return request;
    }

    default HttpMessage answer(HttpMessage request, HttpMessage answer) {
        return answer;
    }

    /**
     * What becomes of a frame to a device.
     *
     * @param socket numbers the sockets
     */
    default List<String> frame(int socket, String text) {
        return List.of(text);
    }
}
