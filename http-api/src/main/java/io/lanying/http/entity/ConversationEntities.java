package io.lanying.http.entity;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.conversation.ConversationCommand;
import io.lanying.protocol.conversation.ConversationReply;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Asks conversations. A failed stage means unknown: repeat. */
@FunctionalInterface
public interface ConversationEntities {

    CompletionStage<ConversationReply> ask(
            EntityId conversation, Function<ActorRef<ConversationReply>, ConversationCommand> command);
}
