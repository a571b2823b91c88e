package io.lanying.load.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.HdrHistogram.Histogram;

/**
 * The apps of many devices on one thread's wires: they connect, acknowledge, are heard from now and then, and come again when they
 * were refused and told to. An app that was welcomed and is then cut off is a fault.
 */
final class Fleet {

    /** Hears of items; apps are numbered from 0, in the order of their tokens. */
    interface Listener {
        void received(int app, long mark);

        /** The server has the acknowledgement after which {@link Fleet#askWhetherAcknowledged} was called. */
        default void acknowledged(int app) {}
    }

    /** Oftener than the server asks for (25 s). */
    private static final int PING_EVERY_SECONDS = 20;

    private static final int OPENED_BETWEEN_TURNS = 100;
    private static final int DIGITS_OF_LATENCY = 3;
    private static final long LONGEST_NANOS = Duration.ofMinutes(10).toNanos();

    private final Wires wires;
    private final InetSocketAddress server;
    private final byte[] mark;
    private final Listener listener;
    private final List<App> apps = new ArrayList<>();
    private final PriorityQueue<Again> again = new PriorityQueue<>(Comparator.comparingLong(Again::atNanos));
    private final Histogram helloNanos = new Histogram(LONGEST_NANOS, DIGITS_OF_LATENCY);
    private final Histogram connectNanos = new Histogram(LONGEST_NANOS, DIGITS_OF_LATENCY);
    private int welcomed;
    private int refused;
    private int second;
    private long nextSecond = System.nanoTime();

    private record Again(long atNanos, App app) {}

    /** @param mark what stands before an item's mark */
    Fleet(Wires wires, InetSocketAddress server, byte[] mark, Listener listener) {
        this.wires = wires;
        this.server = server;
        this.mark = mark;
        this.listener = listener;
        wires.eachTurn(this::lookAfter);
    }

    /** More apps begin to connect, all at once. */
    void open(List<String> tokens) throws IOException {
        for (String token : tokens) {
            apps.add(new App(apps.size(), token));
            if (apps.size() % OPENED_BETWEEN_TURNS == 0) {
                wires.turn(0);
            }
        }
    }

    /**
     * More apps connect, so many at once at most; returns when each has been welcomed.
     *
     * @param limit for each so many
     */
    void connect(List<String> tokens, int atOnce, Duration limit) throws IOException {
        for (int from = 0; from < tokens.size(); from += atOnce) {
            open(tokens.subList(from, Math.min(tokens.size(), from + atOnce)));
            wires.turnUntil(limit, this::allWelcomed);
            if (!allWelcomed()) {
                throw new IOException(
                        "%d of %d devices were not welcomed in time".formatted(apps.size() - welcomed, tokens.size()));
            }
        }
    }

    /** Within {@link Listener#received}: asks behind the acknowledgement of that. */
    void askWhetherAcknowledged(int app) {
        apps.get(app).ask();
    }

    private void lookAfter() throws IOException {
        long now = System.nanoTime();
        while (!again.isEmpty() && again.element().atNanos() <= now) {
            again.remove().app().open();
        }
        if (now >= nextSecond) {
            nextSecond = now + Duration.ofSeconds(1).toNanos();
            second = (second + 1) % PING_EVERY_SECONDS;
            for (int app = second; app < apps.size(); app += PING_EVERY_SECONDS) {
                apps.get(app).say();
            }
        }
    }

    boolean allWelcomed() {
        return welcomed == apps.size();
    }

    int welcomed() {
        return welcomed;
    }

    /** How often an app was sent away before it was welcomed. */
    int refused() {
        return refused;
    }

    /** From hello to welcome. */
    Histogram helloNanos() {
        return helloNanos;
    }

    /** From the first attempt to connect to welcome. */
    Histogram connectNanos() {
        return connectNanos;
    }

    int outOfOrder() {
        return apps.stream().mapToInt(app -> app.line.outOfOrder()).sum();
    }

    /** Numbers that were said never to come. */
    int gone() {
        return apps.stream().mapToInt(app -> app.line.gone()).sum();
    }

    /** Items that waited when their apps were welcomed. */
    long unacknowledged() {
        return apps.stream().mapToLong(app -> app.line.unacknowledged()).sum();
    }

    private final class App implements DeviceLine.Listener {
        private final int number;
        private final String token;
        private final long beganAt = System.nanoTime();
        private DeviceLine line;
        private long helloAt;
        private boolean here;
        private boolean asked;
        private int said;

        /** Begins to connect. */
        App(int number, String token) throws IOException {
            this.number = number;
            this.token = token;
            line = new DeviceLine(server, wires, token, mark, this);
        }

        void open() throws IOException {
            line = new DeviceLine(server, wires, token, mark, this);
        }

        void ask() {
            asked = true;
            line.pingAfterAck();
        }

        void say() throws IOException {
            if (here && !asked) {
                said++;
                line.ping();
            }
        }

        @Override
        public void saidHello() {
            helloAt = System.nanoTime();
        }

        @Override
        public void welcomed() {
            here = true;
            welcomed++;
            long now = System.nanoTime();
            helloNanos.recordValue(Math.min(LONGEST_NANOS, now - helloAt));
            connectNanos.recordValue(Math.min(LONGEST_NANOS, now - beganAt));
        }

        @Override
        public void received(long marked) {
            listener.received(number, marked);
        }

        @Override
        public void ponged() {
            if (said > 0) {
                said--;
            } else if (asked) {
                asked = false;
                listener.acknowledged(number);
            }
        }

        @Override
        public void ended(String why, long againAfterMillis) throws IOException {
            if (here || againAfterMillis < 0) {
                throw new IOException("a device's connection ended: " + why);
            }
            refused++;
            again.add(new Again(
                    System.nanoTime() + Duration.ofMillis(againAfterMillis).toNanos(), this));
        }
    }
}
