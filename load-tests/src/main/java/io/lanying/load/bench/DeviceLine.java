package io.lanying.load.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * A device's WebSocket, in JSON: says hello, checks that numbers follow one another, acknowledges once for all that one
 * read brought.
 */
final class DeviceLine extends Line {

    /** Hears of what the server says. */
    interface Listener {

        /** The app may speak now, and has said hello. */
        void saidHello();

        void welcomed();

        /** An item; {@code mark} is the number after the {@code m} of a push's title, or of a message's text. */
        void received(long mark);

        /** The answer to {@link DeviceLine#ping} or {@link DeviceLine#pingAfterAck}. */
        void ponged();

        /**
         * The server ended the connection, or did not begin it.
         *
         * @param againAfterMillis when the app is told to come again; -1: it is not
         */
        void ended(String why, long againAfterMillis) throws IOException;
    }

    private static final byte[] HEAD_END = Bytes.of("\r\n\r\n");
    private static final byte[] ITEM_SEQ = Bytes.of("\"itemSeq\":");
    private static final byte[] ACKED_SEQ = Bytes.of("\"ackedSeq\":");
    private static final byte[] LAST_SEQ = Bytes.of("\"lastSeq\":");
    private static final byte[] TO_SEQ = Bytes.of("\"toSeq\":");
    private static final byte[] AGAIN_AFTER = Bytes.of("\"reconnectAfterMs\":");
    private static final byte[] RETRY_AFTER = Bytes.of("Retry-After: ");

    /** An app that was cut off without a word. */
    private static final long AGAIN_AFTER_MILLIS = 1_000;

    /** Where pushes have their mark. */
    static final byte[] TITLE = Bytes.of("\"title\":\"m");

    /** Where messages of conversations have it. */
    static final byte[] TEXT_OF_MESSAGE = Bytes.of("\"text\":\"m");

    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;

    private final Listener listener;
    private final byte[] mark;
    private boolean upgraded;
    private boolean ended;
    private boolean pingWanted;
    private long againAfter = AGAIN_AFTER_MILLIS;
    private long unacknowledged;
    private long lastSeq;
    private long ackedSeq;
    private int outOfOrder;
    private int gone;

    /** @param mark what stands before an item's mark */
    DeviceLine(InetSocketAddress server, Wires wires, String token, byte[] mark, Listener listener) throws IOException {
        super(server, wires);
        this.listener = listener;
        this.mark = mark;
        byte[] request = Bytes.of("GET /v1/device/socket HTTP/1.1\r\nHost: " + server.getHostString() + ":"
                + server.getPort() + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: bGFueWluZy1sb2FkdGVzdA==\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Protocol: lanying.v1.json\r\nAuthorization: Bearer " + token + "\r\n\r\n");
        write(request, request.length);
    }

    @Override
    int consume(byte[] bytes, int end) throws IOException {
        int used = upgraded ? 0 : upgrade(bytes, end);
        if (!upgraded) {
            return used;
        }
        int frame = frameLength(bytes, used, end);
        while (frame > 0 && !ended) {
            onFrame(bytes, used, used + frame);
            used += frame;
            frame = frameLength(bytes, used, end);
        }
        if (ended) {
            return end;
        }
        if (lastSeq > ackedSeq) {
            ackedSeq = lastSeq;
            writeText("{\"t\":\"ack\",\"itemSeq\":" + lastSeq + "}");
        }
        if (pingWanted) {
            pingWanted = false;
            ping();
        }
        return used;
    }

    @Override
    void cutOff() throws IOException {
        end("cut off", againAfter);
    }

    private void end(String why, long againAfterMillis) throws IOException {
        ended = true;
        close();
        listener.ended(why, againAfterMillis);
    }

    void ping() throws IOException {
        writeText("{\"t\":\"ping\"}");
    }

    /** Behind the acknowledgement of what is being received: its answer says that the server has that. */
    void pingAfterAck() {
        pingWanted = true;
    }

    private int upgrade(byte[] bytes, int end) throws IOException {
        int headEnd = Bytes.indexOf(bytes, 0, end, HEAD_END);
        if (headEnd < 0) {
            return 0;
        }
        String head = new String(bytes, 0, headEnd, StandardCharsets.ISO_8859_1);
        if (head.startsWith("HTTP/1.1 503") || head.startsWith("HTTP/1.1 429")) {
            end("not upgraded", Math.max(1, Bytes.numberAfter(bytes, 0, headEnd, RETRY_AFTER)) * 1_000);
            return end;
        }
        if (!head.startsWith("HTTP/1.1 101")) {
            throw new IOException("not upgraded: " + head);
        }
        upgraded = true;
        writeText("{\"t\":\"hello\",\"streamId\":null,\"ackedSeq\":0,\"features\":[]}");
        listener.saidHello();
        return headEnd + HEAD_END.length;
    }

    /** The whole frame's length in bytes, or 0 if it is not all there. */
    static int frameLength(byte[] bytes, int from, int end) {
        if (end - from < 2) {
            return 0;
        }
        int head = headLength(bytes, from);
        if (end - from < head) {
            return 0;
        }
        long payload = bytes[from + 1] & 0x7f;
        if (payload >= 126) {
            payload = 0;
            for (int place = from + 2; place < from + head; place++) {
                payload = (payload << 8) | (bytes[place] & 0xff);
            }
        }
        return end - from - head < payload ? 0 : head + (int) payload;
    }

    /** Without a mask: a server's frames have none. */
    private static int headLength(byte[] bytes, int from) {
        int length = bytes[from + 1] & 0x7f;
        return length < 126 ? 2 : length == 126 ? 4 : 10;
    }

    private void onFrame(byte[] bytes, int from, int to) throws IOException {
        int payload = from + headLength(bytes, from);
        boolean last = (bytes[from] & 0x80) != 0;
        int opcode = bytes[from] & 0x0f;
        if (opcode == PING) {
            byte[] pong = frame(0xa, bytes, payload, to - payload);
            write(pong, pong.length);
        } else if (opcode == CLOSE) {
            int code = to - payload < 2 ? 0 : ((bytes[payload] & 0xff) << 8) | (bytes[payload + 1] & 0xff);
            end("closed with " + code, againAfter);
        } else if (opcode == CONTINUATION || (opcode == TEXT && !last)) {
            throw new IOException("a frame in pieces");
        } else if (opcode == TEXT) {
            onText(bytes, payload, to);
        }
    }

    /** The first field is {@code t}: its seventh byte tells the kinds apart. */
    private void onText(byte[] bytes, int from, int to) {
        switch (bytes[from + 6]) {
            case 'i' -> {
                follow(Bytes.numberAfter(bytes, from, to, ITEM_SEQ), 1);
                long marked = Bytes.numberAfter(bytes, from, to, mark);
                if (marked >= 0) { // not a receipt
                    listener.received(marked);
                }
            }
            case 'w' -> {
                lastSeq = Bytes.numberAfter(bytes, from, to, ACKED_SEQ);
                ackedSeq = lastSeq;
                unacknowledged = Bytes.numberAfter(bytes, from, to, LAST_SEQ) - lastSeq;
                listener.welcomed();
            }
            case 'g' -> {
                long toSeq = Bytes.numberAfter(bytes, from, to, TO_SEQ);
                gone += (int) (toSeq - lastSeq);
                follow(toSeq, toSeq - lastSeq);
            }
            case 'p' -> listener.ponged();
            case 'b' -> againAfter = Bytes.numberAfter(bytes, from, to, AGAIN_AFTER);
            default -> {}
        }
    }

    private void follow(long number, long step) {
        if (number != lastSeq + step) {
            outOfOrder++;
        }
        lastSeq = number;
    }

    private void writeText(String text) throws IOException {
        byte[] payload = Bytes.of(text);
        byte[] frame = frame(TEXT, payload, 0, payload.length);
        write(frame, frame.length);
    }

    /** A client's short frame, masked with zeros as the standard allows. */
    static byte[] frame(int opcode, byte[] payload, int from, int length) {
        if (length > 125) {
            throw new IllegalArgumentException("only short frames are sent");
        }
        byte[] frame = new byte[6 + length];
        frame[0] = (byte) (0x80 | opcode);
        frame[1] = (byte) (0x80 | length);
        System.arraycopy(payload, from, frame, 6, length);
        return frame;
    }

    /** How many items waited when it was welcomed. */
    long unacknowledged() {
        return unacknowledged;
    }

    int outOfOrder() {
        return outOfOrder;
    }

    /** Numbers that were said never to come. */
    int gone() {
        return gone;
    }
}
