package io.lanying.http.message;

import io.lanying.http.attachment.ReadyAttachments;
import io.lanying.http.auth.Secrets;
import io.lanying.http.entity.ConversationEntities;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.conversation.ConversationCommand.Post;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.SealedContent;
import io.lanying.protocol.sealing.Sealer;
import io.lanying.protocol.sealing.Sealing;
import io.lanying.protocol.sealing.Subject;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Posts what apps send, sealed under the person who sends it. A repeat with the same {@code clientMessageId} is answered as the
 * first was. Thread-safe; a failed stage means unknown: repeat.
 */
public final class OwnMessages {

    private final Sealing sealing;
    private final ConversationEntities conversations;
    private final ReadyAttachments attachments;

    public OwnMessages(Sealing sealing, ConversationEntities conversations, ReadyAttachments attachments) {
        this.sealing = sealing;
        this.conversations = conversations;
        this.attachments = attachments;
    }

    /** {@code Posted} or {@code Refused}. */
    public CompletionStage<ConversationReply> post(String tenant, String senderId, Draft draft) {
        return attachments
                .refusal(new EntityId(tenant, draft.conversationId()), draft.type(), draft.contentAsJson())
                .thenCompose(refused -> refused.isPresent()
                        ? CompletableFuture.completedFuture(refused.get())
                        : postNow(tenant, senderId, draft));
    }

    private CompletionStage<ConversationReply> postNow(String tenant, String senderId, Draft draft) {
        return sealing.sealer(tenant, Subject.ofUser(senderId))
                .thenCompose(sealer -> conversations.ask(
                        new EntityId(tenant, draft.conversationId()),
                        replyTo -> new Post(
                                senderId,
                                draft.clientMessageId(),
                                sealer.fingerprint(draft.identity().getBytes(StandardCharsets.UTF_8)),
                                draft.type(),
                                sealed(sealer, senderId, draft),
                                draft.mentions(),
                                draft.replyTo(),
                                false,
                                replyTo)));
    }

    private static SealedContent sealed(Sealer sealer, String senderId, Draft draft) {
        String origin = "m"
                + Secrets.base32(
                        Secrets.sha256(draft.conversationId() + "\0" + senderId + "\0" + draft.clientMessageId()));
        byte[] content = draft.content().getBytes(StandardCharsets.UTF_8);
        return new SealedContent(origin, sealer.seal(origin, "content", content), content.length);
    }
}
