package io.lanying.http.attachment;

import akka.Done;
import akka.actor.typed.ActorSystem;
import io.lanying.http.entity.ConversationEntities;
import io.lanying.http.error.Unavailable;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.attachment.Attachments;
import io.lanying.protocol.conversation.ConversationCommand.Admit;
import io.lanying.protocol.conversation.ConversationReply.Admitted;
import io.lanying.protocol.conversation.ConversationReply.Refused;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the attachments of conversations that have ended: at once, and of those whose ending was interrupted, later. What belongs
 * to a conversation that has begun since, under the same id, stays. Thread-safe.
 */
public final class EndedConversations {

    private static final Logger LOG = LoggerFactory.getLogger(EndedConversations.class);

    private final Attachments attachments;
    private final ConversationEntities conversations;

    public EndedConversations(Attachments attachments, ConversationEntities conversations) {
        this.attachments = attachments;
        this.conversations = conversations;
    }

    /** Remembers that the conversation may be about to end. Done at once for what can be no id. */
    public CompletionStage<Done> note(String tenant, String conversationId) {
        return EntityId.isValid(conversationId)
                ? Unavailable.when(
                        "attachments cannot be noted",
                        () -> attachments.noteEnding(new EntityId(tenant, conversationId)))
                : CompletableFuture.completedFuture(Done.getInstance());
    }

    /** Removes what is left of it. Harmless to repeat, and if it has not ended. */
    public CompletionStage<Done> clear(String tenant, String conversationId) {
        return clear(new EntityId(tenant, conversationId));
    }

    private CompletionStage<Done> clear(EntityId conversation) {
        return conversations
                .ask(conversation, replyTo -> new Admit(Optional.empty(), false, replyTo))
                .thenCompose(reply -> {
                    if (reply instanceof Admitted admitted) {
                        return remove(
                                conversation,
                                OptionalLong.of(admitted.createdAt().toEpochMilli()));
                    }
                    return reply instanceof Refused refused && refused.code() == ErrorCode.NOT_FOUND
                            ? remove(conversation, OptionalLong.empty())
                            : CompletableFuture.failedFuture(
                                    new Unavailable("the conversation does not say what it is"));
                });
    }

    private CompletionStage<Done> remove(EntityId conversation, OptionalLong butOf) {
        return Unavailable.when("attachments cannot be removed", () -> attachments.removeOf(conversation, butOf));
    }

    /** Looks for interrupted ones every now and then. */
    public void lookEvery(Duration interval, ActorSystem<?> system) {
        var unused = system.scheduler()
                .scheduleWithFixedDelay(
                        interval,
                        interval,
                        () -> look().whenComplete((done, failure) -> {
                            if (failure != null) {
                                LOG.warn(
                                        "attachments of ended conversations are removed later: {}", failure.toString());
                            }
                        }),
                        system.executionContext());
    }

    /** One that does not answer holds up no other; then the stage fails in the end. */
    CompletionStage<Done> look() {
        return attachments.ended().thenCompose(all -> {
            CompletionStage<Done> cleared = CompletableFuture.completedFuture(Done.getInstance());
            for (EntityId conversation : all) {
                var before = cleared;
                cleared = before.handle((done, failure) -> done)
                        .thenCompose(whatever -> clear(conversation))
                        .thenCompose(done -> before);
            }
            return cleared;
        });
    }
}
