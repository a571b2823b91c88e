package io.lanying.persistence.attachment;

import akka.Done;
import io.lanying.persistence.StartRefused;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Objects as files of one directory, which several nodes may share. A file is written beside its place, forced to the disk and
 * moved there at once, so that a crash leaves it whole or not at all.
 */
final class LocalDirectory implements BlobStore {

    private static final String UNFINISHED = "unfinished";

    /** Nobody writes one file for so long. */
    private static final Duration LEFT_BEHIND = Duration.ofHours(1);

    private final Path root;
    private final Path unfinished;
    private final long minFreeBytes;
    private final Executor executor;

    /**
     * @param root made when something is put
     * @param minFreeBytes nothing is put when the disk has less than this to spare: others need it, such as a database
     * @param executor may block
     */
    LocalDirectory(Path root, long minFreeBytes, Executor executor) {
        this.root = root.toAbsolutePath().normalize();
        this.unfinished = this.root.resolve(UNFINISHED);
        this.minFreeBytes = minFreeBytes;
        this.executor = executor;
    }

    /**
     * Makes the directory now. Blocks; for the start of a node.
     *
     * @throws StartRefused if it cannot be made or written to
     */
    void make() {
        try {
            Files.createDirectories(unfinished);
        } catch (IOException e) {
            throw new StartRefused("the directory of attachments " + root + " cannot be made", e);
        }
        if (!Files.isWritable(unfinished)) {
            throw new StartRefused("no permission to write to the directory of attachments " + root);
        }
    }

    /** Removes what crashes have left unfinished. Blocks; for the start of a node. */
    void removeLeftBehind() {
        if (!Files.isDirectory(unfinished)) {
            return;
        }
        try {
            removeOld();
        } catch (IOException e) {
            throw new StartRefused("the directory of attachments " + root + " cannot be read", e);
        }
    }

    private void removeOld() throws IOException {
        Instant old = Instant.now().minus(LEFT_BEHIND);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(unfinished)) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(old)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    @Override
    public CompletionStage<Done> put(String name, byte[] bytes) {
        Path file = file(name);
        int slash = name.lastIndexOf('/');
        Path directory = slash < 0 ? root : root.resolve(name.substring(0, slash));
        return run(() -> {
            Files.createDirectories(unfinished);
            requireSpace(bytes.length);
            Path written = unfinished.resolve(UUID.randomUUID().toString());
            try {
                write(written, bytes);
                makeDirectory(directory);
                Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(written);
            }
            force(directory);
            return Done.getInstance();
        });
    }

    private void requireSpace(int bytes) throws IOException {
        if (Files.getFileStore(root).getUsableSpace() - bytes < minFreeBytes) {
            throw new IOException("the disk of the attachments is as full as it may be (min-free-bytes)");
        }
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
    }

    /** A directory's entries are only safe when it is forced itself. */
    private void makeDirectory(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Files.createDirectories(directory);
        Path parent = root;
        for (Path step : root.relativize(directory)) {
            force(parent);
            parent = parent.resolve(step);
        }
    }

    private static void force(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public CompletionStage<byte[]> read(String name, long offset, int length) {
        Path file = file(name);
        return run(() -> {
            var bytes = ByteBuffer.allocate(length);
            try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
                while (bytes.hasRemaining()) {
                    if (channel.read(bytes, offset + bytes.position()) < 0) {
                        throw new IOException("an object is shorter than it was");
                    }
                }
            } catch (NoSuchFileException e) {
                throw new Missing(name);
            }
            return bytes.array();
        });
    }

    @Override
    public CompletionStage<Done> delete(String name) {
        Path file = file(name);
        return run(() -> {
            Files.deleteIfExists(file);
            return Done.getInstance();
        });
    }

    private Path file(String name) {
        Path file = root.resolve(BlobStore.checked(name)).normalize();
        if (!file.startsWith(root)) {
            throw new IllegalArgumentException("not a name of an object");
        }
        return file;
    }

    private <T> CompletionStage<T> run(Callable<T> work) {
        var result = new CompletableFuture<T>();
        try {
            executor.execute(() -> {
                try {
                    result.complete(work.call());
                } catch (Exception e) {
                    result.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(e);
        }
        return result;
    }

    @Override
    public void close() {}
}
