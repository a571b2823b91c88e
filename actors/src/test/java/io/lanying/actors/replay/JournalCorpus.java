package io.lanying.actors.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lanying.protocol.EntityKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/**
 * A journal with its snapshots as a node of some build wrote them, for ever: rows of PostgreSQL, a line of JSON each, in
 * {@code NAME.ndjson.gz}. {@code load-tests/bin/corpus} makes one. What is sealed in it cannot be opened: its keys were thrown away.
 *
 * @param entities by persistence id
 */
record JournalCorpus(String name, Map<String, Entity> entities) {

    static final Path FOLDER = Path.of("src", "test", "resources", "journal-corpus");

    private static final String SUFFIX = ".ndjson.gz";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** One entity's rows in the order of their numbers. */
    record Entity(EntityKind kind, List<Row> events, List<Row> snapshots) {}

    /** @param eventSeq of a snapshot that of the last event in it */
    @SuppressWarnings("ArrayRecordComponent") // compared by what it decodes to, never by itself
    record Row(long eventSeq, int serializer, String manifest, byte[] bytes) {}

    static List<JournalCorpus> all() throws IOException {
        try (var files = Files.list(FOLDER)) {
            var all = new ArrayList<JournalCorpus>();
            for (Path file : files.filter(path -> path.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList()) {
                all.add(read(file));
            }
            return all;
        }
    }

    private static JournalCorpus read(Path file) throws IOException {
        var entities = new TreeMap<String, Entity>();
        try (var lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                add(JSON.readTree(line), entities);
            }
        }
        String fileName = file.getFileName().toString();
        return new JournalCorpus(fileName.substring(0, fileName.length() - SUFFIX.length()), entities);
    }

    private static void add(JsonNode line, Map<String, Entity> entities) {
        String id = line.get("entity").textValue();
        Entity entity = entities.computeIfAbsent(
                id,
                each -> new Entity(
                        EntityKind.of(each.substring(0, each.indexOf('|'))), new ArrayList<>(), new ArrayList<>()));
        boolean event = line.has("event");
        var row = new Row(
                line.get(event ? "event" : "snapshot").longValue(),
                line.get("serializer").intValue(),
                line.get("manifest").textValue(),
                Base64.getDecoder().decode(line.get("bytes").textValue()));
        (event ? entity.events() : entity.snapshots()).add(row);
    }
}
