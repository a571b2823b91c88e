package io.lanying.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.protocol.wire.ClientFrame;
import io.lanying.protocol.wire.ServerFrame;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Says things into conversations on a device's connection, one after the other, each until it is answered: again and again with
 * the same id, so that it is one message however often the connection breaks. {@link #say} is for one thread.
 */
final class Talker {

    /** What the server takes of one message. */
    static final int MOST_CHARACTERS = 10_000;

    private static final int MOST_BYTES = 16 * 1024;
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration NO_CONNECTION = Duration.ofMillis(50);

    private final Predicate<ClientFrame> connection;
    /** Holds no more than answers to what was said. */
    private final BlockingQueue<ServerFrame.Reply> replies = new LinkedBlockingQueue<>();

    private final String session = UUID.randomUUID().toString();
    private long said;

    /** @param connection takes a frame, or says that there is no connection just now */
    Talker(Predicate<ClientFrame> connection) {
        this.connection = connection;
    }

    /** Whether a message may be so long. */
    static boolean fits(String text) {
        return text.codePointCount(0, text.length()) <= MOST_CHARACTERS
                && content(text).toString().getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES;
    }

    /** To be told of every reply. */
    void came(ServerFrame.Reply reply) {
        replies.add(reply);
    }

    /**
     * Says it until the server has it, or will not have it.
     *
     * @return the answer; empty if there was none in time
     */
    Optional<ServerFrame.Reply> say(String conversationId, String text, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        said++;
        ClientFrame.Send frame =
                new ClientFrame.Send(said, conversationId, session + "-" + said, "text", content(text));
        while (System.nanoTime() < deadline) {
            if (!connection.test(frame)) {
                TimeUnit.MILLISECONDS.sleep(NO_CONNECTION.toMillis());
                continue;
            }
            Optional<ServerFrame.Reply> reply = reply();
            if (reply.isPresent() && !isForNow(reply.get())) {
                return reply;
            }
            if (reply.isPresent()) {
                TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            }
        }
        return Optional.empty();
    }

    private Optional<ServerFrame.Reply> reply() throws InterruptedException {
        long end = System.nanoTime() + ANSWER.toNanos();
        ServerFrame.Reply reply = replies.poll(ANSWER.toNanos(), TimeUnit.NANOSECONDS);
        while (reply != null && reply.ref() != said) {
            reply = replies.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
        return Optional.ofNullable(reply);
    }

    private static boolean isForNow(ServerFrame.Reply reply) {
        return "unavailable".equals(reply.code()) || "tooManyRequests".equals(reply.code());
    }

    private static JsonNode content(String text) {
        return Json.object().put("text", text);
    }
}
