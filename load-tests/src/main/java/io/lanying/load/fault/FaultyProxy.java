package io.lanying.load.fault;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between clients and the server and breaks a promise. Two threads for each connection: for tests with few of them.
 */
public final class FaultyProxy implements AutoCloseable {

    private static final int TEXT = 1;

    private final ServerSocket listening;
    private final String serverHost;
    private final int serverPort;
    private final Meddling meddling;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger sockets = new AtomicInteger();

    /** Listens on a free loopback port before the server of this address is there. */
    public FaultyProxy(URI server, PlantedFault fault) {
        try {
            listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        serverHost = server.getHost();
        serverPort = server.getPort();
        meddling = fault.newMeddling();
        threads.execute(this::acceptAll);
    }

    /** What clients should take for the server. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort());
    }

    private void acceptAll() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                threads.execute(() -> serve(client));
            } catch (IOException e) {
                // Closed; the loop ends.
            }
        }
    }

    private void serve(Socket client) {
        open.add(client);
        try (client;
                Socket server = new Socket(serverHost, serverPort)) {
            open.add(server);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            exchange(client, server);
            open.remove(server);
        } catch (IOException e) {
            // One side is gone, and with it the other: what a proxy is for.
        } finally {
            open.remove(client);
        }
    }

    private void exchange(Socket client, Socket server) throws IOException {
        InputStream fromClient = new BufferedInputStream(client.getInputStream());
        InputStream fromServer = new BufferedInputStream(server.getInputStream());
        while (true) {
            HttpMessage request = HttpMessage.read(fromClient);
            Optional<HttpMessage> instead = meddling.instead(request);
            if (instead.isPresent()) {
                instead.get().write(client.getOutputStream());
                continue;
            }
            meddling.request(request).write(server.getOutputStream());
            HttpMessage answer = HttpMessage.read(fromServer);
            meddling.answer(request, answer).write(client.getOutputStream());
            if (request.isUpgrade() && answer.startsWith("HTTP/1.1 101")) {
                threads.execute(() -> pipe(fromClient, server));
                frames(new DataInputStream(fromServer), client.getOutputStream());
            }
        }
    }

    private static void pipe(InputStream from, Socket to) {
        try {
            from.transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (SocketException e) {
            // The other direction ended first.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A server's frames have no mask; those that are not whole texts pass as they are. */
    private void frames(DataInputStream in, OutputStream out) throws IOException {
        int socket = sockets.incrementAndGet();
        while (true) {
            int first = in.readUnsignedByte();
            int length = in.readUnsignedByte();
            if (length == 126) {
                length = in.readUnsignedShort();
            } else if (length == 127) {
                length = (int) in.readLong();
            }
            byte[] payload = new byte[length];
            in.readFully(payload);
            if (first == (0x80 | TEXT)) {
                for (String text : meddling.frame(socket, new String(payload, StandardCharsets.UTF_8))) {
                    write(out, first, text.getBytes(StandardCharsets.UTF_8));
                }
            } else {
                write(out, first, payload);
            }
            out.flush();
        }
    }

    private static void write(OutputStream out, int first, byte[] payload) throws IOException {
        byte[] head = payload.length < 126
                ? new byte[] {(byte) first, (byte) payload.length}
                : new byte[] {(byte) first, 126, (byte) (payload.length >> 8), (byte) payload.length};
        out.write(head);
        out.write(payload);
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdownNow();
    }
}
