package io.lanying.http.entity;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.user.UserCommand;
import io.lanying.protocol.user.UserReply;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Asks users. A failed stage means unknown: repeat. */
@FunctionalInterface
public interface UserEntities {

    CompletionStage<UserReply> ask(EntityId user, Function<ActorRef<UserReply>, UserCommand> command);
}
