package io.lanying.protocol.attachment;

import io.lanying.protocol.EntityId;

/**
 * Which attachment.
 *
 * @param conversation in which it was uploaded; nowhere else it is known
 * @param attachmentId nobody guesses it
 */
public record AttachmentKey(EntityId conversation, String attachmentId) {

    public String tenant() {
        return conversation.tenant();
    }
}
