package io.lanying.persistence.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * The format of a segment, version {@value #VERSION}: gzip members (RFC 1952), one after the other, of lines of JSON. The first
 * member says what it is, each other one holds events of one entity, in order. So any gunzip gives all lines, and one entity's can be
 * read alone. {@code docs/operations.md} describes it for auditors; what is written once is read for ever.
 */
final class EventLines {

    static final int VERSION = 1;

    private static final String FORMAT = "lanying-journal";
    private static final ObjectMapper JSON = new ObjectMapper();

    private EventLines() {}

    /** The first member. */
    static byte[] head(String segmentId) {
        return gzip(out -> line(
                out,
                JSON.createObjectNode()
                        .put("format", FORMAT)
                        .put("version", VERSION)
                        .put("segment", segmentId)));
    }

    /** The member of these events. */
    static byte[] member(List<StoredEvent> events) {
        return gzip(out -> {
            for (StoredEvent each : events) {
                line(
                        out,
                        JSON.createObjectNode()
                                .put("persistenceId", each.persistenceId())
                                .put("eventSeq", each.seq())
                                .put("ordering", each.ordering())
                                .put("writtenAt", each.writtenAt())
                                .put("writer", each.writer())
                                .put("adapterManifest", each.adapterManifest())
                                .put("serializer", each.serializer())
                                .put("manifest", each.manifest())
                                .put("payload", each.payload()));
            }
        });
    }

    /**
     * The events of a member.
     *
     * @throws IOException if it is no such member
     */
    static List<StoredEvent> events(byte[] member) throws IOException {
        var events = new ArrayList<StoredEvent>();
        try (var lines = new GZIPInputStream(new ByteArrayInputStream(member))) {
            for (String line : new String(lines.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                events.add(event(JSON.readTree(line)));
            }
        }
        return events;
    }

    private static StoredEvent event(JsonNode line) throws IOException {
        return new StoredEvent(
                text(line, "persistenceId"),
                field(line, "eventSeq").longValue(),
                field(line, "ordering").longValue(),
                field(line, "writtenAt").longValue(),
                text(line, "writer"),
                text(line, "adapterManifest"),
                field(line, "serializer").intValue(),
                text(line, "manifest"),
                field(line, "payload").binaryValue());
    }

    private static String text(JsonNode line, String name) throws IOException {
        return field(line, name).textValue();
    }

    private static JsonNode field(JsonNode line, String name) throws IOException {
        JsonNode field = line.get(name);
        if (field == null || field.isNull()) {
            throw new IOException("a line without " + name);
        }
        return field;
    }

    private interface Lines {
        void write(OutputStream out) throws IOException;
    }

    private static void line(OutputStream out, JsonNode line) throws IOException {
        out.write(JSON.writeValueAsBytes(line));
        out.write('\n');
    }

    private static byte[] gzip(Lines lines) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            lines.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
