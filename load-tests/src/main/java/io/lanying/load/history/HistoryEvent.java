package io.lanying.load.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One thing a client did or saw. Their order in a {@link History} is the order in which it happened to the recorder: what is
 * done is recorded before it is done, what is seen after it was seen.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
    @JsonSubTypes.Type(value = HistoryEvent.Invoked.class, name = "invoked"),
    @JsonSubTypes.Type(value = HistoryEvent.InvokedMany.class, name = "invokedMany"),
    @JsonSubTypes.Type(value = HistoryEvent.Ok.class, name = "ok"),
    @JsonSubTypes.Type(value = HistoryEvent.Refused.class, name = "refused"),
    @JsonSubTypes.Type(value = HistoryEvent.Unknown.class, name = "unknown"),
    @JsonSubTypes.Type(value = HistoryEvent.CancelInvoked.class, name = "cancelInvoked"),
    @JsonSubTypes.Type(value = HistoryEvent.BindInvoked.class, name = "bindInvoked"),
    @JsonSubTypes.Type(value = HistoryEvent.Bound.class, name = "bound"),
    @JsonSubTypes.Type(value = HistoryEvent.TokenGiven.class, name = "tokenGiven"),
    @JsonSubTypes.Type(value = HistoryEvent.TokenGone.class, name = "tokenGone"),
    @JsonSubTypes.Type(value = HistoryEvent.VendorAsked.class, name = "vendorAsked"),
    @JsonSubTypes.Type(value = HistoryEvent.Restarted.class, name = "restarted"),
    @JsonSubTypes.Type(value = HistoryEvent.Hello.class, name = "hello"),
    @JsonSubTypes.Type(value = HistoryEvent.Welcome.class, name = "welcome"),
    @JsonSubTypes.Type(value = HistoryEvent.Item.class, name = "item"),
    @JsonSubTypes.Type(value = HistoryEvent.Gone.class, name = "gone"),
    @JsonSubTypes.Type(value = HistoryEvent.Acked.class, name = "acked"),
    @JsonSubTypes.Type(value = HistoryEvent.FateRead.class, name = "fate"),
    @JsonSubTypes.Type(value = HistoryEvent.CountsRead.class, name = "counts"),
    @JsonSubTypes.Type(value = HistoryEvent.Drained.class, name = "drained"),
    @JsonSubTypes.Type(value = HistoryEvent.StateRead.class, name = "state"),
    @JsonSubTypes.Type(value = HistoryEvent.JournalRead.class, name = "journal"),
    @JsonSubTypes.Type(value = HistoryEvent.LiveRead.class, name = "live"),
    @JsonSubTypes.Type(value = HistoryEvent.Measured.class, name = "measured"),
    @JsonSubTypes.Type(value = HistoryEvent.Window.class, name = "window"),
    @JsonSubTypes.Type(value = HistoryEvent.Canary.class, name = "canary"),
    @JsonSubTypes.Type(value = HistoryEvent.Received.class, name = "received"),
    @JsonSubTypes.Type(value = HistoryEvent.Scanned.class, name = "scanned"),
    @JsonSubTypes.Type(value = TalkEvent.Begun.class, name = "begun"),
    @JsonSubTypes.Type(value = TalkEvent.PostInvoked.class, name = "postInvoked"),
    @JsonSubTypes.Type(value = TalkEvent.Posted.class, name = "posted"),
    @JsonSubTypes.Type(value = TalkEvent.EditInvoked.class, name = "editInvoked"),
    @JsonSubTypes.Type(value = TalkEvent.RecallInvoked.class, name = "recallInvoked"),
    @JsonSubTypes.Type(value = TalkEvent.MemberInvoked.class, name = "memberInvoked"),
    @JsonSubTypes.Type(value = TalkEvent.Done.class, name = "done"),
    @JsonSubTypes.Type(value = TalkEvent.Said.class, name = "said"),
    @JsonSubTypes.Type(value = TalkEvent.Receipt.class, name = "receipt"),
    @JsonSubTypes.Type(value = TalkEvent.Buzzed.class, name = "buzzed"),
    @JsonSubTypes.Type(value = TalkEvent.MessageRead.class, name = "messageRead"),
})
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public sealed interface HistoryEvent
        permits HistoryEvent.Invoked,
                HistoryEvent.InvokedMany,
                HistoryEvent.Ok,
                HistoryEvent.Refused,
                HistoryEvent.Unknown,
                HistoryEvent.CancelInvoked,
                HistoryEvent.BindInvoked,
                HistoryEvent.Bound,
                HistoryEvent.TokenGiven,
                HistoryEvent.TokenGone,
                HistoryEvent.VendorAsked,
                HistoryEvent.Restarted,
                HistoryEvent.Hello,
                HistoryEvent.Welcome,
                HistoryEvent.Item,
                HistoryEvent.Gone,
                HistoryEvent.Acked,
                HistoryEvent.FateRead,
                HistoryEvent.CountsRead,
                HistoryEvent.Drained,
                HistoryEvent.StateRead,
                HistoryEvent.JournalRead,
                HistoryEvent.LiveRead,
                HistoryEvent.Measured,
                HistoryEvent.Window,
                HistoryEvent.Canary,
                HistoryEvent.Received,
                HistoryEvent.Scanned,
                TalkEvent {

    /**
     * A notification is about to be sent.
     *
     * @param op numbers the attempt; its outcome carries the same number
     * @param key the idempotency key; attempts with the same target and key are one command
     * @param content what the device should see, in the shape of {@link Content}
     */
    record Invoked(long op, Target to, String key, String content) implements HistoryEvent {}

    /**
     * A notification to an audience is about to be sent.
     *
     * @param tenant whose; the key is the tenant's
     * @param to the devices that belong to the audience
     */
    record InvokedMany(long op, String tenant, List<String> to, String key, String content) implements HistoryEvent {

        public InvokedMany {
            to = List.copyOf(to);
        }
    }

    /** Answered 202. */
    record Ok(long op, String notificationId, boolean replayed) implements HistoryEvent {}

    /** Answered with an error: not done, unless an earlier attempt was. */
    record Refused(long op, int status, String code, boolean retryAfter) implements HistoryEvent {}

    /** No answer: it may or may not have happened. */
    record Unknown(long op, String cause) implements HistoryEvent {}

    /** A notification is about to be cancelled; of an audience some devices may then never be asked. */
    record CancelInvoked(String notificationId) implements HistoryEvent {}

    /** The device is about to be bound to an owner; {@code ""} is nobody. */
    record BindInvoked(Target at, String owner) implements HistoryEvent {}

    /** The binding was answered. */
    record Bound(Target at, String owner) implements HistoryEvent {}

    /**
     * The device is about to be registered with a vendor token.
     *
     * @param owner of the device from then on
     * @param atMillis the machine's clock, which vendors' records go by too
     */
    record TokenGiven(Target at, String owner, String token, long atMillis) implements HistoryEvent {}

    /**
     * The server said that the token is not this device's, or not this owner's, any more.
     *
     * @param owner who had it there
     */
    record TokenGone(Target at, String owner, String token, long atMillis) implements HistoryEvent {}

    /** What a vendor did with a request. */
    enum Shown {
        /** Taken, and the sender told so. */
        TAKEN,
        /** It may be shown, and the sender cannot know. */
        UNCLEAR,
        /** Not shown. */
        REFUSED
    }

    /**
     * A request reached a vendor. In the vendor's order, but placed in the history when it was read from the vendor's record.
     *
     * @param itemId what the app would know it by
     * @param vendorId what the vendor would know it by, {@code ""} if it knows none
     * @param connection which of the vendor's connections it came on, 0 if that is not recorded
     */
    record VendorAsked(
            String channel,
            String token,
            String itemId,
            String vendorId,
            String content,
            Shown shown,
            String answer,
            long connection,
            long atMillis)
            implements HistoryEvent {

        /** Whether a person may have seen it. */
        public boolean mayBeSeen() {
            return shown != Shown.REFUSED;
        }
    }

    /** The server's process died and another one goes on. */
    record Restarted() implements HistoryEvent {}

    /**
     * A socket says hello.
     *
     * @param epoch counts this device's sockets, from 1
     * @param owner whom the session token was issued for
     * @param streamId what the app knows, {@code ""} if nothing
     */
    record Hello(Target at, int epoch, String owner, String streamId, long ackedSeq) implements HistoryEvent {}

    record Welcome(Target at, int epoch, String streamId, long ackedSeq, long lastSeq) implements HistoryEvent {}

    /** An item arrived. */
    record Item(
            Target at,
            int epoch,
            long itemSeq,
            String id,
            String kind,
            Optional<String> notificationId,
            Optional<Long> redeliveryOf,
            String content)
            implements HistoryEvent {}

    record Gone(Target at, int epoch, long fromSeq, long toSeq, String fate) implements HistoryEvent {}

    /** The app is about to acknowledge. */
    record Acked(Target at, int epoch, long itemSeq) implements HistoryEvent {}

    /** What {@code why} says of a notification after the run; {@code "missing"} for 404. */
    record FateRead(Target at, String notificationId, String fate) implements HistoryEvent {}

    /** How many devices the notification's own counts put at each fate after the run; {@code targeted} is all of them. */
    record CountsRead(String tenant, String notificationId, Map<String, Long> counts) implements HistoryEvent {

        public CountsRead {
            counts = Map.copyOf(counts);
        }
    }

    /** All sends are over, the device was connected and had time to receive everything up to {@code lastSeq}. */
    record Drained(Target at, String streamId, long lastSeq) implements HistoryEvent {}

    /**
     * The journal's state of a device after {@code eventSeq} events.
     *
     * @param source how it was asked for, for the report
     */
    record StateRead(Target at, String source, long eventSeq, JsonNode state) implements HistoryEvent {}

    /** One event of a device's journal. */
    record JournalRead(Target at, long eventSeq, String type, JsonNode event) implements HistoryEvent {}

    /** The living device's answer, read at rest after the journal's {@code eventSeq}. */
    record LiveRead(Target at, long eventSeq, String streamId, long ackedSeq, long lastSeq, long openItems)
            implements HistoryEvent {}

    /** A quantity that must not pass its limit. */
    record Measured(String what, long value, long limit) implements HistoryEvent {}

    /** How many items the server may have sent without an acknowledgement. */
    record Window(int items) implements HistoryEvent {}

    /**
     * A text that must not turn up in the wrong place.
     *
     * @param tenant whose it is: no other tenant may receive it
     * @param clear whether it may also never stand in a file in clear
     */
    record Canary(String tenant, String text, boolean clear) implements HistoryEvent {}

    /** Everything a client of a tenant received in one answer or frame. */
    record Received(String tenant, String source, String text) implements HistoryEvent {}

    /** A file of the server was searched for all canaries. */
    record Scanned(String file, long bytes, List<String> found) implements HistoryEvent {

        public Scanned {
            found = List.copyOf(found);
        }
    }
}
