package io.lanying.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Messages between nodes as one build wrote them, for ever: each line of {@code NAME.ndjson} has a serializer's number, a manifest
 * and bytes. The name is the commit or the version of the build.
 */
record RemoteCorpus(String name, List<Message> messages) {

    static final Path FOLDER = Path.of("src", "test", "resources", "remote-corpus");

    private static final String SUFFIX = ".ndjson";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A message as it travels. */
    @SuppressWarnings("ArrayRecordComponent") // compared by what it decodes to, never by itself
    record Message(int serializer, String manifest, byte[] bytes) {

        static Message of(Object message, Wire wire) {
            return new Message(wire.serializer(message), wire.manifest(message), wire.encode(message));
        }

        /** What the bytes say, whoever is to be answered. */
        JsonNode content() throws IOException {
            return withoutActors(Wire.tree(bytes));
        }

        /** Actors' addresses are those of the node that wrote them. */
        private static JsonNode withoutActors(JsonNode node) {
            if (node instanceof ObjectNode object) {
                object.properties().forEach(property -> property.setValue(withoutActors(property.getValue())));
            } else if (node instanceof ArrayNode array) {
                for (int index = 0; index < array.size(); index++) {
                    array.set(index, withoutActors(array.get(index)));
                }
            } else if (node.isTextual() && node.textValue().startsWith("akka://")) {
                return TextNode.valueOf("an actor");
            }
            return node;
        }
    }

    /** All of them, by name. */
    static List<RemoteCorpus> all() throws IOException {
        try (var files = Files.list(FOLDER)) {
            var all = new ArrayList<RemoteCorpus>();
            for (Path file : files.filter(path -> path.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList()) {
                all.add(read(file));
            }
            return all;
        }
    }

    private static RemoteCorpus read(Path file) throws IOException {
        var messages = new ArrayList<Message>();
        for (String line : Files.readAllLines(file)) {
            JsonNode message = JSON.readTree(line);
            messages.add(new Message(
                    message.get("serializer").intValue(),
                    message.get("manifest").textValue(),
                    Base64.getDecoder().decode(message.get("bytes").textValue())));
        }
        String fileName = file.getFileName().toString();
        return new RemoteCorpus(fileName.substring(0, fileName.length() - SUFFIX.length()), List.copyOf(messages));
    }

    /** Writes the file; refuses to touch one that is there. */
    void create() throws IOException {
        var text = new StringBuilder();
        for (Message message : messages) {
            ObjectNode line = JSON.createObjectNode()
                    .put("serializer", message.serializer())
                    .put("manifest", message.manifest())
                    .put("bytes", Base64.getEncoder().encodeToString(message.bytes()));
            text.append(line).append('\n');
        }
        Files.createDirectories(FOLDER);
        Files.writeString(FOLDER.resolve(name + SUFFIX), text, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
    }
}
