package io.lanying.persistence.journal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Reads for many at once: what is asked for while reads are under way goes into the next one, together. A read that fails
 * fails for all that were in it. Thread-safe.
 *
 * @param <K> what is asked for; who asks for an equal one before its read has begun shares the answer
 * @param <V> what is found
 */
final class Gathered<K, V> {

    private final int most;
    private final int parallelism;
    private final Function<List<K>, CompletionStage<Map<K, V>>> read;
    private final LinkedHashMap<K, CompletableFuture<Optional<V>>> waiting = new LinkedHashMap<>();
    private int underWay;

    /**
     * @param most what one read is asked for at most
     * @param parallelism reads at the same time
     * @param read what is not there is not in the answer
     */
    Gathered(int most, int parallelism, Function<List<K>, CompletionStage<Map<K, V>>> read) {
        this.most = most;
        this.parallelism = parallelism;
        this.read = read;
    }

    /** What there is of it; empty if nothing. */
    CompletionStage<Optional<V>> ask(K key) {
        CompletableFuture<Optional<V>> answer;
        Map<K, CompletableFuture<Optional<V>>> batch;
        synchronized (waiting) {
            answer = waiting.computeIfAbsent(key, unasked -> new CompletableFuture<>());
            batch = next();
        }
        start(batch);
        return answer;
    }

    /** What is read now; empty if nothing waits or enough is under way. */
    private Map<K, CompletableFuture<Optional<V>>> next() {
        Map<K, CompletableFuture<Optional<V>>> batch = new LinkedHashMap<>();
        if (underWay < parallelism && !waiting.isEmpty()) {
            underWay++;
            var first = waiting.entrySet().iterator();
            while (batch.size() < most && first.hasNext()) {
                var each = first.next();
                batch.put(each.getKey(), each.getValue());
                first.remove();
            }
        }
        return batch;
    }

    private void start(Map<K, CompletableFuture<Optional<V>>> batch) {
        if (batch.isEmpty()) {
            return;
        }
        reading(List.copyOf(batch.keySet())).whenComplete((found, failure) -> {
            Map<K, CompletableFuture<Optional<V>>> more;
            synchronized (waiting) {
                underWay--;
                more = next();
            }
            start(more);
            batch.forEach((key, answer) -> {
                if (failure == null) {
                    answer.complete(Optional.ofNullable(found.get(key)));
                } else {
                    answer.completeExceptionally(failure);
                }
            });
        });
    }

    private CompletionStage<Map<K, V>> reading(List<K> keys) {
        try {
            return read.apply(keys);
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }
}
