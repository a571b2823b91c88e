package io.lanying.load.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.ObjLongConsumer;
import org.HdrHistogram.Histogram;

/**
 * The load generator: one thread, one selector, all connections. Everything here belongs to the thread that calls
 * {@link #run}.
 */
final class LoadLoop implements AutoCloseable {

    /**
     * One measured time: begins with {@code start}, and is over when it is {@code done}, at the latest after its limit.
     *
     * @param prepare runs before, while nothing is sent; what piled up meanwhile goes out before the measured time begins
     */
    record Stage(Optional<Runnable> prepare, Runnable start, Duration limit, BooleanSupplier done) {

        Stage(Runnable start, Duration limit, BooleanSupplier done) {
            this(Optional.empty(), start, limit, done);
        }
    }

    /** Hears of the borders of each measured time and of each second that passes. */
    interface Watcher {
        void measuring();

        void measured();

        void second(int accepted, int received);
    }

    /** Long enough for a p99 of 500 sends a second, short enough that most have no stall. */
    static final int WINDOW_SECONDS = 5;

    private static final Duration CALM = Duration.ofSeconds(3);
    private static final Duration CONNECT = Duration.ofSeconds(60);
    private static final int CONNECT_AT_ONCE = 200;
    private static final int DIGITS_OF_LATENCY = 3;
    private static final int DIGITS_IN_A_WINDOW = 2;
    private static final long LONGEST_NANOS = Duration.ofMinutes(2).toNanos();

    private final InetSocketAddress server;
    private final LoadPlan plan;
    private final Requests requests;
    private final Watcher watcher;
    private final Messages messages;
    private final int first;
    private final Wires wires = new Wires();
    private final Fleet devices;
    private final List<HttpLine> lines = new ArrayList<>();
    private final ArrayDeque<HttpLine> idle = new ArrayDeque<>();
    private final ArrayDeque<Integer> due = new ArrayDeque<>();
    private final List<Measured> stages = new ArrayList<>();

    private boolean sending;
    private boolean away = true;
    private long openLoopStart;
    private long nextSecond;

    LoadLoop(InetSocketAddress server, LoadPlan plan, Requests requests, Watcher watcher) throws IOException {
        this(server, plan, requests, watcher, new Messages());
    }

    /** @param messages their numbers go on after those that are in it */
    LoadLoop(InetSocketAddress server, LoadPlan plan, Requests requests, Watcher watcher, Messages messages)
            throws IOException {
        this.server = server;
        this.plan = plan;
        this.requests = requests;
        this.watcher = watcher;
        this.messages = messages;
        this.first = messages.started();
        this.devices = new Fleet(wires, server, DeviceLine.TITLE, (app, message) -> onReceived(message));
    }

    /** Connects all devices, and waits until each has been welcomed. Without it they are away, and nobody waits for receipt. */
    void connect(List<String> tokens) throws IOException {
        away = false;
        devices.connect(tokens, CONNECT_AT_ONCE, CONNECT);
    }

    /** Warm-up, measured time, then no more sends until all that was accepted has come or the drain's time is over. */
    LoadResult run() throws IOException {
        return run(List.of(new Stage(() -> {}, plan.measured(), () -> allStarted() && idle.size() == lines.size())))
                .get(0);
    }

    /** The same with several measured times, one after the other. */
    List<LoadResult> run(List<Stage> asked) throws IOException {
        for (int line = 0; line < plan.connections(); line++) {
            lines.add(new HttpLine(server, wires, this::onAnswer));
        }
        idle.addAll(lines);
        sending = true;
        openLoopStart = System.nanoTime();
        nextSecond = openLoopStart + Duration.ofSeconds(1).toNanos();
        turnUntil(plan.warmUp(), () -> false);
        for (Stage stage : asked) {
            if (stage.prepare().isPresent()) {
                stage.prepare().get().run();
                turnUntil(CALM, () -> false);
            }
            Measured measured = new Measured();
            stages.add(measured);
            watcher.measuring();
            stage.start().run();
            turnUntil(stage.limit(), stage.done());
            measured.end();
            watcher.measured();
        }
        sending = false;
        turnUntil(plan.drain(), this::settled);
        return stages.stream().map(Measured::result).toList();
    }

    /** How many sends have been accepted so far. */
    int accepted() {
        return messages.accepted();
    }

    private boolean settled() {
        return idle.size() == lines.size()
                && due.isEmpty()
                && (away || messages.received() >= messages.accepted())
                && messages.accepted() + messages.refused() == messages.started();
    }

    private void turnUntil(Duration limit, BooleanSupplier done) throws IOException {
        long end = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < end && !done.getAsBoolean()) {
            startDue();
            wires.turn(untilNext());
            tellSecond();
        }
    }

    private void tellSecond() {
        if (sending && System.nanoTime() >= nextSecond) {
            nextSecond += Duration.ofSeconds(1).toNanos();
            watcher.second(messages.accepted(), messages.received());
        }
    }

    private boolean allStarted() {
        return messages.started() - first >= plan.most();
    }

    /** In milliseconds; an open loop that is behind does not wait. */
    private long untilNext() {
        if (!sending || !plan.openLoop() || allStarted()) {
            return 10;
        }
        double nanos = dueAt(messages.started()) - System.nanoTime();
        return nanos <= 0 ? 0 : Math.max(1, (long) (nanos / 1e6));
    }

    private long dueAt(int message) {
        return openLoopStart + (long) ((message - first) * 1e9 / plan.ratePerSecond());
    }

    private void startDue() throws IOException {
        if (!sending) {
            return;
        }
        if (plan.openLoop()) {
            long now = System.nanoTime();
            while (!allStarted() && dueAt(messages.started()) <= now) {
                due.add(messages.start(dueAt(messages.started())));
            }
        }
        while (!idle.isEmpty() && hasNext()) {
            next(idle.remove());
        }
    }

    private boolean hasNext() {
        return plan.openLoop() ? !due.isEmpty() : !allStarted();
    }

    private void next(HttpLine line) throws IOException {
        int message = plan.openLoop() ? due.remove() : messages.start(System.nanoTime());
        line.send(message, requests.request(requests.deviceOf(message), message));
    }

    private void onAnswer(HttpLine line, int message, int status) throws IOException {
        if (status == 202) {
            messages.accept(message);
            record(message, (stage, nanos) -> stage.acceptNanos.recordValue(nanos));
        } else if (status == 429 || status == 503) {
            messages.refuse(message);
        } else {
            throw new IOException("a send was answered " + status);
        }
        if (sending && hasNext()) {
            next(line);
        } else {
            idle.add(line);
        }
    }

    private void onReceived(long message) {
        if (messages.receive(message)) {
            record((int) message, (stage, nanos) -> stage.delivered((int) message, nanos));
        }
    }

    private void record(int message, ObjLongConsumer<Measured> to) {
        for (Measured stage : stages) {
            if (stage.sent(message)) {
                long nanos = System.nanoTime() - messages.startedAt(message);
                to.accept(stage, Math.min(LONGEST_NANOS, nanos));
            }
        }
    }

    /** What was sent within one measured time, and how long it took. */
    private final class Measured {
        private final Histogram acceptNanos = new Histogram(LONGEST_NANOS, DIGITS_OF_LATENCY);
        private final Histogram deliverNanos = new Histogram(LONGEST_NANOS, DIGITS_OF_LATENCY);
        private final List<Histogram> windows = new ArrayList<>();
        private final int first = messages.started();
        private final int acceptedBefore = messages.accepted();
        private final int receivedBefore = messages.received();
        private final long from = System.nanoTime();
        private int end = Integer.MAX_VALUE;
        private int accepted;
        private int received;
        private long to;

        void end() {
            to = System.nanoTime();
            end = messages.started();
            accepted = messages.accepted() - acceptedBefore;
            received = messages.received() - receivedBefore;
        }

        void delivered(int message, long nanos) {
            deliverNanos.recordValue(nanos);
            int window = (int) ((messages.startedAt(message) - from)
                    / Duration.ofSeconds(WINDOW_SECONDS).toNanos());
            while (windows.size() <= window) {
                windows.add(new Histogram(LONGEST_NANOS, DIGITS_IN_A_WINDOW));
            }
            windows.get(Math.max(0, window)).recordValue(nanos);
        }

        /** The last one may be shorter than the others. */
        private List<Histogram> wholeWindows() {
            return windows.subList(0, Math.max(0, windows.size() - 1));
        }

        boolean sent(int message) {
            return message >= first && message < end;
        }

        /** Its own times; whether anything was lost is said of the whole run. */
        LoadResult result() {
            return new LoadResult(
                    (to - from) / 1e9,
                    accepted,
                    received,
                    messages.started(),
                    messages.accepted(),
                    messages.refused(),
                    messages.unanswered(),
                    messages.lost(),
                    messages.repeated(),
                    messages.invented(),
                    devices.outOfOrder(),
                    devices.gone(),
                    acceptNanos,
                    deliverNanos,
                    wholeWindows());
        }
    }

    @Override
    public void close() throws IOException {
        wires.close();
    }
}
