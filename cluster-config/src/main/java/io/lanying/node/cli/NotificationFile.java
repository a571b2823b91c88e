package io.lanying.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Notifications from a file: one JSON object a line as {@code POST /v1/notifications} takes it, blank lines ignored. */
final class NotificationFile {

    private NotificationFile() {}

    /**
     * One notification.
     *
     * @param number of its line, from 1
     * @param key its idempotency key: the line's own, or one derived from file name, line number and text, so that a file can
     *     be sent again without sending anything twice
     */
    record Line(int number, String key, ObjectNode notification) {

        /** The device it is for, or a text that stands for its other audience. */
        String lane() {
            JsonNode audience = notification.path("audience");
            return audience.path("devices").path(0).asText(audience.toString());
        }
    }

    /** @throws CommandFailed naming the first line that is not a notification */
    static List<Line> read(Path file) {
        List<String> texts;
        try {
            texts = Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new CommandFailed("cannot read " + file + ": is it there, readable and UTF-8?", e);
        }
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            if (!texts.get(i).isBlank()) {
                lines.add(line(file, i + 1, texts.get(i)));
            }
        }
        if (lines.isEmpty()) {
            throw new CommandFailed(file + " has no notification in it");
        }
        return lines;
    }

    private static Line line(Path file, int number, String text) {
        try {
            if (!(Json.parse(text) instanceof ObjectNode notification)) {
                throw new CommandFailed(file + " line " + number + " is not a JSON object");
            }
            JsonNode own = notification.remove("idempotencyKey");
            return new Line(number, own == null ? derivedKey(file, number, text) : own.asText(), notification);
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(file + " line " + number + " is not JSON: " + e.getMessage(), e);
        }
    }

    private static String derivedKey(Path file, int number, String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((file.getFileName() + "\0" + number + "\0" + text).getBytes(StandardCharsets.UTF_8));
            return "file-" + HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
