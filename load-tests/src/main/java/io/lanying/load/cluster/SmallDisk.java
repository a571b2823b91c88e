package io.lanying.load.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A file system of its own, of a few mebibytes, that can be filled and freed. Linux and root only; closing unmounts it. */
final class SmallDisk implements AutoCloseable {

    private final Path directory;
    private final Path ballast;

    private SmallDisk(Path directory) {
        this.directory = directory;
        this.ballast = directory.resolve("ballast");
    }

    /**
     * Mounts it.
     *
     * @param owner the number of the user whose it is
     */
    static SmallDisk mount(Path directory, int mebibytes, int owner) {
        try {
            Files.createDirectory(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String options = "size=%dm,uid=%d,mode=0700".formatted(mebibytes, owner);
        Programs.run(List.of("mount", "-t", "tmpfs", "-o", options, "tmpfs", directory.toString()));
        return new SmallDisk(directory);
    }

    Path directory() {
        return directory;
    }

    /** Not a byte fits any more, unless somebody removes something. */
    void fill() {
        try {
            for (int bytes = 1 << 20; bytes > 0; bytes /= 2) {
                fill(new byte[bytes]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void fill(byte[] piece) throws IOException {
        try (OutputStream out = Files.newOutputStream(ballast, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (fits(out, piece)) {
                // the next one
            }
        }
    }

    private static boolean fits(OutputStream out, byte[] piece) {
        try {
            out.write(piece);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    void free() {
        try {
            Files.deleteIfExists(ballast);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        Programs.run(List.of("umount", directory.toString()));
        try {
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
