package io.lanying.http.session;

import akka.http.impl.engine.ws.FrameEvent;
import akka.http.impl.engine.ws.FrameHeader;
import akka.http.impl.engine.ws.Protocol;
import akka.http.impl.engine.ws.UpgradeToWebSocketLowLevel;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.ws.WebSocketUpgrade;
import akka.stream.FlowShape;
import akka.stream.Graph;
import akka.util.ByteString;
import scala.Option;

/**
 * The door to Akka HTTP's WebSocket frames below its message API.
 *
 * <p>That API can close a socket with 1000 or 1011 only, and our close codes are part of the public contract; it also cannot
 * bound a fragmented message in size and time, and holds several stream stages and buffers for each idle connection. The frame
 * level is internal to Akka HTTP, whose version is pinned for its licence; Play Framework has used the same door for years
 * (akka.http.play.WebSocketHandler). Only this class, {@link MessageAssembler} and {@link SocketStage} name such classes.
 */
final class WebSocketFrames {

    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    /** A close frame without a code, as RFC 6455 §7.1.5 reads it. */
    static final int NO_CODE = 1005;

    private static final Option<Object> UNMASKED = Option.empty();

    private WebSocketFrames() {}

    /** The answer that switches the connection to frames. */
    static HttpResponse upgrade(
            WebSocketUpgrade upgrade, String subprotocol, Graph<FlowShape<FrameEvent, FrameEvent>, ?> handler) {
        @SuppressWarnings("unchecked") // the materialised value is never looked at
        var frames = (Graph<FlowShape<FrameEvent, FrameEvent>, Object>) handler;
        return ((UpgradeToWebSocketLowLevel) upgrade).handleFrames(frames, Option.apply(subprotocol));
    }

    static int opcode(FrameHeader header) {
        return header.opcode().code();
    }

    static FrameEvent text(byte[] utf8) {
        return full(TEXT, ByteString.fromArrayUnsafe(utf8));
    }

    static FrameEvent binary(byte[] bytes) {
        return full(BINARY, ByteString.fromArrayUnsafe(bytes));
    }

    static FrameEvent pong(byte[] payload) {
        return full(PONG, ByteString.fromArrayUnsafe(payload));
    }

    static FrameEvent close(int code, String reason) {
        return FrameEvent.closeFrame(code, reason, UNMASKED);
    }

    /** The answer to the peer's close frame: its own code, if it is one. */
    static FrameEvent closeAnswer(byte[] payload) {
        int code = payload.length < 2 ? NO_CODE : ((payload[0] & 0xff) << 8) | (payload[1] & 0xff);
        boolean sendable = (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || code >= 3000;
        return sendable && code < 5000 ? close(code, "") : full(CLOSE, ByteString.emptyByteString());
    }

    private static FrameEvent full(int opcode, ByteString data) {
        return FrameEvent.fullFrame(
                Protocol.Opcode$.MODULE$.forCode((byte) opcode), UNMASKED, data, true, false, false, false);
    }
}
