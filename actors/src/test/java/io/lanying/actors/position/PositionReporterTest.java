package io.lanying.actors.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import com.typesafe.config.ConfigFactory;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.conversation.ConversationCommand.Report;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationReply.Reported;
import io.lanying.protocol.conversation.PositionReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Positions on their way to the conversations. */
class PositionReporterTest {

    private static final EntityId ONE = new EntityId("acme", "g1");
    private static final EntityId OTHER = new EntityId("acme", "g2");

    private final ActorTestKit kit = ActorTestKit.create();

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void aConversationIsToldOnceOfAllAndAgainUntilItAnswers() {
        var told = new CopyOnWriteArrayList<Report>();
        var down = new AtomicBoolean(true);
        var reporter = kit.spawn(PositionReporter.create((conversation, command) -> {
            var report = (Report) command.apply(kit.system().ignoreRef());
            if (conversation.equals(OTHER) && down.get()) {
                down.set(false);
                return CompletableFuture.failedFuture(new IllegalStateException("down"));
            }
            told.add(report);
            return CompletableFuture.completedFuture(
                    new Reported(report.reports().size()));
        }));
        for (int i = 1; i <= 100; i++) {
            reporter.tell(new PositionReporter.Say(ONE, new PositionReport("u1", i, 0, Optional.of("d1"))));
            reporter.tell(new PositionReporter.Say(ONE, new PositionReport("u2", 0, 101 - i, Optional.empty())));
        }
        await().untilAsserted(() -> assertThat(told).singleElement().satisfies(report -> assertThat(report.reports())
                .containsExactlyInAnyOrder(
                        new PositionReport("u1", 100, 0, Optional.of("d1")),
                        new PositionReport("u2", 0, 100, Optional.empty()))));
        told.clear();

        reporter.tell(new PositionReporter.Say(OTHER, new PositionReport("u3", 7, 0, Optional.of("d3"))));
        await().untilAsserted(() -> assertThat(told).singleElement().satisfies(report -> assertThat(report.reports())
                .isEqualTo(List.of(new PositionReport("u3", 7, 0, Optional.of("d3"))))));
        assertThat(down).isFalse();
    }

    @Test
    void allThatWaitsGoesAtOnceAFewAtATime() {
        var time = ActorTestKit.create(ManualTime.config().withFallback(ConfigFactory.load()));
        try {
            var open = new ConcurrentLinkedQueue<CompletableFuture<ConversationReply>>();
            var told = new AtomicInteger();
            var reporter = time.spawn(PositionReporter.create((conversation, command) -> {
                var reply = new CompletableFuture<ConversationReply>();
                open.add(reply);
                told.incrementAndGet();
                return reply;
            }));
            for (int i = 0; i < 200; i++) {
                var conversation = new EntityId("acme", "g" + i);
                reporter.tell(new PositionReporter.Say(conversation, new PositionReport("u1", 1, 0, Optional.empty())));
            }
            var manual = ManualTime.get(time.system());
            await().untilAsserted(() -> {
                manual.timePasses(Duration.ofMillis(100));
                assertThat(told).hasValue(PositionReporter.CONVERSATIONS_AT_ONCE);
            });
            for (int i = 0; i < 200; i++) {
                await().pollInterval(Duration.ofMillis(1)).until(() -> !open.isEmpty()); // no time passes
                assertThat(open).hasSizeLessThanOrEqualTo(PositionReporter.CONVERSATIONS_AT_ONCE);
                open.remove().complete(new Reported(1));
            }
            assertThat(told).hasValue(200);
        } finally {
            time.shutdownTestKit();
        }
    }

    @Test
    void whatIsReadOnTwoDevicesIsToldToBoth() {
        var one = new PositionReport("u1", 5, 2, Optional.of("d1"));
        var other = new PositionReport("u1", 5, 3, Optional.of("d2"));
        assertThat(one.and(other)).isEqualTo(new PositionReport("u1", 5, 3, Optional.empty()));
        assertThat(one.and(new PositionReport("u1", 0, 9, Optional.empty())))
                .isEqualTo(new PositionReport("u1", 5, 9, Optional.of("d1")));
    }
}
