package io.lanying.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;

/**
 * One event or snapshot as some build of this project wrote it, for ever: {@code NAME.cbor.b64} holds the manifest and the
 * bytes, {@code NAME.json} the same for readers.
 */
@SuppressWarnings("ArrayRecordComponent") // compared by what they decode to, never by themselves
record GoldenFile(String name, String manifest, byte[] cbor) {

    static final Path FOLDER = Path.of("src", "test", "resources", "golden");

    private static final String SUFFIX = ".cbor.b64";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** {@code DeviceEvent.ItemAccepted.v1}, or with {@code -bare} where all that may be empty is. */
    static String nameOf(Object example, boolean bare) {
        Class<?> type = example.getClass();
        String outer =
                type.getEnclosingClass() == null ? "" : type.getEnclosingClass().getSimpleName() + ".";
        return outer + type.getSimpleName() + ".v1" + (bare ? "-bare" : "");
    }

    static boolean exists(String name) {
        return Files.exists(FOLDER.resolve(name + SUFFIX));
    }

    static GoldenFile read(String name) throws IOException {
        String text = Files.readString(FOLDER.resolve(name + SUFFIX));
        int lineEnd = text.indexOf('\n');
        return new GoldenFile(
                name, text.substring(0, lineEnd), Base64.getMimeDecoder().decode(text.substring(lineEnd + 1)));
    }

    static GoldenFile readFile(Path file) throws IOException {
        String fileName = file.getFileName().toString();
        return read(fileName.substring(0, fileName.length() - SUFFIX.length()));
    }

    static boolean isOne(Path file) {
        return file.toString().endsWith(SUFFIX);
    }

    /** Writes both files; refuses to touch one that is there. */
    void create() throws IOException {
        Files.createDirectories(FOLDER);
        String text =
                manifest + "\n" + Base64.getMimeEncoder(100, new byte[] {'\n'}).encodeToString(cbor) + "\n";
        Files.writeString(FOLDER.resolve(name + SUFFIX), text, StandardOpenOption.CREATE_NEW);
        String json = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(Wire.tree(cbor)) + "\n";
        Files.writeString(FOLDER.resolve(name + ".json"), json, StandardOpenOption.CREATE_NEW);
    }

    /** What the reader's file says. */
    JsonNode rendering() throws IOException {
        return JSON.readTree(FOLDER.resolve(name + ".json").toFile());
    }

    /** What the bytes say, as JSON says it. */
    JsonNode content() throws IOException {
        return JSON.readTree(JSON.writeValueAsString(Wire.tree(cbor)));
    }
}
