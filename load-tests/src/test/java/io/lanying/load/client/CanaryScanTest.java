package io.lanying.load.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.Recorder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CanaryScanTest {

    @TempDir
    private Path directory;

    @Test
    void aCanaryIsFoundInAnyFileInEitherEncoding() throws Exception {
        Recorder recorder = new Recorder();
        recorder.add(new HistoryEvent.Canary("a", "tweet-tweet", true));
        recorder.add(new HistoryEvent.Canary("a", "not-secret", false));
        Files.createDirectories(directory.resolve("data"));
        Files.writeString(directory.resolve("log"), "nothing here but not-secret");
        Files.write(directory.resolve("data/narrow.db"), bytes("tweet-tweet", StandardCharsets.UTF_8));
        Files.write(directory.resolve("data/wide.db"), bytes("tweet-tweet", StandardCharsets.UTF_16LE));

        CanaryScan.record(directory, recorder);

        assertThat(recorder.history().all(HistoryEvent.Scanned.class))
                .filteredOn(scanned -> !scanned.found().isEmpty())
                .extracting(HistoryEvent.Scanned::file)
                .containsExactlyInAnyOrder("data/narrow.db", "data/wide.db");
    }

    private static byte[] bytes(String text, java.nio.charset.Charset charset) {
        byte[] canary = text.getBytes(charset);
        byte[] bytes = new byte[canary.length + 200];
        bytes[0] = (byte) 0xff;
        System.arraycopy(canary, 0, bytes, 100, canary.length);
        return bytes;
    }
}
