package io.lanying.protocol.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the server says. Kinds and fates are texts, because a newer server may know more of them than the reader: unknown
 * kinds of items are acknowledged and ignored.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "t")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ServerFrame.Welcome.class, name = "welcome"),
    @JsonSubTypes.Type(value = ServerFrame.Item.class, name = "item"),
    @JsonSubTypes.Type(value = ServerFrame.Gone.class, name = "gone"),
    @JsonSubTypes.Type(value = ServerFrame.Reply.class, name = "reply"),
    @JsonSubTypes.Type(value = ServerFrame.Event.class, name = "event"),
    @JsonSubTypes.Type(value = ServerFrame.Pong.class, name = "pong"),
    @JsonSubTypes.Type(value = ServerFrame.Bye.class, name = "bye"),
})
public sealed interface ServerFrame {

    /**
     * The session is attached.
     *
     * @param streamId another than the app's: a new stream, the app starts from 0
     * @param ackedSeq items follow from the next number on
     * @param lastSeq the newest item there is
     * @param pingSeconds how often the app must be heard from
     * @param features those of the app's that are in force
     */
    record Welcome(
            @JsonProperty(required = true) String deviceId,
            @JsonProperty(required = true) String sessionId,
            @JsonProperty(required = true) String streamId,
            @JsonProperty(required = true) long ackedSeq,
            @JsonProperty(required = true) long lastSeq,
            @JsonProperty(required = true) int pingSeconds,
            @JsonProperty(required = true) List<String> features)
            implements ServerFrame {

        public Welcome {
            features = List.copyOf(features);
        }
    }

    /**
     * One item of the stream, with its body.
     *
     * @param notificationId for kinds {@code push} and {@code recall}
     * @param at when it was accepted, RFC 3339 with milliseconds
     * @param redeliveryOf the number it first had, if it was put into the stream again
     */
    record Item(
            @JsonProperty(required = true) long itemSeq,
            @JsonProperty(required = true) String id,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String notificationId,

            @JsonProperty(required = true) String kind,
            @JsonProperty(required = true) String at,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Long redeliveryOf,

            @JsonProperty(required = true) JsonNode body)
            implements ServerFrame {}

    /** These numbers will never come; acknowledged like items. */
    record Gone(
            @JsonProperty(required = true) long fromSeq,
            @JsonProperty(required = true) long toSeq,
            @JsonProperty(required = true) String fate)
            implements ServerFrame {}

    /** The answer to {@code send}: {@code messageId} and {@code messageSeq}, or {@code code}. */
    record Reply(
            @JsonProperty(required = true) long ref,
            @JsonProperty(required = true) boolean ok,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String messageId,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Long messageSeq,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String code)
            implements ServerFrame {}

    /**
     * Something in a conversation that the app watches; not numbered, not stored.
     *
     * @param kind {@code presence}: these watch it now, all of them; {@code typing}: these others are typing
     */
    record Event(
            @JsonProperty(required = true) String kind,
            @JsonProperty(required = true) String conversationId,
            @JsonProperty(required = true) List<String> userIds)
            implements ServerFrame {

        public Event {
            userIds = List.copyOf(userIds);
        }
    }

    /** The answer to {@code ping}. */
    record Pong() implements ServerFrame {}

    /**
     * The last frame: the server closes.
     *
     * @param code a {@link CloseCode}
     * @param reconnectAfterMs when to connect again; null: not with this token
     */
    record Bye(
            @JsonProperty(required = true) int code,
            @Nullable Long reconnectAfterMs) implements ServerFrame {}
}
