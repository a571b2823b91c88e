package io.lanying.node;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import io.lanying.protocol.channel.ChannelCommand;
import io.lanying.protocol.channel.ChannelCommand.Outcome;
import io.lanying.protocol.channel.ChannelCommand.Send;
import io.lanying.protocol.channel.VendorOutcome;

/** A node without any push vendor: says so to every request. */
final class NoChannels {

    private NoChannels() {}

    static Behavior<ChannelCommand> create() {
        return Behaviors.receive(ChannelCommand.class)
                .onMessage(Send.class, send -> {
                    var outcome = VendorOutcome.unsent(VendorOutcome.End.NO_CHANNEL, "noCredential", 0);
                    send.replyTo().tell(new Outcome(send.ref(), outcome));
                    return Behaviors.same();
                })
                .onAnyMessage(message -> Behaviors.same())
                .build();
    }
}
