package io.lanying.http.attachment;

import java.nio.charset.StandardCharsets;

/** How a file is to be saved (RFC 6266): never shown where it came from, under a name that no header is broken by. */
final class ContentDisposition {

    private static final String PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._";

    private ContentDisposition() {}

    static String of(String name) {
        var fallback = new StringBuilder();
        name.codePoints().forEach(c -> fallback.appendCodePoint(c == ' ' || PLAIN.indexOf(c) >= 0 ? c : '_'));
        var encoded = new StringBuilder();
        for (byte each : name.getBytes(StandardCharsets.UTF_8)) {
            if (each > 0 && PLAIN.indexOf(each) >= 0) {
                encoded.append((char) each);
            } else {
                encoded.append('%').append(String.format("%02X", each));
            }
        }
        return "attachment; filename=\"" + fallback + "\"; filename*=UTF-8''" + encoded;
    }
}
