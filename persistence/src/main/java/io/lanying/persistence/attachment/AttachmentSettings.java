package io.lanying.persistence.attachment;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.lanying.persistence.StartRefused;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * The settings under {@code push.persistence.attachments}.
 *
 * @param directory of the contents, if they are kept in one
 * @param directoryIsGiven somebody chose it
 * @param chunkBytes of every chunk of a new upload but its last
 * @param tenantBytes that the attachments of one tenant may take
 */
record AttachmentSettings(
        Store store,
        Path directory,
        boolean directoryIsGiven,
        long minFreeBytes,
        int chunkBytes,
        long tenantBytes,
        Duration uploadExpiry,
        Duration sweepInterval,
        S3Settings s3) {

    static final int MAX_CHUNKS = 10_000;

    private static final int LEAST_CHUNK = 16 * 1024;
    private static final int MOST_CHUNK = 8 * 1024 * 1024;

    /** Where contents are. */
    enum Store {
        DIRECTORY,
        S3
    }

    AttachmentSettings {
        require(
                chunkBytes >= LEAST_CHUNK && chunkBytes <= MOST_CHUNK,
                "chunk-bytes must be 16 KiB to 8 MiB, it is " + chunkBytes);
        require(tenantBytes >= chunkBytes, "tenant-bytes must be at least chunk-bytes");
        require(minFreeBytes >= 0, "min-free-bytes must not be negative");
        require(
                uploadExpiry.compareTo(Duration.ofMinutes(1)) >= 0 && uploadExpiry.compareTo(Duration.ofDays(30)) <= 0,
                "upload-expiry must be 1 minute to 30 days");
        require(
                sweepInterval.compareTo(Duration.ofMillis(100)) >= 0
                        && sweepInterval.compareTo(Duration.ofHours(1)) <= 0,
                "sweep-interval must be 100 ms to 1 hour");
        require(store != Store.S3 || !directoryIsGiven, "store is s3, but directory is set");
        require(store != Store.S3 || s3.isComplete(), "store is s3: it needs s3.bucket and s3.region");
        require(store == Store.S3 || !s3.isUsed(), "s3.bucket is set, but store is directory");
    }

    /** Whether somebody said where contents are. */
    boolean isChosen() {
        return store == Store.S3 || directoryIsGiven;
    }

    /** @param dataDir the node's, in which the directory is unless it is set */
    static AttachmentSettings from(Config config, Path dataDir) {
        try {
            String directory = config.getString("directory");
            return new AttachmentSettings(
                    storeOf(config.getString("store")),
                    directory.isEmpty() ? dataDir.resolve("attachments") : Path.of(directory),
                    !directory.isEmpty(),
                    config.getBytes("min-free-bytes"),
                    Math.toIntExact(config.getBytes("chunk-bytes")),
                    config.getBytes("tenant-bytes"),
                    config.getDuration("upload-expiry"),
                    config.getDuration("sweep-interval"),
                    S3Settings.from(config.getConfig("s3")));
        } catch (ConfigException | ArithmeticException e) {
            throw new StartRefused("push.persistence.attachments: " + e.getMessage(), e);
        }
    }

    private static Store storeOf(String name) {
        for (Store store : Store.values()) {
            if (store.name().toLowerCase(Locale.ROOT).equals(name)) {
                return store;
            }
        }
        throw new StartRefused("push.persistence.attachments: store must be directory or s3, it is " + name);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new StartRefused("push.persistence.attachments: " + what);
        }
    }
}
