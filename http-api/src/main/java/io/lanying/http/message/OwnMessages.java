package io.lanying.http.message;

import io.lanying.http.auth.Secrets;
import io.lanying.http.hook.AskedMessages;
import io.lanying.http.hook.HookQuestion;
import io.lanying.protocol.conversation.ConversationCommand.Post;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.SealedContent;
import io.lanying.protocol.sealing.Sealer;
import io.lanying.protocol.sealing.Sealing;
import io.lanying.protocol.sealing.Subject;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Posts what apps send, sealed under the person who sends it. A repeat with the same {@code clientMessageId} is answered as the
 * first was. Thread-safe; a failed stage means unknown: repeat.
 */
public final class OwnMessages {

    private final Sealing sealing;
    private final AskedMessages messages;

    public OwnMessages(Sealing sealing, AskedMessages messages) {
        this.sealing = sealing;
        this.messages = messages;
    }

    /** {@code Posted} or {@code Refused}. */
    public CompletionStage<ConversationReply> post(String tenant, String senderId, Draft draft) {
        return prepare(tenant, senderId, draft).thenCompose(Supplier::get);
    }

    /** Completes when the message may be handed to its conversation, which what it holds does: {@code Posted} or {@code Refused}. */
    public CompletionStage<Supplier<CompletionStage<ConversationReply>>> prepare(
            String tenant, String senderId, Draft draft) {
        return sealing.sealer(tenant, Subject.ofUser(senderId))
                .thenCompose(sealer -> prepare(sealer, senderId, draft, asked(sealer, tenant, senderId, draft)));
    }

    private CompletionStage<Supplier<CompletionStage<ConversationReply>>> prepare(
            Sealer sealer, String senderId, Draft draft, HookQuestion asked) {
        return messages.post(
                asked,
                (content, replyTo) -> new Post(
                        senderId,
                        draft.clientMessageId(),
                        asked.fingerprint(),
                        draft.type(),
                        sealed(sealer, senderId, draft, content),
                        draft.mentions(),
                        draft.replyTo(),
                        false,
                        replyTo));
    }

    private static HookQuestion asked(Sealer sealer, String tenant, String senderId, Draft draft) {
        return new HookQuestion(
                tenant,
                draft.conversationId(),
                Optional.empty(),
                senderId,
                Optional.of(draft.clientMessageId()),
                sealer.fingerprint(draft.identity().getBytes(StandardCharsets.UTF_8)),
                draft.type(),
                draft.content().getBytes(StandardCharsets.UTF_8),
                draft.mentions(),
                draft.replyTo(),
                false,
                Optional.empty());
    }

    private static SealedContent sealed(Sealer sealer, String senderId, Draft draft, byte[] content) {
        String origin = "m"
                + Secrets.base32(
                        Secrets.sha256(draft.conversationId() + "\0" + senderId + "\0" + draft.clientMessageId()));
        return new SealedContent(origin, sealer.seal(origin, "content", content), content.length);
    }
}
