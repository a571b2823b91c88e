package io.lanying.load.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * One thing a client did or saw. Their order in a {@link History} is the order in which it happened to the recorder: what is
 * done is recorded before it is done, what is seen after it was seen.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
    @JsonSubTypes.Type(value = HistoryEvent.Invoked.class, name = "invoked"),
    @JsonSubTypes.Type(value = HistoryEvent.Ok.class, name = "ok"),
    @JsonSubTypes.Type(value = HistoryEvent.Refused.class, name = "refused"),
    @JsonSubTypes.Type(value = HistoryEvent.Unknown.class, name = "unknown"),
    @JsonSubTypes.Type(value = HistoryEvent.BindInvoked.class, name = "bindInvoked"),
    @JsonSubTypes.Type(value = HistoryEvent.Bound.class, name = "bound"),
    @JsonSubTypes.Type(value = HistoryEvent.Hello.class, name = "hello"),
    @JsonSubTypes.Type(value = HistoryEvent.Welcome.class, name = "welcome"),
    @JsonSubTypes.Type(value = HistoryEvent.Item.class, name = "item"),
    @JsonSubTypes.Type(value = HistoryEvent.Gone.class, name = "gone"),
    @JsonSubTypes.Type(value = HistoryEvent.Acked.class, name = "acked"),
    @JsonSubTypes.Type(value = HistoryEvent.FateRead.class, name = "fate"),
    @JsonSubTypes.Type(value = HistoryEvent.Drained.class, name = "drained"),
    @JsonSubTypes.Type(value = HistoryEvent.StateRead.class, name = "state"),
    @JsonSubTypes.Type(value = HistoryEvent.JournalRead.class, name = "journal"),
    @JsonSubTypes.Type(value = HistoryEvent.LiveRead.class, name = "live"),
    @JsonSubTypes.Type(value = HistoryEvent.Measured.class, name = "measured"),
    @JsonSubTypes.Type(value = HistoryEvent.Window.class, name = "window"),
    @JsonSubTypes.Type(value = HistoryEvent.Canary.class, name = "canary"),
    @JsonSubTypes.Type(value = HistoryEvent.Received.class, name = "received"),
    @JsonSubTypes.Type(value = HistoryEvent.Scanned.class, name = "scanned"),
})
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public sealed interface HistoryEvent {

    /**
     * A notification is about to be sent.
     *
     * @param op numbers the attempt; its outcome carries the same number
     * @param key the idempotency key; attempts with the same target and key are one command
     * @param content what the device should see, in the shape of {@link Content}
     */
    record Invoked(long op, Target to, String key, String content) implements HistoryEvent {}

    /** Answered 202. */
    record Ok(long op, String notificationId, boolean replayed) implements HistoryEvent {}

    /** Answered with an error: not done, unless an earlier attempt was. */
    record Refused(long op, int status, String code, boolean retryAfter) implements HistoryEvent {}

    /** No answer: it may or may not have happened. */
    record Unknown(long op, String cause) implements HistoryEvent {}

    /** The device is about to be bound to an owner; {@code ""} is nobody. */
    record BindInvoked(Target at, String owner) implements HistoryEvent {}

    /** The binding was answered. */
    record Bound(Target at, String owner) implements HistoryEvent {}

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
