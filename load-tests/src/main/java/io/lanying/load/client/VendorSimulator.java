package io.lanying.load.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.load.history.Content;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.Recorder;
import io.lanying.load.history.TalkEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A push vendor as a process of its own, {@code lanying simulator}: takes rules while it runs, and what it was asked is read
 * from the file it writes. It lives on while servers die.
 */
public final class VendorSimulator implements AutoCloseable {

    /** The vendors there are. */
    public enum Kind {
        APNS,
        FCM;

        /** The channel's name in the API. */
        public String channel() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Kind kind;
    private final Process process;
    private final BufferedReader output;
    private final Writer input;
    private final Path directory;
    private final Map<String, String> environment = new TreeMap<>();
    private long read;

    private VendorSimulator(Kind kind, Process process, Path directory) throws IOException {
        this.kind = kind;
        this.process = process;
        this.directory = directory;
        this.output = process.inputReader(StandardCharsets.UTF_8);
        this.input = process.outputWriter(StandardCharsets.UTF_8);
        line();
        for (String setting : line().split(" ", -1)) {
            int equals = setting.indexOf('=');
            environment.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
    }

    /** Starts one that takes everything; files go to the directory. */
    public static VendorSimulator start(Kind kind, Path directory, long seed) {
        try {
            Files.createDirectories(directory);
            List<String> command = new ArrayList<>(List.of(
                    ServerProcess.script().toString(), "simulator", kind.channel(), "--port", "0", "--interactive"));
            command.addAll(
                    List.of("--credential", directory.resolve("credential.json").toString()));
            command.addAll(
                    List.of("--record", directory.resolve("record.ndjson").toString()));
            if (kind == Kind.APNS) {
                command.addAll(List.of("--trust", directory.resolve("trust.pem").toString()));
                command.addAll(List.of("--seed", Long.toString(seed)));
            }
            Process process = new ProcessBuilder(command)
                    .redirectError(directory.resolve("simulator.err").toFile())
                    .start();
            return new VendorSimulator(kind, process, directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Kind kind() {
        return kind;
    }

    /** The node settings that lead to it. */
    public ServerSettings pointed(ServerSettings settings) {
        ServerSettings pointed = settings;
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            pointed = pointed.with(variable.getKey(), variable.getValue());
        }
        return pointed;
    }

    /** What a tenant's channel is set up with. */
    public JsonNode credential() {
        try {
            return Answer.JSON.readTree(Files.readAllBytes(directory.resolve("credential.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reacts by these rules from now on, in the form of its command line. */
    public void rules(String... rules) {
        try {
            input.write(String.join("; ", rules) + "\n");
            input.flush();
            String said = line();
            if (!said.equals("rules: " + rules.length)) {
                throw new IllegalStateException(said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String line() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new IllegalStateException(
                    "the simulator ended: " + Files.readString(directory.resolve("simulator.err")));
        }
        return line;
    }

    /** Adds what it was asked since the last call. */
    public synchronized void recordNews(Recorder recorder) {
        Path file = directory.resolve("record.ndjson");
        if (!Files.exists(file)) {
            return;
        }
        try (RandomAccessFile record = new RandomAccessFile(file.toFile(), "r")) {
            byte[] news = new byte[Math.toIntExact(record.length() - read)];
            record.seek(read);
            record.readFully(news);
            String text = new String(news, StandardCharsets.ISO_8859_1);
            int end = text.lastIndexOf('\n') + 1;
            read += end;
            String whole = new String(news, 0, end, StandardCharsets.UTF_8);
            for (String line : whole.lines().toList()) {
                recorder.add(asked(Answer.JSON.readTree(line)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HistoryEvent asked(JsonNode line) throws IOException {
        JsonNode payload = Answer.JSON.readTree(line.path("payload").asText());
        JsonNode message = payload.path("message");
        boolean apple = kind == Kind.APNS;
        JsonNode data = apple ? payload : message.path("data");
        if (data.has("messageId")) {
            return buzzed(line, (apple ? line : message).path("token").asText(), data, shownBy(payload));
        }
        return new HistoryEvent.VendorAsked(
                kind.channel(),
                (apple ? line : message).path("token").asText(),
                (apple ? payload : message.path("data")).path("lanyingId").asText(),
                line.path("vendorId").asText(),
                content(shownBy(payload)),
                HistoryEvent.Shown.valueOf(line.path("outcome").asText().toUpperCase(Locale.ROOT)),
                line.path("answer").asText(),
                line.path("connection").asLong(),
                line.path("at").asLong());
    }

    private JsonNode shownBy(JsonNode payload) {
        return payload.at(kind == Kind.APNS ? "/aps/alert" : "/message/notification");
    }

    private static HistoryEvent buzzed(JsonNode line, String token, JsonNode data, JsonNode shown) {
        return new TalkEvent.Buzzed(
                token,
                data.path("conversationId").asText(),
                data.path("messageId").asText(),
                line.path("vendorId").asText(),
                shown.path("body").asText(),
                HistoryEvent.Shown.valueOf(line.path("outcome").asText().toUpperCase(Locale.ROOT)),
                line.path("at").asLong());
    }

    private static String content(JsonNode shown) {
        ObjectNode message = Answer.JSON.createObjectNode();
        message.set("title", shown.path("title"));
        message.set("body", shown.path("body"));
        return Content.of(message);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
            output.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
