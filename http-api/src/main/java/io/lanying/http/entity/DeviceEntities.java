package io.lanying.http.entity;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceReply;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Asks devices. A failed stage means unknown: repeat with the same ids. */
@FunctionalInterface
public interface DeviceEntities {

    CompletionStage<DeviceReply> ask(EntityId device, Function<ActorRef<DeviceReply>, DeviceCommand> command);
}
