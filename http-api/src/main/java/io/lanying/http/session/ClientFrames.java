package io.lanying.http.session;

import io.lanying.protocol.wire.ClientFrame;
import java.util.Map;

/** How frames of apps are counted. */
final class ClientFrames {

    private static final Map<Class<?>, FrameType> TYPES = Map.of(
            ClientFrame.Hello.class, FrameType.HELLO,
            ClientFrame.Ack.class, FrameType.ACK,
            ClientFrame.Ping.class, FrameType.PING,
            ClientFrame.Send.class, FrameType.SEND,
            ClientFrame.Read.class, FrameType.READ,
            ClientFrame.Opened.class, FrameType.OPENED,
            ClientFrame.BadgeSeen.class, FrameType.BADGE_SEEN,
            ClientFrame.Typing.class, FrameType.TYPING,
            ClientFrame.Watch.class, FrameType.WATCH);

    private ClientFrames() {}

    static FrameType typeOf(ClientFrame frame) {
        return TYPES.getOrDefault(frame.getClass(), FrameType.UNKNOWN);
    }
}
