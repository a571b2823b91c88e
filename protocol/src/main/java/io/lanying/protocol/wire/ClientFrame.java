package io.lanying.protocol.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the app says. Numbers are never negative; a constructor throws {@link IllegalArgumentException} on what no app may say. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "t")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ClientFrame.Hello.class, name = "hello"),
    @JsonSubTypes.Type(value = ClientFrame.Ack.class, name = "ack"),
    @JsonSubTypes.Type(value = ClientFrame.Ping.class, name = "ping"),
    @JsonSubTypes.Type(value = ClientFrame.Send.class, name = "send"),
    @JsonSubTypes.Type(value = ClientFrame.Read.class, name = "read"),
    @JsonSubTypes.Type(value = ClientFrame.Opened.class, name = "opened"),
    @JsonSubTypes.Type(value = ClientFrame.BadgeSeen.class, name = "badgeSeen"),
    @JsonSubTypes.Type(value = ClientFrame.Typing.class, name = "typing"),
    @JsonSubTypes.Type(value = ClientFrame.Watch.class, name = "watch"),
})
public sealed interface ClientFrame {

    /** The most features a {@code hello} may name. */
    int MAX_FEATURES = 32;

    /** The most conversations an app may watch. */
    int MAX_WATCHED = 20;

    /** The longest id a frame may carry: a notification's id holds its device's id. */
    int MAX_ID = 128;

    /**
     * First on every socket, within 10 s.
     *
     * @param streamId the stream the app knows; null if none
     * @param ackedSeq the last item of that stream the app has stored: an acknowledgement
     * @param features what the app can do beyond version 1; unknown ones are ignored
     */
    record Hello(
            @Nullable String streamId,
            @JsonProperty(required = true) long ackedSeq,
            @Nullable List<String> features) implements ClientFrame {

        public Hello {
            atLeast(0, ackedSeq);
            features = features == null ? List.of() : List.copyOf(features);
            if (features.size() > MAX_FEATURES || (streamId != null && streamId.length() > MAX_ID)) {
                throw new IllegalArgumentException("too long");
            }
        }
    }

    /** The app has stored all items up to {@code itemSeq}. Above the last number sent: the socket is closed. */
    record Ack(@JsonProperty(required = true) long itemSeq) implements ClientFrame {

        public Ack {
            atLeast(0, itemSeq);
        }
    }

    /** Answered with {@code pong}; due every {@code pingSeconds} if nothing else is sent. */
    record Ping() implements ClientFrame {}

    /**
     * A message to a conversation. Answered with {@code reply} of the same {@code ref}.
     *
     * @param mentions an array of user ids, or of {@code *} for everybody
     * @param replyTo the id of the message it answers
     */
    record Send(
            @JsonProperty(required = true) long ref,
            @JsonProperty(required = true) String conversationId,
            @JsonProperty(required = true) String clientMessageId,
            @JsonProperty(required = true) String type,
            @JsonProperty(required = true) JsonNode content,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            JsonNode mentions,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String replyTo)
            implements ClientFrame {

        public Send {
            id(conversationId);
            id(clientMessageId);
            id(type);
            Objects.requireNonNull(content);
            if (replyTo != null) {
                id(replyTo);
            }
        }

        /** A message that mentions nobody and answers none. */
        public Send(long ref, String conversationId, String clientMessageId, String type, JsonNode content) {
            this(ref, conversationId, clientMessageId, type, content, null, null);
        }
    }

    /** The person has read a conversation up to {@code messageSeq}. */
    record Read(
            @JsonProperty(required = true) String conversationId,
            @JsonProperty(required = true) long messageSeq) implements ClientFrame {

        public Read {
            id(conversationId);
            atLeast(0, messageSeq);
        }
    }

    /** The person opened a notification. */
    record Opened(@JsonProperty(required = true) String notificationId) implements ClientFrame {

        public Opened {
            id(notificationId);
        }
    }

    /** The person has seen the badge as of {@code itemSeq}. */
    record BadgeSeen(@JsonProperty(required = true) long itemSeq) implements ClientFrame {

        public BadgeSeen {
            atLeast(0, itemSeq);
        }
    }

    /** The app looks at these conversations and at no others, until it says so again or the socket ends. */
    record Watch(@JsonProperty(required = true) List<String> conversationIds) implements ClientFrame {

        public Watch {
            conversationIds = List.copyOf(conversationIds);
            if (conversationIds.size() > MAX_WATCHED) {
                throw new IllegalArgumentException("too many");
            }
            conversationIds.forEach(ClientFrame::id);
        }
    }

    /** The person is typing in a conversation that the app watches. */
    record Typing(@JsonProperty(required = true) String conversationId) implements ClientFrame {

        public Typing {
            id(conversationId);
        }
    }

    private static void atLeast(long least, long number) {
        if (number < least) {
            throw new IllegalArgumentException("negative");
        }
    }

    private static void id(String text) {
        if (text.isEmpty() || text.length() > MAX_ID) {
            throw new IllegalArgumentException("not an id");
        }
    }
}
