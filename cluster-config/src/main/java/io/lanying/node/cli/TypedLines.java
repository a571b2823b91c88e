package io.lanying.node.cli;

import io.lanying.protocol.wire.ServerFrame;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Lines of input as messages, one after the other: says what became of each. One thread. */
final class TypedLines {

    /** Whoever types sees that there is no connection, and can end it. */
    private static final Duration PATIENCE = Duration.ofHours(1);

    private final BufferedReader in;
    private final Talker talker;
    private final String conversation;
    private final Consumer<String> out;

    TypedLines(BufferedReader in, Talker talker, String conversation, Consumer<String> out) {
        this.in = in;
        this.talker = talker;
        this.conversation = conversation;
        this.out = out;
    }

    /** Sends until the input ends; whether every line was taken. */
    boolean sendAll() throws IOException, InterruptedException {
        boolean all = true;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (!line.isBlank()) {
                all &= send(line);
            }
        }
        return all;
    }

    private boolean send(String line) throws InterruptedException {
        if (!Talker.fits(line)) {
            out.accept("not sent: longer than " + Talker.MOST_CHARACTERS + " characters or 16 KiB");
            return false;
        }
        Optional<ServerFrame.Reply> reply = talker.say(conversation, line, PATIENCE);
        boolean taken = reply.isPresent() && reply.get().ok();
        out.accept(
                taken
                        ? "sent " + reply.get().messageId()
                        : "not sent: "
                                + reply.map(ServerFrame.Reply::code)
                                        .orElse("no answer within " + PATIENCE.toHours() + " h"));
        return taken;
    }
}
