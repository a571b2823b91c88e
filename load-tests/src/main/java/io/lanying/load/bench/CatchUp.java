package io.lanying.load.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Devices that were away connect at the same moment and take what waits for them: each item once and in order, and not again once
 * it is acknowledged.
 */
final class CatchUp implements AutoCloseable {

    /**
     * What it showed.
     *
     * @param seconds from the first connection until the server had the last acknowledgement
     * @param welcomedSeconds from the first connection until the last device was welcomed
     * @param items received, each counted once
     * @param helloNanos from hello to welcome
     * @param connectNanos from a device's first attempt to connect to its welcome
     * @param refused attempts to connect that were sent away
     * @param lost accepted and not received in time
     * @param unacknowledged that waited again when all came once more
     */
    record Result(
            double seconds,
            double welcomedSeconds,
            int devices,
            int items,
            Histogram helloNanos,
            Histogram connectNanos,
            int refused,
            int unwelcomed,
            int lost,
            int repeated,
            int invented,
            int outOfOrder,
            int gone,
            long unacknowledged) {

        boolean correct() {
            return unwelcomed + lost + repeated + invented + outOfOrder + gone + unacknowledged == 0;
        }

        String faults() {
            return ("not welcomed %d, lost %d, repeated %d, invented %d, out of order %d, gone %d,"
                            + " received and not acknowledged %d")
                    .formatted(unwelcomed, lost, repeated, invented, outOfOrder, gone, unacknowledged);
        }

        double itemsPerSecond() {
            return items / seconds;
        }
    }

    private static final int CONNECT_AT_ONCE = 200;
    private static final Duration CONNECT = Duration.ofSeconds(60);
    private static final Duration REPEATS_SHOW = Duration.ofSeconds(1);
    private static final long TELL_EVERY_NANOS = Duration.ofSeconds(5).toNanos();

    private final InetSocketAddress server;
    private final List<String> tokens;
    private final Messages messages;
    private final int[] missing;
    private final Wires wires = new Wires();
    private final Fleet fleet;
    private int waiting;
    private long lastWelcomed;
    private long lastAcknowledged;
    private long nextTold = System.nanoTime() + TELL_EVERY_NANOS;

    /**
     * Nothing happens yet.
     *
     * @param messages what was sent to the devices, each in its turn
     */
    CatchUp(InetSocketAddress server, List<String> tokens, Messages messages) throws IOException {
        this.server = server;
        this.tokens = List.copyOf(tokens);
        this.messages = messages;
        this.missing = new int[tokens.size()];
        for (int message = 0; message < messages.started(); message++) {
            missing[message % missing.length] += messages.accepted(message) ? 1 : 0;
        }
        for (int items : missing) {
            waiting += items > 0 ? 1 : 0;
        }
        this.fleet = new Fleet(wires, server, DeviceLine.TITLE, new Fleet.Listener() {
            @Override
            public void received(int app, long message) {
                onReceived(app, message);
            }

            @Override
            public void acknowledged(int app) {
                waiting--;
                lastAcknowledged = System.nanoTime();
            }
        });
        wires.eachTurn(this::tell);
    }

    /** Connects all at once, waits until all have everything, then looks whether anything comes again. */
    Result run(Duration limit, LoadLoop.Watcher watcher) throws IOException {
        watcher.measuring();
        long began = System.nanoTime();
        fleet.open(tokens);
        wires.turnUntil(limit, () -> {
            if (lastWelcomed == 0 && fleet.allWelcomed()) {
                lastWelcomed = System.nanoTime();
            }
            return lastWelcomed > 0 && waiting == 0;
        });
        watcher.measured();
        long now = System.nanoTime();
        long allWelcomed = lastWelcomed > 0 ? lastWelcomed : now;
        long end = waiting > 0 ? now : Math.max(allWelcomed, lastAcknowledged);
        int items = messages.received();
        int lost = messages.lost();
        int unwelcomed = tokens.size() - fleet.welcomed();
        long unacknowledged = unwelcomed > 0 ? 0 : comeAgain();
        return new Result(
                (end - began) / 1e9,
                (allWelcomed - began) / 1e9,
                tokens.size(),
                items,
                fleet.helloNanos(),
                fleet.connectNanos(),
                fleet.refused(),
                unwelcomed,
                lost,
                messages.repeated(),
                messages.invented(),
                fleet.outOfOrder(),
                fleet.gone(),
                unacknowledged);
    }

    /** All connect once more; what they had acknowledged must not come. */
    private long comeAgain() throws IOException {
        wires.close();
        try (Wires others = new Wires()) {
            Fleet again = new Fleet(others, server, DeviceLine.TITLE, (app, message) -> messages.receive(message));
            again.connect(tokens, CONNECT_AT_ONCE, CONNECT);
            others.turnUntil(REPEATS_SHOW, () -> false);
            return again.unacknowledged();
        }
    }

    private void onReceived(int app, long message) {
        if (messages.receive(message) && --missing[app] == 0) {
            fleet.askWhetherAcknowledged(app);
        }
    }

    private void tell() {
        if (System.nanoTime() > nextTold) {
            nextTold += TELL_EVERY_NANOS;
            System.out.printf(
                    "bench: %d of %d devices welcomed, %d of %d items received%n",
                    fleet.welcomed(), tokens.size(), messages.received(), messages.accepted());
        }
    }

    @Override
    public void close() throws IOException {
        wires.close();
    }
}
