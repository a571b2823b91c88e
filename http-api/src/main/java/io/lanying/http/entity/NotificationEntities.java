package io.lanying.http.entity;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.notification.NotificationCommand;
import io.lanying.protocol.notification.NotificationReply;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Asks notifications to many. A failed stage means unknown: repeat with the same ids. */
@FunctionalInterface
public interface NotificationEntities {

    CompletionStage<NotificationReply> ask(
            EntityId notification, Function<ActorRef<NotificationReply>, NotificationCommand> command);
}
