package io.lanying.protocol.attachment;

import akka.Done;
import io.lanying.protocol.EntityId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/**
 * Keeps attachments: what is known of them in the database, contents in a store of objects. Equal contents of one tenant are
 * kept once. Who may do what is for the caller to decide. Thread-safe; a failed stage means unavailable or unknown: repeat.
 */
public interface Attachments {

    /** The largest content that can be kept, in bytes. */
    long maxBytes();

    /** {@code Begun}; or {@code Refused}: {@code LIMIT_REACHED} or {@code IDEMPOTENCY_KEY_REUSED}. */
    CompletionStage<AttachmentReply> begin(NewAttachment wanted);

    CompletionStage<Optional<Attachment>> find(AttachmentKey key);

    /**
     * Keeps the chunk of an upload that begins at this offset. The last one has the content verified against its hash; only then
     * it is complete. If that was interrupted, an empty chunk at the end has it done again.
     *
     * @param chunk of {@link Attachment#nextBytes}
     * @return {@code Received}; or {@code Refused}: {@code NOT_FOUND}, {@code OFFSET_MISMATCH}, {@code INVALID_REQUEST} for a
     *     chunk of another size, {@code CONTENT_MISMATCH} if it was not the content that was announced
     */
    CompletionStage<AttachmentReply> append(AttachmentKey key, long offset, byte[] chunk);

    /** The content of an attachment that is complete; empty if there is none. */
    CompletionStage<Optional<Content>> content(AttachmentKey key);

    /** Removes it, and its content if nobody else refers to that. Harmless to repeat. */
    CompletionStage<Done> remove(AttachmentKey key);

    /** Removes all that a user has uploaded. Harmless to repeat. */
    CompletionStage<Done> removeOf(String tenant, String uploaderId);

    /**
     * Removes all of a conversation.
     *
     * @param butOf the life of the conversation whose attachments stay; empty: none do
     */
    CompletionStage<Done> removeOf(EntityId conversation, OptionalLong butOf);

    /** Remembers that this conversation may be about to end, if it has attachments: they are looked after, whatever happens. */
    CompletionStage<Done> noteEnding(EntityId conversation);

    /** Conversations noted a while ago whose attachments were not removed since, a few of them. */
    CompletionStage<List<EntityId>> ended();

    /** A content that does not change. */
    interface Content {

        long bytes();

        /** The next piece from this offset on, at least one byte; of bounded size. */
        CompletionStage<byte[]> read(long offset);
    }
}
