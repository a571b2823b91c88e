package io.lanying.node.cli;

import io.lanying.protocol.wire.BadFrameException;
import io.lanying.protocol.wire.ClientFrame;
import io.lanying.protocol.wire.CloseCode;
import io.lanying.protocol.wire.FrameCodec;
import io.lanying.protocol.wire.FrameFormat;
import io.lanying.protocol.wire.ServerFrame;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One WebSocket of a device, from its handshake to its end: frames in, frames out, nothing remembered. Thread-safe. */
final class DeviceSocket implements WebSocket.Listener {

    private static final FrameCodec CODEC = FrameCodec.of(FrameFormat.JSON);
    private static final int ABNORMAL = 1006;

    /**
     * How a socket ended.
     *
     * @param code a {@link CloseCode}'s number, or a WebSocket's own
     */
    record End(int code, OptionalLong reconnectAfterMs) {

        /** Whether connecting again is in order; a broken connection always is. */
        boolean comesBack() {
            return CloseCode.of(code).map(CloseCode::comesBack).orElse(code != 1002 && code != 1003);
        }
    }

    private final Consumer<ServerFrame> frames;
    private final StringBuilder text = new StringBuilder();
    private final CompletableFuture<End> ended = new CompletableFuture<>();
    private CompletableFuture<WebSocket> sending = new CompletableFuture<>();
    private OptionalLong reconnectAfterMs = OptionalLong.empty();

    private DeviceSocket(Consumer<ServerFrame> frames) {
        this.frames = frames;
    }

    /**
     * Connects; the returned stage fails with what the HTTP client throws.
     *
     * @param frames called in order, never by two threads at once
     */
    static CompletionStage<DeviceSocket> connect(
            HttpClient http, URI server, String token, Consumer<ServerFrame> frames) {
        DeviceSocket socket = new DeviceSocket(frames);
        URI uri = URI.create(server.toString().replaceFirst("^http", "ws") + "/v1/device/socket");
        return http.newWebSocketBuilder()
                .header("Authorization", "Bearer " + token)
                .subprotocols(FrameFormat.JSON.subprotocol())
                .connectTimeout(Duration.ofSeconds(10))
                .buildAsync(uri, socket)
                .thenApply(opened -> socket);
    }

    /** Completes when the socket has ended; never fails. */
    CompletableFuture<End> ended() {
        return ended.copy();
    }

    /** Sends after all frames before it. A broken socket swallows it: {@link #ended} tells. */
    synchronized void send(ClientFrame frame) {
        String json = new String(CODEC.write(frame), StandardCharsets.UTF_8);
        sending = sending.thenCompose(socket -> socket.sendText(json, true));
    }

    /** Closes in good order. */
    synchronized void close() {
        sending = sending.thenCompose(socket -> socket.sendClose(WebSocket.NORMAL_CLOSURE, ""))
                .whenComplete((socket, failure) -> end(WebSocket.NORMAL_CLOSURE));
    }

    @Override
    public void onOpen(WebSocket socket) {
        // Whoever sends waits on this very future, so it is completed and not replaced.
        openedWith(socket);
        socket.request(1);
    }

    private synchronized void openedWith(WebSocket socket) {
        sending.complete(socket);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            byte[] frame = text.toString().getBytes(StandardCharsets.UTF_8);
            text.setLength(0);
            try {
                CODEC.readServer(frame).ifPresent(this::received);
            } catch (BadFrameException e) {
                end(1002);
                socket.abort();
                return null;
            }
        }
        socket.request(1);
        return null;
    }

    private void received(ServerFrame frame) {
        if (frame instanceof ServerFrame.Bye bye && bye.reconnectAfterMs() != null) {
            reconnectAfterMs = OptionalLong.of(bye.reconnectAfterMs());
        }
        frames.accept(frame);
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        end(code);
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        end(ABNORMAL);
    }

    private void end(int code) {
        ended.complete(new End(code, reconnectAfterMs));
    }
}
