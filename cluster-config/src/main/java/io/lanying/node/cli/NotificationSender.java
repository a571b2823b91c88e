package io.lanying.node.cli;

import io.lanying.node.cli.Api.Answer;
import io.lanying.node.cli.NotificationFile.Line;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sends notifications, each until it has an answer: connection errors, 429 and 503 are repeated with the same key, which is
 * harmless. Lines for one device go one after another, so that they arrive in the file's order; devices go side by side, as
 * many as {@code lanes}.
 */
final class NotificationSender {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_ASKED_PAUSE = Duration.ofSeconds(30);

    private final Api api;
    private final int lanes;
    private final Duration patience;

    /** @param patience how long one line is tried without an answer before it counts as unknown */
    NotificationSender(Api api, int lanes, Duration patience) {
        this.api = api;
        this.lanes = lanes;
        this.patience = patience;
    }

    /**
     * What became of sending a line.
     *
     * @param text the notification's id if accepted, otherwise why not
     */
    record Sent(Line line, Kind kind, String text) {}

    /** Accepted; refused for good; or nobody knows, and sending the same file again will tell. */
    enum Kind {
        ACCEPTED,
        REFUSED,
        UNKNOWN
    }

    /** Returns when every line has its outcome, told to {@code each} as it comes, from several threads. */
    List<Sent> send(List<Line> lines, Consumer<Sent> each) {
        Map<String, List<Line>> byLane = new LinkedHashMap<>();
        lines.forEach(line ->
                byLane.computeIfAbsent(line.lane(), lane -> new ArrayList<>()).add(line));
        List<Sent> all = new ArrayList<>();
        Consumer<Sent> collect = sent -> {
            synchronized (all) {
                all.add(sent);
            }
            each.accept(sent);
        };
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(lanes, byLane.size()));
        byLane.values().forEach(lane -> threads.execute(() -> lane.forEach(line -> collect.accept(send(line)))));
        threads.shutdown();
        try {
            while (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
                // Each line ends within its patience, so this does too.
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
        return List.copyOf(all);
    }

    private Sent send(Line line) {
        long deadline = System.nanoTime() + patience.toNanos();
        Duration pause = FIRST_PAUSE;
        while (true) {
            Duration wait;
            String reason;
            try {
                Answer answer = api.post("/v1/notifications", line.notification(), line.key());
                if (answer.ok()) {
                    return new Sent(
                            line,
                            Kind.ACCEPTED,
                            answer.body().path("notificationId").asText());
                }
                if (answer.status() != 429 && answer.status() != 503) {
                    return new Sent(line, Kind.REFUSED, answer.problem());
                }
                reason = answer.problem();
                wait = shorter(answer.retryAfter().orElse(pause), LONGEST_ASKED_PAUSE);
            } catch (IOException e) {
                reason = "no answer: " + e.getClass().getSimpleName();
                wait = pause;
            }
            if (System.nanoTime() + wait.toNanos() > deadline || !paused(wait)) {
                return new Sent(line, Kind.UNKNOWN, reason);
            }
            pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
        }
    }

    /** Up to a quarter longer, so that many lines do not come back at the same moment. */
    private static boolean paused(Duration pause) {
        try {
            TimeUnit.MILLISECONDS.sleep(
                    pause.toMillis() + ThreadLocalRandom.current().nextLong(pause.toMillis() / 4 + 1));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
