package io.lanying.load.client;

import io.lanying.load.history.History;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.Recorder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Searches the server's files for canaries that must not stand there in clear: as text in UTF-8 and, as Java strings are
 * sometimes stored, in UTF-16.
 */
public final class CanaryScan {

    private CanaryScan() {}

    /** Records what was found in each file under the path. */
    public static void record(Path root, Recorder recorder) {
        History history = recorder.history();
        List<String> canaries = history.all(HistoryEvent.Canary.class)
                .filter(HistoryEvent.Canary::clear)
                .map(HistoryEvent.Canary::text)
                .toList();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                byte[] bytes = Files.readAllBytes(file);
                recorder.add(new HistoryEvent.Scanned(
                        root.relativize(file).toString(), bytes.length, found(bytes, canaries)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Which of the texts are in the bytes. */
    static List<String> found(byte[] bytes, List<String> texts) {
        String narrow = new String(bytes, StandardCharsets.ISO_8859_1);
        return texts.stream()
                .filter(text -> narrow.contains(text) || narrow.contains(wide(text)))
                .toList();
    }

    private static String wide(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_16LE), StandardCharsets.ISO_8859_1);
    }
}
