package io.lanying.protocol.device;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.Persisted;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.channel.VendorOutcome;
import io.lanying.protocol.conversation.Alert;
import io.lanying.protocol.conversation.Counts;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.Receipt;
import io.lanying.protocol.device.DeviceSnapshot.OpenItem;
import io.lanying.protocol.device.DeviceSnapshot.Quiet;
import io.lanying.protocol.sealing.Sealed;
import io.lanying.protocol.user.UserSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What happened to a device. The journal of these is the device: its state, the fate of each item and the answer to "why"
 * all follow from them.
 *
 * <p>{@code at} never runs backwards within a journal. {@code ackedSeq}, where an event has it, is the position that the
 * app had acknowledged by then: acknowledgements ride on the next event, or on {@link Acknowledged} when none follows soon.
 */
public sealed interface DeviceEvent extends Persisted {

    /** When it happened: the later of the previous event's time and the node's clock. */
    Instant at();

    /**
     * The device is known from here on, for the first time or again after a deletion; a new stream starts at item 1.
     *
     * @param binding counts owners, from 1: session tokens of an earlier binding are void
     */
    record DeviceRegistered(Instant at, Optional<String> userId, int binding, String streamId, Profile profile)
            implements DeviceEvent {}

    /** The device's profile changed, its owner did not. */
    record ProfileChanged(Instant at, Profile profile) implements DeviceEvent {}

    /** The device changed its user: open items end {@code rebound}, the session ends, a new stream starts at item 1. */
    record DeviceRebound(Instant at, Optional<String> userId, int binding, String streamId, Profile profile)
            implements DeviceEvent {}

    /** The device was deleted: open items end {@code deviceGone}, the session ends. */
    record DeviceDeleted(Instant at) implements DeviceEvent {}

    /**
     * An item was accepted into the stream; nothing was accepted before this is in the journal.
     *
     * @param itemSeq its number in the stream, the last one plus 1
     * @param id the item's id, the same on every path; for a push the notification's id, which is also what a repeated
     *     command is recognised by; for a recall the id of what is recalled
     * @param body sealed as field {@code body} of this id; absent where kind and id say all
     * @param fingerprint of the command's content, under the key of the body's subject; absent where no caller's command
     * @param bytes what the item counts in the backlog
     * @param options absent: {@link PushOptions#DEFAULT}
     * @param vendorBlocks what only one vendor's channel gets, sealed as field {@code vendors} of this id
     */
    record ItemAccepted(
            Instant at,
            long itemSeq,
            String id,
            ItemKind kind,
            Optional<Sealed> body,
            Optional<String> fingerprint,
            int bytes,
            Instant expiresAt,
            Priority priority,
            Optional<String> collapseKey,
            long ackedSeq,
            Optional<PushOptions> options,
            Optional<Sealed> vendorBlocks)
            implements DeviceEvent {

        /** An item that is brought as by default. */
        public ItemAccepted(
                Instant at,
                long itemSeq,
                String id,
                ItemKind kind,
                Optional<Sealed> body,
                Optional<String> fingerprint,
                int bytes,
                Instant expiresAt,
                Priority priority,
                Optional<String> collapseKey,
                long ackedSeq) {
            this(
                    at,
                    itemSeq,
                    id,
                    kind,
                    body,
                    fingerprint,
                    bytes,
                    expiresAt,
                    priority,
                    collapseKey,
                    ackedSeq,
                    Optional.empty(),
                    Optional.empty());
        }

        /** The item it puts into the stream when it is this event of the journal. */
        public OpenItem item(long eventSeq) {
            return new OpenItem(
                    itemSeq,
                    eventSeq,
                    body.isPresent() ? eventSeq : 0,
                    id,
                    kind,
                    bytes,
                    at,
                    expiresAt,
                    priority,
                    collapseKey,
                    Optional.empty(),
                    options);
        }
    }

    /**
     * Items of this stream were put into it again under new numbers, by an operator's command.
     *
     * @param key what a repeated command is recognised by
     */
    record ItemsRedelivered(
            Instant at,
            String key,
            String subject,
            String fingerprint,
            List<Redelivered> items,
            Instant expiresAt,
            long ackedSeq)
            implements DeviceEvent {

        public ItemsRedelivered {
            items = items == null ? List.of() : List.copyOf(items);
        }

        /** The items it puts into the stream, by number, when it is this event of the journal. */
        public List<OpenItem> items(long eventSeq) {
            return items.stream()
                    .map(again -> new OpenItem(
                            again.itemSeq,
                            eventSeq,
                            again.bodyAt,
                            again.id,
                            again.kind,
                            again.bytes,
                            at,
                            expiresAt,
                            Priority.NORMAL,
                            Optional.empty(),
                            Optional.of(again.redeliveryOf),
                            Optional.empty(),
                            again.ref,
                            again.receipt))
                    .toList();
        }
    }

    /**
     * One item of {@link ItemsRedelivered}.
     *
     * @param bodyAt the eventSeq of the {@link ItemAccepted} that holds the body; 0 if it has none
     * @param ref the message it is about, for items of conversations
     * @param receipt what a receipt says
     */
    record Redelivered(
            long itemSeq,
            long redeliveryOf,
            String id,
            ItemKind kind,
            long bodyAt,
            int bytes,
            Optional<MessageRef> ref,
            Optional<Receipt> receipt)
            implements Persisted {

        /** An item that is no receipt. */
        public Redelivered(
                long itemSeq,
                long redeliveryOf,
                String id,
                ItemKind kind,
                long bodyAt,
                int bytes,
                Optional<MessageRef> ref) {
            this(itemSeq, redeliveryOf, id, kind, bodyAt, bytes, ref, Optional.empty());
        }

        /** An item that holds its body itself. */
        public Redelivered(long itemSeq, long redeliveryOf, String id, ItemKind kind, long bodyAt, int bytes) {
            this(itemSeq, redeliveryOf, id, kind, bodyAt, bytes, Optional.empty());
        }
    }

    /** Items ended otherwise than by acknowledgement; those not yet acknowledged are said to the app as {@code gone}. */
    record ItemsEnded(Instant at, Fate fate, Optional<String> reason, List<Long> itemSeqs) implements DeviceEvent {

        public ItemsEnded {
            itemSeqs = itemSeqs == null ? List.of() : List.copyOf(itemSeqs);
        }
    }

    /** The app acknowledged all items up to this one. */
    record Acknowledged(Instant at, long ackedSeq) implements DeviceEvent {}

    /** The person opened a notification. */
    record ItemOpened(Instant at, String id) implements DeviceEvent {}

    /** A session was attached; any earlier one is replaced. */
    record SessionAttached(Instant at, String sessionId, long ackedSeq) implements DeviceEvent {}

    /** The attached session ended. */
    record SessionDetached(Instant at, String sessionId, String reason, long ackedSeq) implements DeviceEvent {}

    /**
     * An item is given to a push vendor's channel; written before the vendor can have it.
     *
     * @param token the fingerprint of the vendor token it is for
     */
    record VendorOffered(
            Instant at, long itemSeq, String id, ChannelId channel, String token, OfferCause cause, long ackedSeq)
            implements DeviceEvent {}

    /** What became of the offer to this channel; written once for each {@link VendorOffered} that ended while its item was open. */
    record VendorAnswered(Instant at, long itemSeq, String id, ChannelId channel, VendorOutcome outcome, long ackedSeq)
            implements DeviceEvent {}

    /**
     * A vendor token is not this device's any more; the same token registered again later is a new one.
     *
     * @param token its fingerprint
     * @param reason {@code vendor:} and the vendor's word, or {@code claimed} by another device
     */
    record TokenUnbound(Instant at, ChannelId channel, Optional<String> topic, String token, String reason)
            implements DeviceEvent {

        /** Whether this is about that token. */
        public boolean names(VendorToken other) {
            return token.equals(other.fingerprint())
                    && topic.equals(other.topic())
                    && channel.equals(other.channelId());
        }
    }

    /**
     * A vendor said that the person does not get notifications there now: until this time nothing is given to this token, which
     * stays the device's.
     *
     * @param token its fingerprint
     * @param reason {@code vendor:} and the vendor's word
     */
    record TokenSuppressed(
            Instant at, ChannelId channel, Optional<String> topic, String token, Instant until, String reason)
            implements DeviceEvent {

        /** Whether this is about that token. */
        public boolean names(VendorToken other) {
            return token.equals(other.fingerprint())
                    && topic.equals(other.topic())
                    && channel.equals(other.channelId());
        }
    }

    /** The app has shown the number on its icon that came with this item: counting begins anew above it. */
    record BadgeSeen(Instant at, long itemSeq) implements DeviceEvent {}

    /** The owner's settings are these, as far as the device knows. */
    record UserSettingsApplied(Instant at, long version, UserSettings settings) implements DeviceEvent {}

    /**
     * The owner's settings, as they were when an item was accepted, keep it from push vendors or from making a sound there.
     *
     * @param until when the quiet hours end; absent for {@link Restraint#MUTED}
     */
    record ItemRestrained(Instant at, long itemSeq, String id, Restraint restraint, Optional<Instant> until)
            implements DeviceEvent {}

    /**
     * A notification to many was called off before this device had it: should it come later all the same, it is not taken.
     *
     * @param id the notification's
     */
    record PushCalledOff(Instant at, String id) implements DeviceEvent {}

    /**
     * Items came from a conversation of the owner's: references, whose contents stay in the conversation. Ranges may be none:
     * then the device only knows more than before.
     *
     * @param upTo the conversation's eventSeq up to which the device knows it
     * @param messageSeq the last message that the device knows
     * @param firstItemSeq the first item's number; the others follow without a gap
     * @param counts what is unread for the owner; absent: not said
     */
    record ConversationNoted(
            Instant at,
            String conversationId,
            long upTo,
            long messageSeq,
            long firstItemSeq,
            List<NotedRange> ranges,
            long ackedSeq,
            Optional<Counts> counts)
            implements DeviceEvent {

        /** News that say nothing of what is unread. */
        public ConversationNoted(
                Instant at,
                String conversationId,
                long upTo,
                long messageSeq,
                long firstItemSeq,
                List<NotedRange> ranges,
                long ackedSeq) {
            this(at, conversationId, upTo, messageSeq, firstItemSeq, ranges, ackedSeq, Optional.empty());
        }

        public ConversationNoted {
            ranges = ranges == null ? List.of() : List.copyOf(ranges);
        }

        /** The items it puts into the stream, by number, when it is this event of the journal. */
        public List<OpenItem> items(long eventSeq) {
            var items = new ArrayList<OpenItem>();
            for (NotedRange range : ranges) {
                for (long messageSeq = range.fromSeq; messageSeq <= range.toSeq; messageSeq++) {
                    var ref = new MessageRef(conversationId, messageSeq, range.version);
                    items.add(range.item(firstItemSeq + items.size(), eventSeq, ref, at));
                }
            }
            return items;
        }
    }

    /**
     * One item for each message of a range of {@link ConversationNoted}, or one about a single message.
     *
     * @param kind {@code MESSAGE}, {@code EDIT}, {@code RECALL}, {@code READ} or {@code RECEIPT}
     * @param version of the messages' contents; 0 where the kind has none
     * @param quiet how the owner's settings restrain the items at push vendors
     * @param receipt what a {@code RECEIPT} says
     */
    record NotedRange(
            ItemKind kind,
            long fromSeq,
            long toSeq,
            int version,
            Alert alert,
            Optional<Quiet> quiet,
            Optional<Receipt> receipt)
            implements Persisted {

        /** One that is no receipt. */
        public NotedRange(ItemKind kind, long fromSeq, long toSeq, int version, Alert alert, Optional<Quiet> quiet) {
            this(kind, fromSeq, toSeq, version, alert, quiet, Optional.empty());
        }

        /** How long items of conversations stay deliverable; part of what the event means, so it never changes. */
        public static final Duration DELIVERABLE_FOR = Duration.ofDays(28);

        /** What a reference counts in the backlog, whatever its message weighs; never changes either. */
        public static final int REFERENCE_BYTES = 128;

        /** How items that no vendor gets are brought. */
        public static final Optional<PushOptions> OWN_CONNECTION_ONLY =
                Optional.of(new PushOptions(Strategy.SOCKET_ONLY, 10, List.of(), Category.STANDARD, Optional.empty()));

        /** How many items it makes. */
        public long size() {
            return toSeq - fromSeq + 1;
        }

        private OpenItem item(long itemSeq, long eventSeq, MessageRef ref, Instant at) {
            boolean byVendorToo = kind == ItemKind.MESSAGE && alert.isByVendor();
            return new OpenItem(
                    itemSeq,
                    eventSeq,
                    0,
                    receipt.map(said -> said.itemId(ref.conversationId())).orElseGet(ref::messageId),
                    kind,
                    REFERENCE_BYTES,
                    at,
                    at.plus(DELIVERABLE_FOR),
                    priority(),
                    Optional.empty(),
                    Optional.empty(),
                    byVendorToo ? Optional.empty() : OWN_CONNECTION_ONLY,
                    Optional.of(ref),
                    receipt);
        }

        /** What was read, here or by others, gives way first, what must not be shown any more last. */
        private Priority priority() {
            return switch (kind) {
                case READ, RECEIPT -> Priority.LOW;
                case RECALL -> Priority.HIGH;
                default -> Priority.NORMAL;
            };
        }
    }

    /**
     * The contents of these items could not be read, and others wait behind them: their numbers are gone ({@code superseded}), the
     * items themselves wait outside the stream.
     */
    record ItemsSetAside(Instant at, List<Long> itemSeqs) implements DeviceEvent {

        public ItemsSetAside {
            itemSeqs = itemSeqs == null ? List.of() : List.copyOf(itemSeqs);
        }
    }

    /** Items that were set aside come into the stream again, under new numbers that follow without a gap. */
    record ItemsBroughtBack(Instant at, List<BroughtBack> items) implements DeviceEvent {

        public ItemsBroughtBack {
            items = items == null ? List.of() : List.copyOf(items);
        }
    }

    /**
     * One item of {@link ItemsBroughtBack}.
     *
     * @param setAside its number before
     * @param item as it is in the stream from now on
     */
    record BroughtBack(long setAside, OpenItem item) implements Persisted {}

    /** A command was refused for good; its repeats get the same answer. */
    record RequestRefused(Instant at, String key, String subject, String fingerprint, ErrorCode code)
            implements DeviceEvent {}
}
