package io.lanying.load.cluster;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A device's socket of an app that says hello and from then on reads one byte a second, on a kernel that keeps little for it. Reads on a
 * thread of its own until the server cuts it off.
 */
final class SlowSocket implements AutoCloseable {

    private static final int KEPT_BY_KERNEL = 4 * 1024;
    private static final Duration A_BYTE = Duration.ofSeconds(1);
    private static final int CONNECT_MILLIS = 5_000;
    private static final String HEAD_END = "\r\n\r\n";

    private final Socket socket = new Socket();
    private final Thread reader = new Thread(this::read, "slow-reader");
    private volatile boolean cutOff;

    /** @throws UncheckedIOException if the server does not let it in */
    SlowSocket(URI server, String token) {
        try {
            socket.setReceiveBufferSize(KEPT_BY_KERNEL);
            socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), CONNECT_MILLIS);
            write("GET /v1/device/socket HTTP/1.1\r\nHost: " + server.getAuthority()
                    + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Key: bGFueWluZy1sb2FkdGVzdA==\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Protocol: lanying.v1.json\r\nAuthorization: Bearer " + token + HEAD_END);
            demandUpgrade();
            socket.getOutputStream().write(text("{\"t\":\"hello\",\"streamId\":null,\"ackedSeq\":0,\"features\":[]}"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        reader.setDaemon(true);
        reader.start();
    }

    private void write(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void demandUpgrade() throws IOException {
        StringBuilder head = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (!head.toString().endsWith(HEAD_END)) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed before it was upgraded");
            }
            head.append((char) next);
        }
        if (!head.toString().startsWith("HTTP/1.1 101")) {
            throw new IOException("not upgraded: " + head);
        }
    }

    /** A client's short frame, masked with zeros as the standard allows. */
    private static byte[] text(String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(0x81);
        frame.write(0x80 | payload.length);
        frame.writeBytes(new byte[4]);
        frame.writeBytes(payload);
        return frame.toByteArray();
    }

    private void read() {
        try {
            while (socket.getInputStream().read() >= 0) {
                LockSupport.parkNanos(A_BYTE.toNanos());
            }
        } catch (IOException e) {
            // Cut off, by the server or by close().
        }
        cutOff = true;
    }

    /** Whether the server has had enough. */
    boolean isCutOff() {
        return cutOff;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
