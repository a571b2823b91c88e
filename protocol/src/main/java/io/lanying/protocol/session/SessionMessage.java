package io.lanying.protocol.session;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.Remoted;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.Receipt;
import io.lanying.protocol.conversation.SealedContent;
import io.lanying.protocol.conversation.StoredMessage;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.sealing.Sealed;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a device says to the session that asked to be attached. */
public sealed interface SessionMessage {

    /**
     * The session is attached; {@link Deliver} and {@link Gone} follow from {@code ackedSeq + 1} on, in order.
     *
     * <p>The session watches {@code device}: when that actor stops, the entity has moved or stopped, and the session sends
     * {@code Attach} again through sharding.
     *
     * @param device where to send {@code Ack}, {@code Detach} and {@code Opened} directly
     * @param streamId the device's stream; another than the app's means that the app starts from 0
     */
    record Attached(ActorRef<DeviceCommand> device, String streamId, long ackedSeq, long lastSeq)
            implements SessionMessage, Remoted {}

    /** Not attached, or not any longer: close for this reason. */
    record Ended(EndReason reason) implements SessionMessage, Remoted {}

    /**
     * Items, in order; every number between them was said in a {@link Gone}.
     *
     * @param device which incarnation sends: anything from another than the attached one is late and ignored
     */
    record Deliver(ActorRef<DeviceCommand> device, List<Item> items) implements SessionMessage, Remoted {

        public Deliver {
            items = items == null ? List.of() : List.copyOf(items);
        }
    }

    /** These numbers will never come. */
    record Gone(ActorRef<DeviceCommand> device, long fromSeq, long toSeq, Fate fate)
            implements SessionMessage, Remoted {}

    /**
     * One item to hand out.
     *
     * @param body sealed as field {@code body} of {@code id}; absent where kind and id say all (a recall), and for items of
     *     conversations
     * @param ref the message it is about, for items of conversations
     * @param message what the message is, for kinds that show it
     * @param receipt what a receipt says
     */
    record Item(
            long itemSeq,
            String id,
            ItemKind kind,
            Instant at,
            Optional<Long> redeliveryOf,
            Optional<Sealed> body,
            Optional<MessageRef> ref,
            Optional<StoredMessage> message,
            Optional<Receipt> receipt)
            implements Remoted {

        /** An item that is no receipt. */
        public Item(
                long itemSeq,
                String id,
                ItemKind kind,
                Instant at,
                Optional<Long> redeliveryOf,
                Optional<Sealed> body,
                Optional<MessageRef> ref,
                Optional<StoredMessage> message) {
            this(itemSeq, id, kind, at, redeliveryOf, body, ref, message, Optional.empty());
        }

        /** An item that is about no message. */
        public Item(
                long itemSeq,
                String id,
                ItemKind kind,
                Instant at,
                Optional<Long> redeliveryOf,
                Optional<Sealed> body) {
            this(itemSeq, id, kind, at, redeliveryOf, body, Optional.empty(), Optional.empty());
        }

        /** What must be opened to show it, whichever it has. */
        public Optional<Sealed> sealed() {
            return body.or(() -> message.flatMap(StoredMessage::content).map(SealedContent::content));
        }
    }

    /**
     * Who watches a conversation at the moment: all of them, the session's own user included.
     *
     * @param userIds sorted; at most {@code ConversationLimits.MAX_WATCHERS}
     */
    record Present(String conversationId, List<String> userIds) implements SessionMessage, Remoted {

        public Present {
            userIds = userIds == null ? List.of() : List.copyOf(userIds);
        }
    }

    /** Others who watch a conversation are typing. */
    record Typed(String conversationId, List<String> userIds) implements SessionMessage, Remoted {

        public Typed {
            userIds = userIds == null ? List.of() : List.copyOf(userIds);
        }
    }

    /** The session does not watch this conversation, or no longer: its user is no member, or too many watch. */
    record NotWatching(String conversationId) implements SessionMessage, Remoted {}

    /** Why a session may not be, or no longer be, attached. */
    enum EndReason {
        /** Another session of the same device took its place. */
        REPLACED,
        /** The session token belongs to an earlier binding: the device changed hands or was deleted. */
        REVOKED,
        /** The app acknowledged a number that was never sent. */
        PROTOCOL_MISUSE
    }

    /** Messages of the session to itself; never leave its node. */
    non-sealed interface Internal extends SessionMessage {}
}
