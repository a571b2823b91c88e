package io.lanying.protocol.attachment;

import io.lanying.protocol.sealing.Sealed;
import java.time.Instant;
import java.util.Optional;

/**
 * An attachment as it is kept, its content apart.
 *
 * @param life of the conversation it belongs to; in another one of the same id it is not there
 * @param chunkBytes the size of every chunk but the last
 * @param received bytes of the content that are kept, from the first on; the next chunk begins here
 * @param complete the whole content is there and was verified
 * @param expiresAt when it is given up if it is not complete by then; absent once it is
 */
public record Attachment(
        AttachmentKey key,
        long life,
        String uploaderId,
        Sealed name,
        String contentType,
        long bytes,
        String sha256,
        int chunkBytes,
        long received,
        boolean complete,
        Instant createdAt,
        Optional<Instant> expiresAt) {

    /** How long the next chunk is; 0 if all is there, and only to be verified. */
    public int nextBytes() {
        return (int) Math.min(chunkBytes, bytes - received);
    }
}
