package io.lanying.http.attachment;

import io.lanying.protocol.attachment.Attachment;
import java.time.Instant;
import java.util.Optional;

/**
 * An attachment as the API shows it.
 *
 * @param name absent once its uploader was erased
 * @param uploadOffset where the next chunk begins
 * @param chunkBytes how long every chunk is but the last
 */
record AttachmentJson(
        String attachmentId,
        String conversationId,
        String uploaderId,
        Optional<String> name,
        String contentType,
        long size,
        String sha256,
        long uploadOffset,
        int chunkBytes,
        boolean complete,
        Instant createdAt,
        Optional<Instant> expiresAt) {

    static AttachmentJson of(Attachment attachment, Optional<String> name) {
        return new AttachmentJson(
                attachment.key().attachmentId(),
                attachment.key().conversation().id(),
                attachment.uploaderId(),
                name,
                attachment.contentType(),
                attachment.bytes(),
                attachment.sha256(),
                attachment.received(),
                attachment.chunkBytes(),
                attachment.complete(),
                attachment.createdAt(),
                attachment.expiresAt());
    }
}
