package io.lanying.node;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A node's data directory, held by one node at a time: the lock goes with the process, however that ends. */
final class DataDirectory implements AutoCloseable {

    private final FileChannel channel;

    private DataDirectory(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Makes the directory if need be and takes it.
     *
     * @throws StartRefused if it cannot be written or another node has it
     */
    static DataDirectory take(Path directory) {
        return take(directory, "stop that one, or give this one its own LANYING_DATA_DIR");
    }

    /** As {@link #take(Path)}, with what to do if another node has it. */
    static DataDirectory take(Path directory, String whatToDo) {
        Path absolute = directory.toAbsolutePath().normalize();
        try {
            Files.createDirectories(absolute);
            FileChannel channel = FileChannel.open(
                    absolute.resolve("node.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!locked(channel)) {
                channel.close();
                throw new StartRefused("data directory " + absolute + " is in use by another node: " + whatToDo);
            }
            return new DataDirectory(channel);
        } catch (IOException e) {
            throw new StartRefused(
                    "cannot write to data directory " + absolute
                            + ": mend its permissions or set LANYING_DATA_DIR to one that this user may write",
                    e);
        }
    }

    /**
     * Takes it for a command beside nodes: on H2, whose files have one user, which this lock says more clearly than the database does.
     * Empty with any other journal.
     *
     * @throws StartRefused if a node has it, or it is not there
     */
    static Optional<DataDirectory> takeForCommand(NodeSettings settings, String whatToDo) {
        if (settings.journal() != NodeSettings.Journal.H2) {
            return Optional.empty();
        }
        if (!Files.isDirectory(settings.dataDir())) {
            throw new StartRefused("there is no data directory "
                    + settings.dataDir().toAbsolutePath().normalize() + ": set LANYING_DATA_DIR to the node's");
        }
        return Optional.of(take(settings.dataDir(), whatToDo));
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            @Nullable FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            // Another node of this very process.
            return false;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The lock ends with the process at the latest.
            org.slf4j.LoggerFactory.getLogger(DataDirectory.class).warn("data directory not released", e);
        }
    }
}
