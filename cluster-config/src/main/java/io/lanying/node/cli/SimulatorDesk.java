package io.lanying.node.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.channels.simulator.apns.ReceivedPush;
import io.lanying.channels.simulator.fcm.FcmRecorded;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * What both simulators let a person at the keyboard or another program do while they run: see what came, and change the rules.
 *
 * <p>A line of the record stands in the file before its request is answered. Records hold what was sent, texts included.
 */
final class SimulatorDesk implements AutoCloseable {

    @Option(
            names = "--record",
            description = "Appends each message that comes to this file, a line of JSON before it is answered.")
    private @Nullable Path file;

    @Option(
            names = "--interactive",
            description =
                    "Takes rules from the standard input: a line replaces all, with ';' between rules; an empty line removes them.")
    private boolean interactive;

    private @Nullable Writer out;

    /** What is to be told of Apple's requests. */
    Consumer<ReceivedPush> apns() {
        return push -> write(
                Json.object()
                        .put("at", push.at().toEpochMilli())
                        .put("token", push.token())
                        .put("vendorId", push.header("apns-id"))
                        .put("connection", push.connection())
                        .put("answer", push.answer())
                        .put("outcome", outcome(push)),
                push.payload());
    }

    /** What is to be told of Google's requests; those for access tokens are left out. */
    Consumer<FcmRecorded> fcm() {
        return request -> {
            if (request.kind() == FcmRecorded.Kind.SEND) {
                write(
                        Json.object()
                                .put("at", request.at().toEpochMilli())
                                .put("answer", request.status() == 0 ? "none" : String.valueOf(request.status()))
                                .put("outcome", outcome(request)),
                        request.body());
            }
        };
    }

    /** {@code taken}; {@code refused}; or {@code unclear}: it may be shown, and its sender cannot know. */
    private static String outcome(ReceivedPush push) {
        if (push.isAccepted()) {
            return "taken";
        }
        boolean refused = push.answer().equals("REFUSE_STREAM")
                || Character.isDigit(push.answer().charAt(0));
        return refused ? "refused" : "unclear";
    }

    private static String outcome(FcmRecorded request) {
        if (request.status() >= 300) {
            return "refused";
        }
        return request.answer().startsWith("{\"name\":") ? "taken" : "unclear";
    }

    private void write(ObjectNode line, String payload) {
        if (file == null) {
            return;
        }
        try {
            if (out == null) {
                out = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
            out.write(line.put("payload", payload) + "\n");
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Waits until the process is ended, and takes rules meanwhile; a line that is not one changes nothing.
     *
     * @param rules takes the new rules
     * @param say prints a line for each line that came
     */
    int untilEnded(Consumer<List<String>> rules, Consumer<String> say) throws IOException {
        if (interactive) {
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                say.accept(take(line, rules));
            }
        }
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    private static String take(String line, Consumer<List<String>> rules) {
        List<String> parts = Stream.of(line.split(";", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
        try {
            rules.accept(parts);
            return "rules: " + parts.size();
        } catch (IllegalArgumentException e) {
            return "not a rule: " + e.getMessage();
        }
    }

    @Override
    public void close() throws IOException {
        if (out != null) {
            out.close();
        }
    }
}
