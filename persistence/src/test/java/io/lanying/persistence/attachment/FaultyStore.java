package io.lanying.persistence.attachment;

import akka.Done;
import io.lanying.persistence.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A directory as the shared store of a node's database, which fails when it is told to. */
public final class FaultyStore implements BlobStore {

    private final BlobStore blobs;
    public volatile boolean putsFail;
    public volatile boolean readsFail;

    /** Keeps something else than it was given. */
    public volatile boolean spoils;

    private FaultyStore(Path directory) {
        this.blobs = new LocalDirectory(directory, 0, Runnable::run);
    }

    public static FaultyStore in(Path directory) {
        return new FaultyStore(directory);
    }

    public SharedStore of(TestNode node) {
        return new SharedStore(
                Settings.with(1024 * 1024, 1L << 30), this, new StoreMark(node.persistence.secrets(), this));
    }

    @Override
    public CompletionStage<Done> put(String name, byte[] bytes) {
        if (putsFail) {
            return CompletableFuture.failedFuture(new IOException("puts fail"));
        }
        byte[] kept = bytes.clone();
        if (spoils) {
            kept[kept.length / 2] ^= 1;
        }
        return blobs.put(name, kept);
    }

    @Override
    public CompletionStage<byte[]> read(String name, long offset, int length) {
        return readsFail
                ? CompletableFuture.failedFuture(new IOException("reads fail"))
                : blobs.read(name, offset, length);
    }

    @Override
    public CompletionStage<Done> delete(String name) {
        return blobs.delete(name);
    }

    @Override
    public void close() {
        blobs.close();
    }
}
