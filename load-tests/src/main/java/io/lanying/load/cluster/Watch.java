package io.lanying.load.cluster;

import io.lanying.load.client.Service;
import io.lanying.load.rig.Phone;
import io.lanying.load.rig.Rig;
import io.lanying.load.rig.Sender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * How long a service waits for an answer: to each of a dozen devices one command at a time, repeated twice a second at any
 * entrance until it is answered, whether or not the last repeat is still open. What it sends is judged like all else.
 *
 * <p>Thread-safe; sends on a thread of its own from {@link #begin} to {@link #end}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what comes of what it sends is recorded
final class Watch {

    private static final int DEVICES = 12;
    private static final Duration TICK = Duration.ofMillis(50);
    private static final Duration PACE = Duration.ofMillis(500);
    private static final Duration AGAIN = Duration.ofMillis(500);

    /** One device, with the command that is under way. */
    private static final class Line {
        private final String device;
        private Sender.@Nullable Command open;
        private long begunAt;
        private long saidAt;
        private long answeredAt;

        Line(String device) {
            this.device = device;
        }
    }

    private final Sender sender;
    private final List<Line> lines = new ArrayList<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final Set<Sender.Command> done = new HashSet<>();
    private final Histogram waits = new Histogram(3);
    private long since = System.nanoTime();
    private long longestWait;

    /** Makes its tenant and devices, each with an app that is connected. */
    Watch(Rig rig) {
        this.sender = rig.tenant("watch" + rig.seed());
        for (int number = 0; number < DEVICES; number++) {
            String device = "watched" + number;
            rig.phone(
                    sender.service(),
                    device,
                    new Service.Registration("w" + number, List.of(), Optional.empty()),
                    Phone.Manner.ATTENTIVE);
            lines.add(new Line(device));
        }
    }

    void begin() {
        thread.scheduleAtFixedRate(this::tick, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void tick() {
        long now = System.nanoTime();
        lines.forEach(line -> tick(line, now));
    }

    private void tick(Line line, long now) {
        Sender.Command open = line.open;
        if (open == null) {
            if (now - line.begunAt >= PACE.toNanos()) {
                line.open = sender.newCommand(line.device);
                line.begunAt = now;
                say(line, line.open, now);
            }
        } else if (open.answered()) {
            longestWait = Math.max(longestWait, now - line.begunAt);
            if (line.begunAt >= since && line.answeredAt < since) {
                line.answeredAt = now;
            }
            line.open = null;
        } else if (now - line.saidAt >= AGAIN.toNanos()) {
            say(line, open, now);
        }
    }

    private void say(Line line, Sender.Command command, long now) {
        line.saidAt = now;
        long begunAt = line.begunAt;
        sender.send(command).thenRun(() -> answered(command, begunAt));
    }

    private synchronized void answered(Sender.Command command, long begunAt) {
        if (command.answered() && done.add(command)) {
            waits.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begunAt));
        }
    }

    /** From now on {@link #longestWait} and {@link #p99} count. */
    synchronized void forget() {
        longestWait = 0;
        waits.reset();
    }

    /** What 99 of 100 commands were answered within, repeats included, in milliseconds. */
    synchronized double p99() {
        return waits.getValueAtPercentile(99) / 1e3;
    }

    /** From now on {@link #secondsToAnswer} counts. */
    synchronized void mark() {
        since = System.nanoTime();
    }

    /** How long after the mark the last device was answered for a command that began after it; empty if one was not yet. */
    synchronized OptionalDouble secondsToAnswer() {
        boolean all = lines.stream().allMatch(line -> line.answeredAt >= since);
        return all
                ? OptionalDouble.of(lines.stream()
                                .mapToLong(line -> line.answeredAt - since)
                                .max()
                                .orElse(0)
                        / 1e9)
                : OptionalDouble.empty();
    }

    /** How long after the mark the first device was answered for a command that began after it; 0 if none was yet. */
    synchronized double secondsToFirstAnswer() {
        return lines.stream()
                        .filter(line -> line.answeredAt >= since)
                        .mapToLong(line -> line.answeredAt - since)
                        .min()
                        .orElse(0)
                / 1e9;
    }

    /** The longest that any command was under way, in seconds. */
    synchronized double longestWait() {
        return longestWait / 1e9;
    }

    /** Sends nothing any more. */
    void end() {
        thread.shutdown();
        try {
            thread.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
