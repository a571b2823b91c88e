package io.lanying.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GatheredTest {

    private final List<List<Integer>> reads = new ArrayList<>();
    private final List<CompletableFuture<Map<Integer, String>>> answers = new ArrayList<>();
    private final Gathered<Integer, String> gathered = new Gathered<>(3, 2, keys -> {
        reads.add(keys);
        answers.add(new CompletableFuture<>());
        return answers.get(answers.size() - 1);
    });

    private static Optional<String> soon(CompletionStage<Optional<String>> answer) {
        return answer.toCompletableFuture().join();
    }

    @Test
    void whoComesWhileReadsAreUnderWayIsReadTogether() {
        var all = IntStream.range(0, 7).mapToObj(gathered::ask).toList();
        assertThat(reads).containsExactly(List.of(0), List.of(1));
        answers.get(1).complete(Map.of(1, "one"));
        assertThat(soon(all.get(1))).contains("one");
        assertThat(reads).hasSize(3).last().isEqualTo(List.of(2, 3, 4));
        answers.get(0).complete(Map.of());
        assertThat(soon(all.get(0))).isEmpty();
        assertThat(reads).hasSize(4).last().isEqualTo(List.of(5, 6));
        answers.get(2).complete(Map.of(2, "two", 4, "four"));
        assertThat(soon(all.get(2))).contains("two");
        assertThat(soon(all.get(3))).isEmpty();
        assertThat(soon(all.get(4))).contains("four");
        assertThat(all.get(5).toCompletableFuture()).isNotDone();
    }

    @Test
    void equalOnesThatWaitAreReadOnceAndOneThatIsUnderWayIsReadAgain() {
        var first = gathered.ask(1);
        gathered.ask(2);
        var again = gathered.ask(1);
        var andAgain = gathered.ask(1);
        answers.get(0).complete(Map.of(1, "old"));
        assertThat(reads).last().isEqualTo(List.of(1));
        answers.get(2).complete(Map.of(1, "new"));
        assertThat(soon(first)).contains("old");
        assertThat(soon(again)).contains("new");
        assertThat(soon(andAgain)).contains("new");
    }

    @Test
    void aReadThatFailsFailsForThoseInItAndTheNextGoesOn() {
        var first = gathered.ask(1);
        gathered.ask(2);
        var next = gathered.ask(3);
        answers.get(0).completeExceptionally(new IllegalStateException("away"));
        assertThat(first.toCompletableFuture())
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("away");
        answers.get(2).complete(Map.of(3, "three"));
        assertThat(soon(next)).contains("three");
    }

    @Test
    void aReadThatCannotBeginFailsAndLeavesRoomForOthers() {
        var refusing = new Gathered<Integer, String>(1, 1, keys -> {
            if (keys.contains(1)) {
                throw new IllegalStateException("no room");
            }
            return CompletableFuture.completedStage(Map.of(2, "two"));
        });
        assertThat(refusing.ask(1).toCompletableFuture()).isCompletedExceptionally();
        assertThat(soon(refusing.ask(2))).contains("two");
    }
}
