package io.lanying.load.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Sends at a steady pace at several nodes, each to the next device, until it is told to stop; on wires of its own, served by {@link #turn}. */
final class SteadySends implements AutoCloseable {

    private static final int LINES_TO_A_NODE = 8;
    private static final int ACCEPTED = 202;

    private final Requests requests;
    private final Messages messages;
    private final long everyNanos;
    private final Wires wires = new Wires();
    private final ArrayDeque<HttpLine> idle = new ArrayDeque<>();
    private final int lines;
    private long nextAt = System.nanoTime();
    private boolean stopped;

    /** @param messages has what becomes of each */
    SteadySends(List<InetSocketAddress> nodes, Requests requests, Messages messages, int perSecond) throws IOException {
        this.requests = requests;
        this.messages = messages;
        this.everyNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.lines = nodes.size() * LINES_TO_A_NODE;
        for (int line = 0; line < lines; line++) {
            idle.add(new HttpLine(nodes.get(line % nodes.size()), wires, this::onAnswer));
        }
    }

    /** What is due, as far as fewer are unanswered than there are lines. */
    void turn() throws IOException {
        long now = System.nanoTime();
        while (!stopped && nextAt <= now && !idle.isEmpty()) {
            int message = messages.start(now);
            idle.remove().send(message, requests.request(requests.deviceOf(message), message));
            nextAt += everyNanos;
        }
        wires.turn(0);
    }

    private void onAnswer(HttpLine line, int message, int status) throws IOException {
        if (status == ACCEPTED) {
            messages.accept(message);
        } else if (status == 429 || status == 503) {
            messages.refuse(message);
        } else {
            throw new IOException("a send was answered " + status);
        }
        idle.add(line);
    }

    void stop() {
        stopped = true;
    }

    boolean allAnswered() {
        return idle.size() == lines;
    }

    @Override
    public void close() throws IOException {
        wires.close();
    }
}
