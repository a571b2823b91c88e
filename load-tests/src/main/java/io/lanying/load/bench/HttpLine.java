package io.lanying.load.bench;

import java.io.IOException;
import java.net.InetSocketAddress;

/** A kept-alive HTTP/1.1 connection with one request on its way at a time. */
final class HttpLine extends Line {

    /** Hears of answers. */
    interface Listener {
        void answered(HttpLine line, int message, int status) throws IOException;
    }

    private static final byte[] HEAD_END = Bytes.of("\r\n\r\n");
    private static final byte[] LENGTH = Bytes.of("Content-Length: ");
    private static final int NONE = -1;

    private final Listener listener;
    private int message = NONE;

    HttpLine(InetSocketAddress server, Wires wires, Listener listener) throws IOException {
        super(server, wires);
        this.listener = listener;
    }

    void send(int number, byte[] request) throws IOException {
        message = number;
        write(request, request.length);
    }

    @Override
    int consume(byte[] bytes, int end) throws IOException {
        int headEnd = Bytes.indexOf(bytes, 0, end, HEAD_END);
        if (headEnd < 0) {
            return 0;
        }
        long length = Bytes.numberAfter(bytes, 0, headEnd, LENGTH);
        if (length < 0) {
            throw new IOException("an answer without Content-Length");
        }
        int whole = headEnd + HEAD_END.length + (int) length;
        if (end < whole) {
            return 0;
        }
        int answered = message;
        if (answered == NONE) {
            throw new IOException("an answer to nothing");
        }
        message = NONE;
        listener.answered(this, answered, status(bytes));
        return whole;
    }

    /** From {@code HTTP/1.1 202 Accepted}. */
    private static int status(byte[] bytes) {
        return (bytes[9] - '0') * 100 + (bytes[10] - '0') * 10 + (bytes[11] - '0');
    }
}
