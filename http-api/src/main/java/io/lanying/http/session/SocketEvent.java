package io.lanying.http.session;

import io.lanying.protocol.sealing.Sealer;
import io.lanying.protocol.session.SessionMessage;
import io.lanying.protocol.wire.ClientFrame;
import io.lanying.protocol.wire.ServerFrame;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a session hears from its own node. */
sealed interface SocketEvent extends SessionMessage.Internal {

    /** The app said something that is neither an acknowledgement nor a ping. */
    record Said(ClientFrame frame) implements SocketEvent {}

    /**
     * The app only listens: it says nothing here, what it acknowledges comes another way.
     *
     * @param streamId the stream it knows; null if none
     * @param seenSeq up to where it has that stream; that is no acknowledgement
     */
    record Listens(@Nullable String streamId, long seenSeq) implements SocketEvent {}

    /** Time to take what the app wants to watch, or to say again what it watches. */
    record WatchDue() implements SocketEvent {}

    /** What became of a message that the app sent. */
    record SendEnded(ServerFrame.Reply reply) implements SocketEvent {}

    /** The app acknowledged; {@link Socket#takeAck} has the newest. */
    record AckWaits() implements SocketEvent {}

    /** The socket has ended. */
    record SocketEnded(String reason) implements SocketEvent {}

    /** No {@code hello} came in time. */
    record HelloOverdue() implements SocketEvent {}

    /** The session token has expired. */
    record TokenExpired() implements SocketEvent {}

    /** The node stops. */
    record NodeStops() implements SocketEvent {}

    /** Time to attach, or to attach again because no answer came. */
    record AttachDue() implements SocketEvent {}

    /**
     * The key that the next item waits for was looked up; empty if its subject was erased.
     *
     * @param round which look-up this answers: only the present one counts
     */
    record KeyFound(long round, Optional<Sealer> sealer) implements SocketEvent {}

    /** The key could not be looked up. */
    record KeyUnavailable(long round) implements SocketEvent {}

    /** Time to look the key up again. */
    record KeyDue(long round) implements SocketEvent {}
}
