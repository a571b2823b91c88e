package io.lanying.load.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * A way to a server on this machine which takes as long as it is told to: each thing that is said to the server, up to
 * {@value #AT_ONCE} bytes, waits by itself; answers do not. Two threads for each connection. Thread-safe.
 */
final class SlowWay implements AutoCloseable {

    private static final int AT_ONCE = 64 * 1024;

    private final ServerSocket listening;
    private final int serverPort;
    private final Random random;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile long leastNanos;
    private volatile long mostNanos;

    /** Listens on a free loopback port, whether the server is there or not; takes no time until told otherwise. */
    SlowWay(int serverPort, long seed) {
        this.serverPort = serverPort;
        this.random = new Random(seed);
        try {
            listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::acceptAll);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** From now on each thing that is said takes between least and most. */
    void delay(Duration least, Duration most) {
        leastNanos = least.toNanos();
        mostNanos = most.toNanos();
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
                Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
            open.add(server);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            threads.execute(() -> carry(server, client, false));
            carry(client, server, true);
            open.remove(server);
        } catch (IOException e) {
            // The server is not there: neither are we.
        } finally {
            open.remove(client);
        }
    }

    /** Until one side ends, and with it the other. */
    private void carry(Socket from, Socket to, boolean slowly) {
        byte[] bytes = new byte[AT_ONCE];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                if (slowly) {
                    take(leastNanos, mostNanos);
                }
                out.write(bytes, 0, count);
            }
        } catch (IOException e) {
            // One side is gone.
        }
    }

    private void take(long least, long most) {
        if (most > 0) {
            LockSupport.parkNanos(least + (long) (random.nextDouble() * (most - least)));
        }
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
