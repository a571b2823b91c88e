package io.lanying.http.session;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.session.SessionMessage;
import io.lanying.protocol.wire.CloseCode;

/** One socket, as its session sees it. Thread-safe; calls after its end do nothing. */
interface Socket {

    /** The session is there: from now on it is told what the app says. */
    void started(ActorRef<SessionMessage> session);

    /** Sends a frame; false if the app does not read what it was sent already: close then. */
    boolean send(byte[] frame, FrameType type);

    /**
     * Sends a frame that tells of numbers.
     *
     * @param upTo the highest of them
     */
    default boolean send(byte[] frame, FrameType type, long upTo) {
        return send(frame, type);
    }

    /** Sends a frame that may be missed; false, and nothing is sent, if others wait for the app to read. */
    default boolean sendUnlessBusy(byte[] frame, FrameType type) {
        return false;
    }

    /** What is sent from now on is of this stream. */
    default void has(String streamId) {}

    /** The newest acknowledgement since the last call; -1 if there is none. */
    long takeAck();

    /** The session has dealt with one {@code Said}: the socket may read on. */
    void handled();

    /** Drops what is queued, says {@code bye} and closes. */
    void close(CloseCode code, String reason);
}
