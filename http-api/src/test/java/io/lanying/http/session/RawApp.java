package io.lanying.http.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.protocol.wire.ClientFrame;
import io.lanying.protocol.wire.FrameCodec;
import io.lanying.protocol.wire.FrameFormat;
import io.lanying.protocol.wire.ServerFrame;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** An app that speaks HTTP and WebSocket by hand, so that it can also misbehave. */
final class RawApp implements AutoCloseable {

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Frame(int opcode, byte[] payload) {

        int closeCode() {
            assertThat(opcode).as("a close frame").isEqualTo(8);
            return ((payload[0] & 0xff) << 8) | (payload[1] & 0xff);
        }

        String closeReason() {
            return new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
        }
    }

    private static final byte[] MASK = {0x1a, 0x2b, 0x3c, 0x4d};

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final FrameCodec codec;
    private String response = "";

    private RawApp(int port, FrameFormat format) throws IOException {
        socket = new Socket();
        socket.setReceiveBufferSize(8 * 1024);
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(8_000);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1024));
        out = socket.getOutputStream();
        codec = FrameCodec.of(format);
    }

    /** Sends an upgrade request with these further headers; {@link #status} is the answer's. */
    static RawApp request(int port, FrameFormat format, String target, String... headers) throws IOException {
        var app = new RawApp(port, format);
        var text = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        app.out.write(text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        app.response = app.readHead();
        return app;
    }

    static RawApp connect(int port, FrameFormat format, String token) throws IOException {
        RawApp app = request(
                port,
                format,
                "/v1/device/socket",
                "Authorization: Bearer " + token,
                "Sec-WebSocket-Protocol: " + format.subprotocol());
        assertThat(app.status()).as(app.response).isEqualTo(101);
        return app;
    }

    int status() {
        return Integer.parseInt(response.split(" ", 3)[1]);
    }

    String response() {
        return response;
    }

    String readBody() throws IOException {
        int length = Integer.parseInt(response.lines()
                .filter(line -> line.startsWith("Content-Length: "))
                .findFirst()
                .orElseThrow()
                .substring("Content-Length: ".length()));
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    void say(ClientFrame frame) throws IOException {
        sendMessage(codec.write(frame));
    }

    void sendMessage(byte[] payload) throws IOException {
        sendFrame(codec.format() == FrameFormat.JSON ? 1 : 2, true, payload);
    }

    void sendText(String text) throws IOException {
        sendFrame(1, true, text.getBytes(StandardCharsets.UTF_8));
    }

    void sendFrame(int opcode, boolean fin, byte[] payload) throws IOException {
        sendHead(opcode, fin, payload.length);
        byte[] masked = new byte[payload.length];
        for (int i = 0; i < payload.length; i++) {
            masked[i] = (byte) (payload[i] ^ MASK[i & 3]);
        }
        out.write(masked);
        out.flush();
    }

    /** A frame's head without its payload. */
    void sendHead(int opcode, boolean fin, long length) throws IOException {
        var head = new ByteArrayOutputStream();
        head.write((fin ? 0x80 : 0) | opcode);
        if (length < 126) {
            head.write(0x80 | (int) length);
        } else if (length < 65_536) {
            head.write(0x80 | 126);
            head.write((int) (length >> 8));
            head.write((int) length);
        } else {
            head.write(0x80 | 127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                head.write((int) (length >> shift));
            }
        }
        head.writeBytes(MASK);
        out.write(head.toByteArray());
        out.flush();
    }

    void sendBytes(int... bytes) throws IOException {
        var raw = new ByteArrayOutputStream();
        for (int value : bytes) {
            raw.write(value);
        }
        out.write(raw.toByteArray());
        out.flush();
    }

    Frame readFrame() throws IOException {
        int first = in.readUnsignedByte();
        assertThat(first & 0xf0).as("whole frames without extensions").isEqualTo(0x80);
        long length = in.readUnsignedByte();
        assertThat(length).as("servers do not mask").isLessThan(128);
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        return new Frame(first & 0xf, in.readNBytes((int) length));
    }

    /** The next frame, which must be of this type. */
    <F extends ServerFrame> F expect(Class<F> type) throws Exception {
        Frame frame = readFrame();
        if (frame.opcode() == 8) {
            throw new AssertionError("closed: " + frame.closeCode() + " " + frame.closeReason());
        }
        assertThat(frame.opcode()).isEqualTo(codec.format() == FrameFormat.JSON ? 1 : 2);
        ServerFrame read = codec.readServer(frame.payload()).orElseThrow();
        if (read instanceof ServerFrame.Bye && !type.isInstance(read)) {
            throw new AssertionError("closed: " + read + " " + readFrame().closeReason());
        }
        assertThat(read).isInstanceOf(type);
        return type.cast(read);
    }

    /** The next frames must be {@code bye} and close, with the same code; answers the close and waits for the end. */
    Frame expectClose(int code) throws Exception {
        ServerFrame.Bye bye = expect(ServerFrame.Bye.class);
        assertThat(bye.code()).isEqualTo(code);
        if (code < 4500) {
            assertThat(bye.reconnectAfterMs()).isBetween(500L, 20_000L);
        } else {
            assertThat(bye.reconnectAfterMs()).isNull();
        }
        Frame close = readFrame();
        assertThat(close.closeCode()).isEqualTo(code);
        sendFrame(8, true, new byte[] {close.payload()[0], close.payload()[1]});
        expectEnd();
        return close;
    }

    /** The connection ends; what still comes before is let go. */
    void expectEnd() throws IOException {
        byte[] buffer = new byte[64 * 1024];
        try {
            while (in.read(buffer) >= 0) {
                // until it ends
            }
        } catch (SocketException | EOFException cut) {
            // ended by a reset
        }
    }

    private String readHead() throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
