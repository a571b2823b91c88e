package io.lanying.persistence.attachment;

import io.lanying.protocol.attachment.Attachments.Content;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A content as its chunks are in a store; holds none of it. */
final class StoredContent implements Content {

    /** What is read at once, and so what one reader holds. */
    static final int PIECE = 256 * 1024;

    private final BlobStore blobs;
    private final List<String> objects;
    private final int chunkBytes;
    private final long bytes;

    StoredContent(BlobStore blobs, List<String> objects, int chunkBytes, long bytes) {
        this.blobs = blobs;
        this.objects = objects;
        this.chunkBytes = chunkBytes;
        this.bytes = bytes;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public CompletionStage<byte[]> read(long offset) {
        int within = (int) (offset % chunkBytes);
        int length = (int) Math.min(Math.min(PIECE, chunkBytes - within), bytes - offset);
        return blobs.read(objects.get((int) (offset / chunkBytes)), within, length);
    }

    /** The hash of a whole content, in hex. */
    static CompletionStage<String> sha256(Content content) {
        return sha256(content, 0, newDigest());
    }

    private static CompletionStage<String> sha256(Content content, long offset, MessageDigest digest) {
        if (offset == content.bytes()) {
            return CompletableFuture.completedFuture(HexFormat.of().formatHex(digest.digest()));
        }
        // Onto other threads each time, so that a store that answers at once does not make the stack grow.
        return content.read(offset).thenComposeAsync(piece -> {
            digest.update(piece);
            return sha256(content, offset + piece.length, digest);
        });
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
