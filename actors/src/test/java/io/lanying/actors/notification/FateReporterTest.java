package io.lanying.actors.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.notification.DeviceFate;
import io.lanying.protocol.notification.NotificationPartCommand.Keep;
import io.lanying.protocol.notification.NotificationPartEvent.FatesKept;
import io.lanying.protocol.notification.NotificationPartReply.Kept;
import io.lanying.protocol.notification.NotificationParts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reports on their way to the companions, and what these make of them. */
class FateReporterTest {

    private static final EntityId ID = new EntityId("acme", "n" + "a".repeat(25));
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

    private final ActorTestKit kit = ActorTestKit.create();

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void reportsAreGatheredAndConfirmedAndLostOnesAreNot() {
        var kept = new ConcurrentHashMap<String, Integer>();
        var batches = new ConcurrentLinkedQueue<Map.Entry<EntityId, Integer>>();
        var down = new AtomicBoolean();
        var confirmed = new AtomicInteger();
        var reporter = kit.spawn(FateReporter.create((part, command) -> {
            var keep = (Keep) command.apply(kit.system().ignoreRef());
            if (down.get()) {
                return CompletableFuture.failedFuture(new IllegalStateException("down"));
            }
            batches.add(Map.entry(part, keep.fates().size()));
            keep.fates().forEach(fate -> {
                kept.merge(fate.deviceId(), 1, Integer::sum);
                assertThat(part).isEqualTo(NotificationParts.id(ID, NotificationParts.of(fate.deviceId())));
            });
            return CompletableFuture.completedFuture(new Kept());
        }));
        for (int i = 0; i < 5_000; i++) {
            reporter.tell(new FateReporter.Report(
                    ID, new DeviceFate("d" + i, Fate.ACKNOWLEDGED, Optional.empty(), 1), confirmed::incrementAndGet));
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> confirmed.get() == 5_000);
        assertThat(kept).hasSize(5_000);
        assertThat(batches).hasSizeLessThan(2 * NotificationParts.COUNT);

        down.set(true);
        reporter.tell(new FateReporter.Report(
                ID, new DeviceFate("lost", Fate.OPENED, Optional.empty(), 1), confirmed::incrementAndGet));
        reporter.tell(new FateReporter.Report(
                ID, new DeviceFate("d1", Fate.OPENED, Optional.empty(), 2), confirmed::incrementAndGet));
        await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
        assertThat(confirmed.get()).isEqualTo(5_000);
    }

    @Test
    void companionsAreAskedInTurnAndNotInABurst() {
        var asked = new ConcurrentLinkedQueue<Long>();
        var reporter = kit.spawn(FateReporter.create((part, command) -> {
            asked.add(System.nanoTime());
            return CompletableFuture.completedFuture(new Kept());
        }));
        for (int i = 0; i < 40; i++) {
            reporter.tell(new FateReporter.Report(
                    ID, new DeviceFate("d" + i, Fate.ACKNOWLEDGED, Optional.empty(), 1), () -> {}));
        }
        await().until(() -> asked.size() > 5 * FateReporter.COMPANIONS_A_TURN);
        var times = new ArrayList<>(asked);
        for (int i = FateReporter.COMPANIONS_A_TURN; i < times.size(); i++) {
            assertThat(Duration.ofNanos(times.get(i) - times.get(i - FateReporter.COMPANIONS_A_TURN)))
                    .isGreaterThan(FateReporter.TURN.dividedBy(2));
        }
    }

    @Test
    void sharesAreEven() {
        var sizes = new int[NotificationParts.COUNT];
        for (int i = 0; i < 100_000; i++) {
            sizes[NotificationParts.of("device-" + i)]++;
        }
        assertThat(java.util.stream.IntStream.of(sizes)).allMatch(size -> size > 100 && size < 900);
    }

    @Test
    void repeatsAndOvertakingChangeNothing() {
        var acknowledged = new DeviceFate("d1", Fate.ACKNOWLEDGED, Optional.of("socket"), 5);
        var opened = new DeviceFate("d1", Fate.OPENED, Optional.of("socket"), 9);
        var state = NotificationPartState.initial();
        assertThat(state.news(List.of(opened, acknowledged))).containsExactly(opened);
        var events = new ArrayList<FatesKept>();
        for (var reports :
                List.of(List.of(acknowledged), List.of(opened), List.of(acknowledged), List.of(opened, opened))) {
            var news = state.news(reports);
            if (!news.isEmpty()) {
                var event = new FatesKept(AT, news);
                events.add(event);
                state = state.apply(event);
            }
        }
        assertThat(events).hasSize(2);
        assertThat(state.counts()).singleElement().satisfies(count -> {
            assertThat(count.fate()).isEqualTo(Fate.OPENED);
            assertThat(count.devices()).isEqualTo(1);
        });
        assertThat(NotificationPartState.fromSnapshot(state.toSnapshot())).isEqualTo(state);
    }
}
