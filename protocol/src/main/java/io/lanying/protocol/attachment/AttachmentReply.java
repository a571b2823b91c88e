package io.lanying.protocol.attachment;

import io.lanying.protocol.ErrorCode;

/** What the keeper of attachments answers, after what it says is durable. */
public sealed interface AttachmentReply {

    /** @param repeated the same command had begun it before; {@code attachment} is as it is now */
    record Begun(Attachment attachment, boolean repeated) implements AttachmentReply {}

    /** A chunk is kept; after the last one the content is verified and complete. */
    record Received(Attachment attachment) implements AttachmentReply {}

    /** Nothing was changed, but by {@code CONTENT_MISMATCH}, with which the upload is gone. */
    record Refused(ErrorCode code, String detail) implements AttachmentReply {}
}
