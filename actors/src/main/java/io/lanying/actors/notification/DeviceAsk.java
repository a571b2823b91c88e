package io.lanying.actors.notification;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceReply;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Asks a device wherever it lives. A failed stage means unknown: ask again with the same ids. */
@FunctionalInterface
interface DeviceAsk {

    CompletionStage<DeviceReply> ask(EntityId device, Function<ActorRef<DeviceReply>, DeviceCommand> command);
}
