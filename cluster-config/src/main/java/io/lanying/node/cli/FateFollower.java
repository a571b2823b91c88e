package io.lanying.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.node.cli.Api.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** Asks for the fate of accepted notifications until each has one or the time is over. One thread, one question at a time. */
final class FateFollower {

    static final String PENDING = "pending";
    static final String UNKNOWN = "unknown";
    private static final String TARGETED = "targeted";
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Api api;

    FateFollower(Api api) {
        this.api = api;
    }

    /**
     * Devices by fate, {@code pending} included; a notification that could not be asked about counts once as {@code unknown}.
     *
     * @param ended told how many notifications have ended, as that changes
     */
    Map<String, Integer> follow(Collection<String> notificationIds, Duration patience, IntConsumer ended) {
        long deadline = System.nanoTime() + patience.toNanos();
        Map<String, Integer> fates = new TreeMap<>();
        Queue<String> open = new ArrayDeque<>(notificationIds);
        int done = 0;
        while (!open.isEmpty()) {
            boolean last = System.nanoTime() > deadline;
            for (int i = open.size(); i > 0; i--) {
                String id = open.remove();
                Map<String, Integer> counts = counts(id);
                boolean unsettled = counts.containsKey(PENDING) || counts.containsKey(UNKNOWN);
                if (unsettled && !last) {
                    open.add(id);
                } else {
                    counts.forEach((fate, count) -> fates.merge(fate, count, Integer::sum));
                    done += unsettled ? 0 : 1;
                    ended.accept(done);
                }
            }
            if (!open.isEmpty() && !paused()) {
                return fates;
            }
        }
        return fates;
    }

    private Map<String, Integer> counts(String notificationId) {
        try {
            Answer answer = api.get("/v1/notifications/" + notificationId);
            Map<String, Integer> counts = new TreeMap<>();
            for (Map.Entry<String, JsonNode> count :
                    answer.body().path("counts").properties()) {
                if (count.getValue().asInt() > 0 && !count.getKey().equals(TARGETED)) {
                    counts.put(count.getKey(), count.getValue().asInt());
                }
            }
            return counts.isEmpty() ? Map.of(UNKNOWN, 1) : counts;
        } catch (IOException e) {
            return Map.of(UNKNOWN, 1);
        }
    }

    private static boolean paused() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
