package io.lanying.actors.device;

import akka.actor.typed.ActorRef;
import io.lanying.actors.Reminders;
import io.lanying.protocol.channel.ChannelCommand;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceCommand.Redeliver;
import io.lanying.protocol.device.DeviceEvent.ItemAccepted;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.DeviceSnapshot.OpenItem;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.VendorToken;
import io.lanying.protocol.sealing.Sealed;
import io.lanying.protocol.user.UserReply.SettingsAre;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a device entity tells itself. */
sealed interface DeviceMessage extends DeviceCommand.Internal {

    /** The stop message of sharding: hand over or passivate, at once. */
    record Stop() implements DeviceMessage {}

    /** No command for a while. */
    record Idle() implements DeviceMessage {}

    /** Journal what was acknowledged, nothing else carried it. */
    record FlushAck() implements DeviceMessage {}

    /** An item in front of the session has outlived its time-to-live. */
    record Expire() implements DeviceMessage {}

    /** The session that was attached before recovery has had its time to come back. */
    record SessionOverdue() implements DeviceMessage {}

    /** The session's actor stopped, or its node died. */
    record SessionLost(String sessionId) implements DeviceMessage {}

    /** A request for a reminder has ended. */
    record ReminderAnswered(Reminders.Answer answer) implements DeviceMessage {}

    /**
     * The registry row is written and the tokens are claimed (or not), and who waits for that.
     *
     * @param settled whether the owner's settings, if there is an owner, are known as well
     */
    record RegistryWritten(
            long version,
            boolean written,
            boolean settled,
            List<VendorToken> lostTokens,
            Optional<OwnerTold> owner,
            Optional<ActorRef<DeviceReply>> replyTo,
            Optional<DeviceReply> reply)
            implements DeviceMessage {}

    /** What the owner said to a binding of the device. */
    record OwnerTold(String userId, int binding, SettingsAre settings) {}

    /** Bodies by their events' numbers; empty when the journal could not be read. */
    record BodiesRead(Map<Long, Sealed> bodies, boolean failed) implements DeviceMessage {}

    /** What a conversation said of messages; absent when it said nothing in time. */
    record ContentsRead(List<MessageRef> asked, Optional<ConversationReply> reply) implements DeviceMessage {}

    /** Try reading what was set aside. */
    record ReadSetAside() implements DeviceMessage {}

    /** The message to be offered; absent when its conversation said nothing in time. */
    record VendorMessageRead(long ref, Optional<ConversationReply> reply) implements DeviceMessage {}

    /** Try reading bodies again. */
    record ReadBodies() implements DeviceMessage {}

    /** See whether an item must go to a vendor. */
    record VendorLook() implements DeviceMessage {}

    /** What a vendor's request came to. */
    record VendorEnded(ChannelCommand.Outcome outcome) implements DeviceMessage {}

    /** An item to be offered, as it was accepted; absent when the journal could not be read. */
    record VendorItemRead(long ref, Optional<ItemAccepted> item) implements DeviceMessage {}

    /** What a redelivery may repeat of this stream; absent when the journal could not be read. */
    record RedeliveryFound(Redeliver command, String streamId, Optional<List<OpenItem>> items)
            implements DeviceMessage {}

    /** Tell what became of notifications to many. */
    record ReportFates() implements DeviceMessage {}

    /** Told, and kept. */
    record FateKept(String notificationId, Fate fate) implements DeviceMessage {}
}
