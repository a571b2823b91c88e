package io.lanying.actors.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import com.typesafe.config.ConfigFactory;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AskPacerTest {

    private final ActorTestKit kit = ActorTestKit.create();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<CompletableFuture<DeviceReply>> open = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    private CompletionStage<DeviceReply> device(EntityId id, Function<?, DeviceCommand> command) {
        asked.add(id.id());
        var reply = new CompletableFuture<DeviceReply>();
        open.add(reply);
        return reply;
    }

    private static CompletionStage<DeviceReply> ask(DeviceAsk pacer, int device) {
        return pacer.ask(new EntityId("acme", "d" + device), DeviceCommand.Get::new);
    }

    private void answer(int from, int to) {
        for (int i = from; i < to; i++) {
            open.get(i).complete(new DeviceReply.Deleted());
        }
    }

    @Test
    void asksInOrderAndNotAllAtOnce() {
        var pacer = AskPacer.through(kit.spawn(AskPacer.create(this::device, 4, 1)));
        var replies = new ArrayList<CompletionStage<DeviceReply>>();
        for (int i = 0; i < 20; i++) {
            replies.add(ask(pacer, i));
        }
        for (int i = 0; i < 20; i++) {
            int next = i;
            await().until(() -> open.size() > next);
            assertThat(open.size() - next).isLessThanOrEqualTo(4);
            answer(i, i + 1);
        }
        replies.forEach(reply -> assertThat(reply.toCompletableFuture()).succeedsWithin(Duration.ofSeconds(3)));
        assertThat(asked)
                .isEqualTo(IntStream.range(0, 20).mapToObj(i -> "d" + i).toList());
    }

    @Test
    void asksManyTogetherAndThenNobodyForThreeTimesAsLong() {
        inManualTime((time, pacer) -> {
            for (int i = 0; i < 9; i++) {
                ask(pacer, i);
            }
            await().until(() -> open.size() == 1);
            answer(0, 1);
            pass(time, AskPacer.LONGEST_PAUSE);
            await().until(() -> open.size() == 5);

            await().during(Duration.ofMillis(100)).until(() -> open.size() == 5); // their answers take so long
            answer(1, 5);
            pass(time, Duration.ofMillis(250));
            assertThat(open).hasSize(5);
            pass(time, AskPacer.LONGEST_PAUSE);
            await().until(() -> open.size() == 9);
        });
    }

    @Test
    void theLastOfThoseAskedTogetherDoesNotHoldUpTheNext() {
        inManualTime((time, pacer) -> {
            for (int i = 0; i < 8; i++) {
                ask(pacer, i);
            }
            await().until(() -> open.size() == 1);
            answer(0, 1);
            pass(time, AskPacer.LONGEST_PAUSE);
            await().until(() -> open.size() == 5);
            answer(1, 4);
            pass(time, AskPacer.LONGEST_PAUSE);
            await().until(() -> open.size() == 8); // three, beside the one that is silent
            answer(4, 5); // what comes late does not count as one of the three
            pass(time, AskPacer.LONGEST_PAUSE);
            ask(pacer, 8);
            await().during(Duration.ofMillis(100)).until(() -> open.size() == 8);
            answer(5, 8);
            pass(time, AskPacer.LONGEST_PAUSE);
            await().until(() -> open.size() == 9);
        });
    }

    /** With room for four and a quarter of the time. */
    private void inManualTime(BiConsumer<ManualTime, DeviceAsk> test) {
        var time = ActorTestKit.create(ManualTime.config().withFallback(ConfigFactory.load()));
        try {
            test.accept(
                    ManualTime.get(time.system()),
                    AskPacer.through(time.spawn(AskPacer.create(this::device, 4, 0.25))));
        } finally {
            time.shutdownTestKit();
        }
    }

    /** After what was told before has arrived: a timer that is set later starts later. */
    private static void pass(ManualTime time, Duration duration) {
        await().pollDelay(Duration.ofMillis(50)).until(() -> true);
        time.timePasses(duration);
    }

    @Test
    void aDeviceThatDoesNotAnswerGivesItsPlaceToTheNext() {
        var pacer = AskPacer.through(kit.spawn(AskPacer.create(this::device, 1, 1)));
        var first = ask(pacer, 1);
        var second = ask(pacer, 2);
        await().until(() -> open.size() == 1);
        open.get(0).completeExceptionally(new IllegalStateException("no answer"));
        assertThat(first.toCompletableFuture())
                .failsWithin(Duration.ofSeconds(3))
                .withThrowableOfType(ExecutionException.class);
        await().until(() -> open.size() == 2);
        answer(1, 2);
        assertThat(second.toCompletableFuture()).succeedsWithin(Duration.ofSeconds(3));
    }

    @Test
    void whatWaitsFailsWhenItStops() {
        var actor = kit.spawn(AskPacer.create(this::device, 1, 1));
        var pacer = AskPacer.through(actor);
        ask(pacer, 1);
        var waiting = ask(pacer, 2);
        await().until(() -> open.size() == 1);
        kit.stop(actor);
        assertThat(waiting.toCompletableFuture())
                .failsWithin(Duration.ofSeconds(3))
                .withThrowableOfType(ExecutionException.class);
    }
}
