package io.lanying.node.cli;

import io.lanying.node.cli.DeviceSocket.End;
import io.lanying.protocol.wire.ClientFrame;
import io.lanying.protocol.wire.ServerFrame;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A device that stays connected: receives items in order, acknowledges them once the application has them, and comes back
 * after a disconnect where it was. {@link #run} is for one thread; the rest is thread-safe.
 */
final class Device {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** What the device runs in. Calls come from one thread at a time. */
    interface App {

        /** A fresh session token. Called for each connection; may block. */
        String token();

        /** Where the last run, or the last connection, had come to. */
        StreamPosition position();

        /** Another position, to be kept before this returns: it is acknowledged next. */
        void moved(StreamPosition position);

        void item(ServerFrame.Item item);

        void gone(ServerFrame.Gone gone);

        /** The answer to a message that was sent. */
        default void reply(ServerFrame.Reply reply) {}

        /** Something a person may want to see: connected, disconnected and why. */
        void status(String line);
    }

    private final HttpClient http;
    private final URI server;
    private final App app;
    private final boolean acknowledges;
    private volatile boolean closing;
    private volatile @Nullable DeviceSocket socket;
    /** The socket once the server has welcomed it: before that, {@code hello} is all that may be said. */
    private volatile @Nullable DeviceSocket welcomed;
    /** Used until the server has said its own in welcome. */
    private volatile int pingSeconds = 20;

    /** @param acknowledges false for a device that receives and says nothing */
    Device(HttpClient http, URI server, App app, boolean acknowledges) {
        this.http = http;
        this.server = server;
        this.app = app;
        this.acknowledges = acknowledges;
    }

    /**
     * Connects, again and again, until {@link #close}.
     *
     * @throws CommandFailed if the server said not to come back
     */
    void run() {
        Duration pause = FIRST_PAUSE;
        while (!closing) {
            long began = System.nanoTime();
            End end = session();
            if (closing) {
                return;
            }
            if (!end.comesBack()) {
                throw new CommandFailed("the server closed the connection for good (code " + end.code() + ")");
            }
            boolean lasted = System.nanoTime() - began > LONGEST_PAUSE.toNanos();
            pause = lasted ? FIRST_PAUSE : pause;
            long asked = end.reconnectAfterMs().orElse(pause.toMillis());
            app.status("disconnected (code " + end.code() + "), connecting again in " + asked + " ms");
            sleep(asked + ThreadLocalRandom.current().nextLong(asked / 4 + 1));
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    /** Ends the connection and {@link #run}. */
    void close() {
        closing = true;
        DeviceSocket open = socket;
        if (open != null) {
            open.close();
        }
    }

    /** Says something if there is a connection, and whether there is; what is lost with it is not said again. */
    boolean send(ClientFrame frame) {
        DeviceSocket open = welcomed;
        if (open == null) {
            return false;
        }
        open.send(frame);
        return true;
    }

    private End session() {
        try {
            Session session = new Session();
            socket = null;
            welcomed = null;
            StreamPosition position = app.position();
            DeviceSocket opened = DeviceSocket.connect(http, server, app.token(), session::received)
                    .toCompletableFuture()
                    .join();
            socket = opened;
            opened.send(new ClientFrame.Hello(position.streamId(), position.ackedSeq(), List.of()));
            return awaitEnd(opened);
        } catch (CompletionException e) {
            refuseIfForbidden(e);
            return new End(1006, OptionalLong.empty());
        }
    }

    private End awaitEnd(DeviceSocket opened) {
        while (true) {
            try {
                return opened.ended().get(pingSeconds, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                opened.send(new ClientFrame.Ping());
            } catch (ExecutionException e) {
                throw new IllegalStateException("an end never fails", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                closing = true;
                opened.close();
            }
        }
    }

    private static void refuseIfForbidden(CompletionException failure) {
        if (failure.getCause() instanceof WebSocketHandshakeException handshake) {
            int status = handshake.getResponse().statusCode();
            if (status < 500 && status != 429) {
                throw new CommandFailed(
                        "the server refused the connection with " + status
                                + (status == 401 ? ": the session token is not valid (any longer)" : ""),
                        failure);
            }
        }
    }

    private static void sleep(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What the frames of one connection do. */
    private final class Session {

        private String streamId = "";

        void received(ServerFrame frame) {
            if (frame instanceof ServerFrame.Welcome welcome) {
                onWelcome(welcome);
            } else if (frame instanceof ServerFrame.Item item) {
                app.item(item);
                reached(item.itemSeq());
            } else if (frame instanceof ServerFrame.Gone gone) {
                app.gone(gone);
                reached(gone.toSeq());
            } else if (frame instanceof ServerFrame.Reply reply) {
                app.reply(reply);
            }
        }

        private void onWelcome(ServerFrame.Welcome welcome) {
            welcomed = socket;
            streamId = welcome.streamId();
            pingSeconds = Math.max(1, welcome.pingSeconds());
            app.status("connected: stream " + welcome.streamId() + ", acknowledged " + welcome.ackedSeq() + " of "
                    + welcome.lastSeq());
            if (!streamId.equals(app.position().streamId())) {
                app.moved(new StreamPosition(streamId, welcome.ackedSeq()));
            }
        }

        private void reached(long itemSeq) {
            if (acknowledges) {
                app.moved(new StreamPosition(streamId, itemSeq));
                // Never null here: the server says nothing before hello, which goes out once the socket is known.
                DeviceSocket opened = socket;
                if (opened != null) {
                    opened.send(new ClientFrame.Ack(itemSeq));
                }
            }
        }
    }
}
