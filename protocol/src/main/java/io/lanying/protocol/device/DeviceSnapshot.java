package io.lanying.protocol.device;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.Persisted;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.conversation.Counts;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.Receipt;
import io.lanying.protocol.user.UserSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A device after its first {@code eventSeq} events: what the fold of them gives, without bodies (those are read from the
 * journal by number when they are sent).
 *
 * @param at the last event's time
 * @param registration absent before the first registration and after a deletion
 * @param binding the last binding's number; kept over deletions so that no old session token becomes valid again
 * @param replacedSessions sessions that another one replaced, oldest first, at most 8: one that comes late stays replaced
 * @param remembered what repeats of commands are recognised by, oldest first
 * @param conversations what the device knows of its owner's conversations, the longest unheard of first
 */
public record DeviceSnapshot(
        long eventSeq,
        Instant at,
        int binding,
        Optional<Registration> registration,
        Optional<Stream> stream,
        Optional<Attachment> attachment,
        List<String> replacedSessions,
        List<Remembered> remembered,
        List<KnownConversation> conversations)
        implements Persisted {

    public DeviceSnapshot {
        replacedSessions = replacedSessions == null ? List.of() : List.copyOf(replacedSessions);
        remembered = remembered == null ? List.of() : List.copyOf(remembered);
        conversations = conversations == null ? List.of() : List.copyOf(conversations);
    }

    /** A device that knows no conversation. */
    public DeviceSnapshot(
            long eventSeq,
            Instant at,
            int binding,
            Optional<Registration> registration,
            Optional<Stream> stream,
            Optional<Attachment> attachment,
            List<String> replacedSessions,
            List<Remembered> remembered) {
        this(eventSeq, at, binding, registration, stream, attachment, replacedSessions, remembered, List.of());
    }

    /**
     * How far the device knows a conversation: news up to here change nothing.
     *
     * @param upTo the conversation's eventSeq
     * @param messageSeq the last message
     * @param readSeq up to which message the owner has read it on another device
     * @param notedBy the device's event that said so last
     * @param counts what is unread in it; absent: not known
     * @param receipt how far the owner's messages in it have come; absent: not known
     */
    public record KnownConversation(
            String conversationId,
            long upTo,
            long messageSeq,
            long readSeq,
            long notedBy,
            Instant notedAt,
            Optional<Counts> counts,
            Optional<Receipt> receipt)
            implements Persisted {

        /** A conversation of which no receipt is known. */
        public KnownConversation(
                String conversationId,
                long upTo,
                long messageSeq,
                long readSeq,
                long notedBy,
                Instant notedAt,
                Optional<Counts> counts) {
            this(conversationId, upTo, messageSeq, readSeq, notedBy, notedAt, counts, Optional.empty());
        }

        /** A conversation of which is not known what is unread. */
        public KnownConversation(
                String conversationId, long upTo, long messageSeq, long readSeq, long notedBy, Instant notedAt) {
            this(conversationId, upTo, messageSeq, readSeq, notedBy, notedAt, Optional.empty());
        }
    }

    /**
     * Who owns the device and what it said of itself.
     *
     * @param ownerSettings absent while the owner has never had any
     * @param suppressed tokens of the profile that get nothing for a while, at most one entry each
     */
    public record Registration(
            Instant registeredAt,
            Optional<String> userId,
            Profile profile,
            Optional<OwnerSettings> ownerSettings,
            List<Suppressed> suppressed)
            implements Persisted {

        public Registration {
            suppressed = suppressed == null ? List.of() : List.copyOf(suppressed);
        }

        /** A registration whose owner's settings are not known. */
        public Registration(Instant registeredAt, Optional<String> userId, Profile profile) {
            this(registeredAt, userId, profile, Optional.empty(), List.of());
        }

        /** The same owner's device with another profile; a token that is in it no more is forgotten. */
        public Registration withProfile(Profile changed) {
            var kept = suppressed.stream()
                    .filter(each -> changed.tokens().stream().anyMatch(each::names))
                    .toList();
            return new Registration(registeredAt, userId, changed, ownerSettings, kept);
        }

        /** The same with its owner's settings. */
        public Registration withSettings(OwnerSettings settings) {
            return new Registration(registeredAt, userId, profile, Optional.of(settings), suppressed);
        }

        /** The same with one more token that gets nothing for a while, if it is of the profile. */
        public Registration withSuppressed(Suppressed fresh) {
            var all = new ArrayList<>(suppressed);
            all.removeIf(each -> each.channel().equals(fresh.channel())
                    && each.topic().equals(fresh.topic())
                    && each.token().equals(fresh.token()));
            all.add(fresh);
            return new Registration(registeredAt, userId, profile, ownerSettings, all).withProfile(profile);
        }

        /** Until when a token gets nothing; empty if nothing is known against it. */
        public Optional<Instant> suppressedUntil(VendorToken token) {
            return suppressed.stream()
                    .filter(each -> each.names(token))
                    .map(Suppressed::until)
                    .findFirst();
        }
    }

    /** A token, named by channel, topic and fingerprint, that gets nothing until then. */
    public record Suppressed(ChannelId channel, Optional<String> topic, String token, Instant until)
            implements Persisted {

        boolean names(VendorToken other) {
            return token.equals(other.fingerprint())
                    && topic.equals(other.topic())
                    && channel.equals(other.channelId());
        }
    }

    /** The owner's settings as last told by the owner; {@code version} counts their changes. */
    public record OwnerSettings(long version, UserSettings settings) implements Persisted {}

    /**
     * The device's stream of items.
     *
     * @param exposedSeq the highest number that may have been handed to a session: above it nobody has seen anything
     * @param open items above {@code ackedSeq} that have not ended, by number
     * @param gone numbers above {@code ackedSeq} that ended, by number
     * @param vendorOnly items that go by vendor only and have not ended, by number; to the app their numbers are gone
     * @param vendors what vendors were asked about items that have not ended, by number
     * @param badge what pushes made of the number on the app's icon; absent while none did
     * @param setAside items whose contents could not be read, by the number they had; to the app these numbers are gone
     */
    public record Stream(
            String streamId,
            long ackedSeq,
            long lastSeq,
            long exposedSeq,
            List<OpenItem> open,
            List<GoneRange> gone,
            List<OpenItem> vendorOnly,
            List<VendorWork> vendors,
            Optional<BadgeState> badge,
            List<OpenItem> setAside)
            implements Persisted {

        public Stream {
            open = open == null ? List.of() : List.copyOf(open);
            gone = gone == null ? List.of() : List.copyOf(gone);
            vendorOnly = vendorOnly == null ? List.of() : List.copyOf(vendorOnly);
            vendors = vendors == null ? List.of() : List.copyOf(vendors);
            setAside = setAside == null ? List.of() : List.copyOf(setAside);
        }

        /** A stream of which nothing is set aside. */
        public Stream(
                String streamId,
                long ackedSeq,
                long lastSeq,
                long exposedSeq,
                List<OpenItem> open,
                List<GoneRange> gone,
                List<OpenItem> vendorOnly,
                List<VendorWork> vendors,
                Optional<BadgeState> badge) {
            this(streamId, ackedSeq, lastSeq, exposedSeq, open, gone, vendorOnly, vendors, badge, List.of());
        }
    }

    /**
     * An item that has been accepted and has not ended.
     *
     * @param eventSeq the event that put it into the stream
     * @param bodyAt the event that holds its body; 0 if it has none
     * @param ref the message it is about, for items of conversations: what it says is there
     * @param receipt what a receipt says
     */
    public record OpenItem(
            long itemSeq,
            long eventSeq,
            long bodyAt,
            String id,
            ItemKind kind,
            int bytes,
            Instant acceptedAt,
            Instant expiresAt,
            Priority priority,
            Optional<String> collapseKey,
            Optional<Long> redeliveryOf,
            Optional<PushOptions> options,
            Optional<MessageRef> ref,
            Optional<Receipt> receipt)
            implements Persisted {

        /** An item that is no receipt. */
        public OpenItem(
                long itemSeq,
                long eventSeq,
                long bodyAt,
                String id,
                ItemKind kind,
                int bytes,
                Instant acceptedAt,
                Instant expiresAt,
                Priority priority,
                Optional<String> collapseKey,
                Optional<Long> redeliveryOf,
                Optional<PushOptions> options,
                Optional<MessageRef> ref) {
            this(
                    itemSeq,
                    eventSeq,
                    bodyAt,
                    id,
                    kind,
                    bytes,
                    acceptedAt,
                    expiresAt,
                    priority,
                    collapseKey,
                    redeliveryOf,
                    options,
                    ref,
                    Optional.empty());
        }

        /** An item that is about no message. */
        public OpenItem(
                long itemSeq,
                long eventSeq,
                long bodyAt,
                String id,
                ItemKind kind,
                int bytes,
                Instant acceptedAt,
                Instant expiresAt,
                Priority priority,
                Optional<String> collapseKey,
                Optional<Long> redeliveryOf,
                Optional<PushOptions> options) {
            this(
                    itemSeq,
                    eventSeq,
                    bodyAt,
                    id,
                    kind,
                    bytes,
                    acceptedAt,
                    expiresAt,
                    priority,
                    collapseKey,
                    redeliveryOf,
                    options,
                    Optional.empty());
        }

        /** How it is brought. */
        public PushOptions howBrought() {
            return options.orElse(PushOptions.DEFAULT);
        }

        /** The message whose content it shows; empty if it shows none. */
        public Optional<MessageRef> content() {
            return kind == ItemKind.MESSAGE || kind == ItemKind.EDIT ? ref : Optional.empty();
        }

        /** The same under another number. */
        public OpenItem withNumber(long number) {
            return new OpenItem(
                    number,
                    eventSeq,
                    bodyAt,
                    id,
                    kind,
                    bytes,
                    acceptedAt,
                    expiresAt,
                    priority,
                    collapseKey,
                    redeliveryOf,
                    options,
                    ref,
                    receipt);
        }
    }

    /**
     * What push vendors were asked about one item.
     *
     * @param offer under way, or under way when the node died
     * @param refusedBy fingerprints of the tokens that are of no use for this item
     * @param takenBy the channel whose vendor took it
     * @param quiet how the owner's settings restrain it
     */
    public record VendorWork(
            long itemSeq,
            Optional<Offer> offer,
            List<String> refusedBy,
            Optional<ChannelId> takenBy,
            Optional<Quiet> quiet)
            implements Persisted {

        public VendorWork {
            refusedBy = refusedBy == null ? List.of() : List.copyOf(refusedBy);
        }

        /** What was asked about an item that nothing restrains. */
        public VendorWork(long itemSeq, Optional<Offer> offer, List<String> refusedBy, Optional<ChannelId> takenBy) {
            this(itemSeq, offer, refusedBy, takenBy, Optional.empty());
        }
    }

    /**
     * How the owner's wish for quiet restrains an item.
     *
     * @param until when the quiet hours end; absent for {@link Restraint#MUTED}
     */
    public record Quiet(Restraint restraint, Optional<Instant> until) implements Persisted {}

    /** An offer that has not been answered. */
    public record Offer(ChannelId channel, String token, Instant since) implements Persisted {}

    /**
     * The number on the app's icon.
     *
     * @param base what was set
     * @param added what items added to it since, by number
     */
    public record BadgeState(int base, List<BadgeAdded> added) implements Persisted {

        public BadgeState {
            added = added == null ? List.of() : List.copyOf(added);
        }
    }

    /** What one item added. */
    public record BadgeAdded(long itemSeq, int value) implements Persisted {}

    /** Numbers that will never come. */
    public record GoneRange(long fromSeq, long toSeq, Fate fate) implements Persisted {}

    /** The session that is attached. */
    public record Attachment(String sessionId, Instant since) implements Persisted {}

    /**
     * A command that was answered, for 7 days.
     *
     * @param key what its repeats are recognised by; for a push the notification id
     * @param subject under whose key the fingerprint is
     * @param eventSeq the event that answered it
     * @param binding the binding it was answered under
     * @param firstItemSeq the first item it made; 0 if none
     * @param lastItemSeq the last item it made; 0 if none
     * @param fate of a push's item
     * @param refused the code, if it was refused
     */
    public record Remembered(
            String key,
            String subject,
            String fingerprint,
            long eventSeq,
            Instant at,
            int binding,
            long firstItemSeq,
            long lastItemSeq,
            Optional<Fate> fate,
            Optional<ErrorCode> refused)
            implements Persisted {

        /** A push that was called off before the device had it, whatever it is about. */
        public static Remembered calledOff(String notificationId, long eventSeq, Instant at, int binding) {
            return new Remembered(
                    notificationId, "", "", eventSeq, at, binding, 0, 0, Optional.of(Fate.CANCELLED), Optional.empty());
        }

        /** Whether it is a push that this device never had, and is not to get any more. */
        public boolean wasCalledOff() {
            return firstItemSeq == 0 && fate.isPresent();
        }

        /** The same, which has this subject in common with others if it is the same: it takes no memory of its own then. */
        public Remembered sharing(String other) {
            return subject.equals(other)
                    ? new Remembered(
                            key, other, fingerprint, eventSeq, at, binding, firstItemSeq, lastItemSeq, fate, refused)
                    : this;
        }

        /** The same with its item's fate. */
        public Remembered withFate(Fate newFate) {
            return new Remembered(
                    key,
                    subject,
                    fingerprint,
                    eventSeq,
                    at,
                    binding,
                    firstItemSeq,
                    lastItemSeq,
                    Optional.of(newFate),
                    refused);
        }
    }
}
