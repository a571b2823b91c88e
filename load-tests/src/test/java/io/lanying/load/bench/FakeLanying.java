package io.lanying.load.bench;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Enough of a server for the load generator: accepts sends and hands them to the device's socket, at once or when it comes, messages
 * to everybody's, faultily if told to.
 */
final class FakeLanying implements AutoCloseable {

    enum Fault {
        NONE,
        LOSE_EVERY_TENTH,
        REPEAT_EVERY_TENTH,
        SKIP_A_NUMBER,
        REFUSE_EVERY_TENTH,
        REFUSE_FIRST_UPGRADE,
        FORGET_ACKS
    }

    private static final Pattern DEVICE = Pattern.compile("\"devices\":\\[\"([^\"]+)\"]");
    private static final Pattern MESSAGE = Pattern.compile("\"message\":(\\{.*})}$");

    /** What a device has on its socket: all but what it had acknowledged when it connected. */
    private static final class Session {
        private final List<String> items = new ArrayList<>();
        private Optional<OutputStream> out = Optional.empty();
        private int acked;
        private int lastSeq;
    }

    private final ServerSocket socket = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private final AtomicInteger sends = new AtomicInteger();
    private final AtomicInteger acks = new AtomicInteger();
    private final AtomicInteger upgrades = new AtomicInteger();
    private final Fault fault;

    FakeLanying(Fault fault) throws IOException {
        this.fault = fault;
        threads.execute(this::acceptAll);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort());
    }

    int acks() {
        return acks.get();
    }

    private void acceptAll() {
        try {
            while (true) {
                Socket accepted = socket.accept();
                threads.execute(() -> serve(accepted));
            }
        } catch (SocketException e) {
            // Closed by the test.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(Socket accepted) {
        try (accepted) {
            accepted.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(accepted.getInputStream());
            String head = head(in);
            if (head.startsWith("GET /v1/device/socket")) {
                device(head, in, accepted.getOutputStream());
                return;
            }
            while (true) {
                send(head, in, accepted.getOutputStream());
                head = head(in);
            }
        } catch (EOFException | SocketException e) {
            // The client went.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String head(DataInputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        return head.toString();
    }

    private void device(String head, DataInputStream in, OutputStream out) throws IOException {
        if (upgrades.incrementAndGet() == 1 && fault == Fault.REFUSE_FIRST_UPGRADE) {
            out.write(Bytes.of("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"));
            return;
        }
        out.write(Bytes.of("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"));
        Session session = session(head.replaceAll("(?s).*Bearer (\\S+).*", "$1"));
        while (true) {
            int opcode = in.readUnsignedByte() & 0xf;
            byte[] masked = new byte[(in.readUnsignedByte() & 0x7f) + 4];
            in.readFully(masked);
            String text = new String(masked, 4, masked.length - 4, StandardCharsets.UTF_8);
            synchronized (session) {
                if (opcode == 1 && text.contains("hello")) {
                    welcome(session, out);
                } else if (text.contains("ping")) {
                    frame(out, "{\"t\":\"pong\"}");
                } else if (text.contains("ack")) {
                    acks.incrementAndGet();
                    session.acked = fault == Fault.FORGET_ACKS ? 0 : Integer.parseInt(text.replaceAll("\\D", ""));
                }
            }
        }
    }

    private Session session(String device) {
        return sessions.computeIfAbsent(device, name -> new Session());
    }

    private static void welcome(Session session, OutputStream out) throws IOException {
        frame(
                out,
                "{\"t\":\"welcome\",\"streamId\":\"s\",\"ackedSeq\":" + session.acked + ",\"lastSeq\":"
                        + session.lastSeq + "}");
        session.out = Optional.of(out);
        for (String item : session.items) {
            if (Integer.parseInt(item.replaceAll("(?s).*\"itemSeq\":(\\d+).*", "$1")) > session.acked) {
                frame(out, item);
            }
        }
    }

    private void send(String head, DataInputStream in, OutputStream out) throws IOException {
        byte[] body = new byte[Integer.parseInt(head.replaceAll("(?s).*Content-Length: (\\d+).*", "$1"))];
        in.readFully(body);
        String json = new String(body, StandardCharsets.UTF_8);
        boolean tenth = sends.incrementAndGet() % 10 == 0;
        if (tenth && fault == Fault.REFUSE_EVERY_TENTH) {
            out.write(Bytes.of("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"));
            return;
        }
        if (head.startsWith("POST /v1/conversations/")) {
            for (Session session : sessions.values()) {
                deliver(session, json, tenth);
            }
            out.write(Bytes.of("HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}"));
            return;
        }
        Matcher device = DEVICE.matcher(json);
        Matcher message = MESSAGE.matcher(json);
        if (!device.find() || !message.find()) {
            throw new IOException("not a notification: " + json);
        }
        deliver(session(device.group(1)), message.group(1), tenth);
        out.write(Bytes.of("HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}"));
    }

    private void deliver(Session session, String message, boolean tenth) throws IOException {
        synchronized (session) {
            int step = tenth && fault == Fault.SKIP_A_NUMBER ? 2 : 1;
            int times = !tenth ? 1 : fault == Fault.LOSE_EVERY_TENTH ? 0 : fault == Fault.REPEAT_EVERY_TENTH ? 2 : 1;
            for (int time = 0; time < times; time++) {
                session.lastSeq += step;
                String item = "{\"t\":\"item\",\"itemSeq\":" + session.lastSeq + ",\"body\":" + message + "}";
                session.items.add(item);
                if (session.out.isPresent()) {
                    frame(session.out.get(), item);
                }
            }
        }
    }

    private static void frame(OutputStream out, String text) throws IOException {
        byte[] payload = Bytes.of(text);
        byte[] head = payload.length < 126
                ? new byte[] {(byte) 0x81, (byte) payload.length}
                : new byte[] {(byte) 0x81, 126, (byte) (payload.length >> 8), (byte) payload.length};
        byte[] frame = new byte[head.length + payload.length];
        System.arraycopy(head, 0, frame, 0, head.length);
        System.arraycopy(payload, 0, frame, head.length, payload.length);
        out.write(frame);
    }

    @Override
    public void close() throws IOException {
        socket.close();
        threads.shutdownNow();
    }
}
