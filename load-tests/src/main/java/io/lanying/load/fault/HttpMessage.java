package io.lanying.load.fault;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A request or an answer as it stands on the wire: its head, without the empty line, and its body with any chunks put
 * together.
 */
record HttpMessage(String head, String body) {

    /** Reads one; the body's length is in the head, or it comes in chunks. */
    static HttpMessage read(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append(readChar(in));
        }
        String text = head.substring(0, head.length() - 4);
        if (header(text, "Transfer-Encoding").equalsIgnoreCase("chunked")) {
            return new HttpMessage(without(text, "Transfer-Encoding"), chunks(in));
        }
        String length = header(text, "Content-Length");
        return new HttpMessage(text, length.isEmpty() ? "" : exactly(in, Integer.parseInt(length)));
    }

    /** Writes it with the length its body has now. */
    void write(OutputStream out) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        boolean bodiless = bytes.length == 0 && header(head, "Content-Length").isEmpty();
        String length = bodiless ? "" : "\r\nContent-Length: " + bytes.length;
        out.write((without(head, "Content-Length") + length + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.write(bytes);
        out.flush();
    }

    /** An answer of the proxy's own. */
    static HttpMessage answer(String status, String body) {
        return new HttpMessage("HTTP/1.1 " + status + "\r\nContent-Type: application/json", body);
    }

    boolean isUpgrade() {
        return header(head, "Upgrade").equalsIgnoreCase("websocket");
    }

    boolean startsWith(String start) {
        return head.startsWith(start);
    }

    HttpMessage withBody(String newBody) {
        return new HttpMessage(head, newBody);
    }

    /** With another value of a header that is there. */
    HttpMessage withHeader(String name, String value) {
        return new HttpMessage(without(head, name) + "\r\n" + name + ": " + value, body);
    }

    String header(String name) {
        return header(head, name);
    }

    private static String header(String head, String name) {
        for (String line : head.split("\r\n", -1)) {
            if (line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":")) {
                return line.substring(name.length() + 1).strip();
            }
        }
        return "";
    }

    private static String without(String head, String name) {
        StringBuilder kept = new StringBuilder();
        for (String line : head.split("\r\n", -1)) {
            if (!line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":")) {
                kept.append(kept.isEmpty() ? "" : "\r\n").append(line);
            }
        }
        return kept.toString();
    }

    private static String chunks(InputStream in) throws IOException {
        StringBuilder body = new StringBuilder();
        int size = chunkSize(in);
        while (size > 0) {
            body.append(exactly(in, size));
            exactly(in, 2);
            size = chunkSize(in);
        }
        exactly(in, 2);
        return body.toString();
    }

    private static int chunkSize(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.indexOf("\r\n") < 0) {
            line.append(readChar(in));
        }
        return Integer.parseInt(line.toString().strip(), 16);
    }

    private static String exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("closed within a body");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static char readChar(InputStream in) throws IOException {
        int value = in.read();
        if (value < 0) {
            throw new EOFException("closed");
        }
        return (char) value;
    }
}
