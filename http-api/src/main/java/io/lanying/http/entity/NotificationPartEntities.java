package io.lanying.http.entity;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.notification.NotificationPartCommand;
import io.lanying.protocol.notification.NotificationPartReply;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Asks companions of notifications to many. A failed stage means unknown: ask again. */
@FunctionalInterface
public interface NotificationPartEntities {

    CompletionStage<NotificationPartReply> ask(
            EntityId part, Function<ActorRef<NotificationPartReply>, NotificationPartCommand> command);
}
