package io.lanying.node;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Asks for a WebSocket over a bare TCP connection, to see the answers that client libraries hide. */
final class Upgrade {

    private Upgrade() {}

    /** The status of the answer to an upgrade with these further header lines. */
    static int status(String server, String... headers) {
        URI uri = URI.create(server);
        try (java.net.Socket socket = new java.net.Socket(uri.getHost(), uri.getPort())) {
            socket.setSoTimeout(30_000);
            String request = "GET /v1/device/socket HTTP/1.1\r\nHost: " + uri.getAuthority() + "\r\n"
                    + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + String.join("\r\n", headers)
                    + (headers.length == 0 ? "" : "\r\n") + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String start = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            return Integer.parseInt(start.substring("HTTP/1.1 ".length()));
        } catch (IOException e) {
            throw new AssertionError("no answer to the upgrade", e);
        }
    }
}
