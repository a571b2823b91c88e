package io.lanying.http.attachment;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.error.Unavailable;
import io.lanying.http.json.Json;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.attachment.Attachment;
import io.lanying.protocol.attachment.AttachmentKey;
import io.lanying.protocol.attachment.Attachments;
import io.lanying.protocol.conversation.ConversationReply.Refused;
import io.lanying.protocol.conversation.MessageType;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Says whether what a message refers to is there. A message that refers to no attachment costs nothing. Thread-safe. */
public final class ReadyAttachments {

    private static final CompletionStage<Optional<Refused>> NOTHING_TO_SAY =
            CompletableFuture.completedFuture(Optional.empty());

    private final Attachments attachments;

    public ReadyAttachments(Attachments attachments) {
        this.attachments = attachments;
    }

    /**
     * The refusal, if a message's content names an attachment that is not in its conversation, or not complete.
     *
     * @param content checked: an object as JSON
     */
    public CompletionStage<Optional<Refused>> refusal(EntityId conversation, MessageType type, byte[] content) {
        boolean media =
                switch (type) {
                    case IMAGE, AUDIO, VIDEO, FILE -> true;
                    case TEXT, LOCATION, COMMAND, CUSTOM -> false;
                };
        String id = media ? parsed(content).path("attachmentId").asText() : "";
        return id.isEmpty()
                ? NOTHING_TO_SAY
                : Unavailable.when(
                                "attachments cannot be read",
                                () -> attachments.find(new AttachmentKey(conversation, id)))
                        .thenApply(found -> found.filter(Attachment::complete).isPresent()
                                ? Optional.<Refused>empty()
                                : Optional.of(new Refused(
                                        ErrorCode.ATTACHMENT_NOT_READY,
                                        "the attachment is not in this conversation, or not complete")));
    }

    private static JsonNode parsed(byte[] content) {
        try {
            return Json.ours(content);
        } catch (IOException e) {
            throw new IllegalStateException("a checked content is JSON", e);
        }
    }
}
