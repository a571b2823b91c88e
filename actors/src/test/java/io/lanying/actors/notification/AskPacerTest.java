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
import java.util.concurrent.TimeUnit;
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

    @Test
    void asksInOrderAndNotAllAtOnce() {
        var pacer = AskPacer.through(kit.spawn(AskPacer.create(this::device, 4, Duration.ofMillis(2))));
        var replies = new ArrayList<CompletionStage<DeviceReply>>();
        for (int i = 0; i < 20; i++) {
            replies.add(ask(pacer, i));
        }
        for (int i = 0; i < 20; i++) {
            int next = i;
            await().until(() -> open.size() > next);
            assertThat(open.size() - next).isLessThanOrEqualTo(4);
            open.get(i).complete(new DeviceReply.Deleted());
        }
        replies.forEach(reply -> assertThat(reply.toCompletableFuture()).succeedsWithin(Duration.ofSeconds(3)));
        assertThat(asked)
                .isEqualTo(IntStream.range(0, 20).mapToObj(i -> "d" + i).toList());
    }

    @Test
    void asksMoreAtOnceTheLongerAnswersAreQuick() {
        var pacer = AskPacer.through(kit.spawn(AskPacer.create(this::device, 3, Duration.ofSeconds(10))));
        for (int i = 0; i < 40; i++) {
            ask(pacer, i);
        }
        await().until(() -> open.size() == 1);
        await().during(Duration.ofMillis(100)).until(() -> open.size() == 1);
        for (int i = 0; i < 20; i++) {
            int next = i;
            await().until(() -> open.size() > next);
            open.get(i).complete(new DeviceReply.Deleted());
        }
        await().until(() -> open.size() == 23);
        await().during(Duration.ofMillis(100)).until(() -> open.size() == 23);
    }

    @Test
    void asksNobodyForAWhileAfterEachAnswerUntilItKnowsWhatAnAnswerTakes() {
        var time = ActorTestKit.create(ManualTime.config().withFallback(ConfigFactory.load()));
        try {
            DeviceAsk slow = (id, command) -> {
                asked.add(id.id());
                return new CompletableFuture<DeviceReply>()
                        .completeOnTimeout(new DeviceReply.Deleted(), 100, TimeUnit.MILLISECONDS);
            };
            var pacer = AskPacer.through(time.spawn(AskPacer.create(slow, 1, Duration.ofMillis(1))));
            ask(pacer, 1);
            ask(pacer, 2);
            await().until(() -> asked.size() == 1);
            await().during(Duration.ofMillis(500)).until(() -> asked.size() == 1);
            ManualTime.get(time.system()).timePasses(Duration.ofSeconds(10));
            await().until(() -> asked.size() == 2);
        } finally {
            time.shutdownTestKit();
        }
    }

    @Test
    void aDeviceThatDoesNotAnswerGivesItsPlaceToTheNext() {
        var pacer = AskPacer.through(kit.spawn(AskPacer.create(this::device, 1, Duration.ofMillis(2))));
        var first = ask(pacer, 1);
        var second = ask(pacer, 2);
        await().until(() -> open.size() == 1);
        open.get(0).completeExceptionally(new IllegalStateException("no answer"));
        assertThat(first.toCompletableFuture())
                .failsWithin(Duration.ofSeconds(3))
                .withThrowableOfType(ExecutionException.class);
        await().until(() -> open.size() == 2);
        open.get(1).complete(new DeviceReply.Deleted());
        assertThat(second.toCompletableFuture()).succeedsWithin(Duration.ofSeconds(3));
    }

    @Test
    void whatWaitsFailsWhenItStops() {
        var actor = kit.spawn(AskPacer.create(this::device, 1, Duration.ofMillis(2)));
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
