package io.lanying.persistence.attachment;

import static io.lanying.persistence.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanying.persistence.StartRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalDirectoryTest extends BlobStoreContract {

    @TempDir
    Path directory;

    @Override
    BlobStore store() {
        return new LocalDirectory(directory.resolve("made"), 0, Runnable::run);
    }

    @Test
    void aFullDiskIsSaidAndNothingIsLeft() throws IOException {
        var full = new LocalDirectory(directory.resolve("full"), Long.MAX_VALUE, Runnable::run);
        assertThatThrownBy(() -> await(full.put("t-a/one", new byte[1]))).hasMessageContaining("min-free-bytes");
        assertThat(files("full")).isZero();
    }

    @Test
    void aWriteThatFailsLeavesNothing() throws IOException {
        await(store().put("t-a/file", new byte[1]));
        assertThatThrownBy(() -> await(store().put("t-a/file/below", new byte[1])));
        assertThat(files("made")).isEqualTo(1);
    }

    @Test
    void whatACrashLeftUnfinishedIsRemovedButNotWhatIsBeingWritten() throws IOException {
        var unfinished = Files.createDirectories(directory.resolve("made/unfinished"));
        var left = Files.writeString(unfinished.resolve("left"), "x");
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        var fresh = Files.writeString(unfinished.resolve("fresh"), "x");
        new LocalDirectory(directory.resolve("made"), 0, Runnable::run).removeLeftBehind();
        assertThat(left).doesNotExist();
        assertThat(fresh).exists();
    }

    @Test
    void aDirectoryThatCannotBeMadeIsRefused() throws IOException {
        var file = Files.writeString(directory.resolve("file"), "x");
        assertThatThrownBy(() -> new LocalDirectory(file, 0, Runnable::run).make())
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("cannot be made");
    }

    private long files(String below) throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve(below))) {
            return files.filter(Files::isRegularFile).count();
        }
    }
}
