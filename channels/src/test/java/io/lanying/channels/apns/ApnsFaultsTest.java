package io.lanying.channels.apns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lanying.channels.adapter.VendorAnswer;
import io.lanying.channels.simulator.apns.ApnsReaction;
import io.lanying.channels.simulator.apns.ApnsReaction.Kind;
import io.lanying.channels.simulator.apns.ApnsRule;
import io.lanying.channels.simulator.apns.ApnsSimulator;
import io.lanying.channels.simulator.apns.ReceivedPush;
import io.lanying.protocol.channel.ResultClass;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the adapter answers when Apple, or the way to Apple, misbehaves. */
class ApnsFaultsTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private ApnsSimulator simulator;
    private final List<ApnsAdapter> adapters = new ArrayList<>();

    @BeforeEach
    void start() {
        simulator = ApnsSimulator.start(ApnsSimulator.Options.defaults().seed(20_261_120));
    }

    @AfterEach
    void stop() {
        adapters.forEach(adapter -> adapter.close()
                .toCompletableFuture()
                .orTimeout(15, TimeUnit.SECONDS)
                .join());
        simulator.close();
    }

    private ApnsAdapter adapter(String changes) throws IOException {
        ApnsAdapter adapter = Adapters.open(simulator, folder, changes);
        adapters.add(adapter);
        return adapter;
    }

    @Test
    void aRequestThatIsNeverAnsweredEndsAtTheDeadlineAsUnknown() throws IOException {
        ApnsAdapter adapter = adapter("deadline = 500ms");
        simulator.rules(ApnsRule.always(ApnsReaction.of(Kind.HANG)).times(1));
        long start = System.nanoTime();

        VendorAnswer answer = send(adapter, 0).join();

        assertThat(answer).isEqualTo(VendorAnswer.of(ResultClass.UNKNOWN_OUTCOME, "noAnswer"));
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(450), Duration.ofSeconds(5));
        assertThat(send(adapter, 1).join().result()).isEqualTo(ResultClass.ACCEPTED);
    }

    @Test
    void aSlowAnswerWithinTheDeadlineIsAnAnswer() throws IOException {
        simulator.rules(ApnsRule.always(ApnsReaction.accept().after(Duration.ofMillis(300))));

        assertThat(send(adapter("deadline = 5s"), 0).join().result()).isEqualTo(ResultClass.ACCEPTED);
    }

    @Test
    void aConnectionThatIsCutWhileARequestIsUnderWayLeavesItsOutcomeUnknown() throws IOException {
        ApnsAdapter adapter = adapter("connections = 1");
        simulator.rules(ApnsRule.always(ApnsReaction.of(Kind.DROP)).times(1));

        assertThat(send(adapter, 0).join()).isEqualTo(VendorAnswer.of(ResultClass.UNKNOWN_OUTCOME, "dropped"));
        assertThat(send(adapter, 0).join().result()).isEqualTo(ResultClass.ACCEPTED);
    }

    @Test
    void aServerThatIsNotThereIsWorthARetryAndNothingLeavesLater() throws Exception {
        ApnsAdapter adapter = adapter("deadline = 700ms\nconnections = 1");
        simulator.pause();

        List<CompletableFuture<VendorAnswer>> answers = send(adapter, 0, 50);

        assertThat(results(answers)).containsOnlyKeys(ResultClass.RETRY);
        simulator.resume();
        await().atMost(SOON).until(() -> send(adapter, 99).join().result() == ResultClass.ACCEPTED);
        await().atMost(SOON).until(() -> adapter.underWay() == 0);
        assertThat(simulator.received()).extracting(ReceivedPush::token).containsOnly(Messages.token(99));
    }

    @Test
    void goAwayStormsLeaveNoRequestWithoutAnAnswerAndNoPlaceTaken() throws IOException {
        ApnsAdapter adapter = adapter("deadline = 4s");
        simulator.rules(
                ApnsRule.always(ApnsReaction.of(Kind.GO_AWAY)).every(50),
                ApnsRule.always(ApnsReaction.of(Kind.DROP)).every(170));
        int attempts = 3_000;

        List<CompletableFuture<VendorAnswer>> answers = new ArrayList<>();
        for (int i = 0; i < attempts; i += 200) {
            List<CompletableFuture<VendorAnswer>> wave = send(adapter, i, 200);
            results(wave);
            answers.addAll(wave);
        }

        Map<ResultClass, Long> results = results(answers);
        assertThat(results.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(attempts);
        assertThat(results).containsKeys(ResultClass.ACCEPTED, ResultClass.UNKNOWN_OUTCOME);
        // What is called certainly not sent has not arrived; what is called accepted has.
        Map<String, Long> arrived = simulator.received().stream()
                .collect(Collectors.groupingBy(ReceivedPush::token, Collectors.counting()));
        for (int i = 0; i < attempts; i++) {
            ResultClass result = answers.get(i).join().result();
            if (result == ResultClass.RETRY) {
                assertThat(arrived).doesNotContainKey(Messages.token(i));
            } else if (result == ResultClass.ACCEPTED) {
                assertThat(arrived).containsEntry(Messages.token(i), 1L);
            }
        }
        await().atMost(SOON).untilAsserted(() -> {
            simulator.rules();
            assertThat(send(adapter, 9_999).join().result()).isEqualTo(ResultClass.ACCEPTED);
            assertThat(adapter.underWay()).isZero();
        });
    }

    @Test
    void aRefusedStreamIsSentAgainAndArrivesOnce() throws IOException {
        ApnsAdapter adapter = adapter("");
        simulator.rules(ApnsRule.always(ApnsReaction.of(Kind.REFUSE_STREAM)).times(3));

        assertThat(send(adapter, 0).join().result()).isEqualTo(ResultClass.ACCEPTED);
        assertThat(simulator.totals()).containsEntry("REFUSE_STREAM", 3L).containsEntry("200", 1L);
    }

    @Test
    void aServerThatRefusesEveryStreamIsNotAskedForEver() throws IOException {
        ApnsAdapter adapter = adapter("deadline = 3s");
        simulator.rules(ApnsRule.always(ApnsReaction.of(Kind.REFUSE_STREAM)));

        VendorAnswer answer = send(adapter, 0).join();

        assertThat(answer).isEqualTo(VendorAnswer.of(ResultClass.RETRY, "refusedStream"));
        assertThat(simulator.totals().get("REFUSE_STREAM")).isLessThanOrEqualTo(8L);
        simulator.rules();
        assertThat(send(adapter, 1).join().result()).isEqualTo(ResultClass.ACCEPTED);
    }

    @Test
    void whenAllPlacesAreTakenTheNextIsToldAtOnce() throws IOException {
        ApnsAdapter adapter = adapter("connections = 1\nmax-in-flight = 20\ndeadline = 60s");
        simulator.rules(ApnsRule.always(ApnsReaction.accept().after(Duration.ofSeconds(1))));

        List<CompletableFuture<VendorAnswer>> answers = send(adapter, 0, 50);

        List<CompletableFuture<VendorAnswer>> busy = answers.subList(20, 50);
        assertThat(busy).allSatisfy(answer -> assertThat(answer)
                .isCompletedWithValue(VendorAnswer.of(ResultClass.RETRY, "busy")));
        assertThat(results(answers.subList(0, 20))).containsExactly(Map.entry(ResultClass.ACCEPTED, 20L));
        assertThat(simulator.received()).hasSize(20);
        assertThat(send(adapter, 60).join().result()).isEqualTo(ResultClass.ACCEPTED);
    }

    @Test
    void connectionsThatDoNotAnswerAreReplacedSoThatPlacesComeBack() throws IOException {
        ApnsAdapter adapter = adapter("connections = 1\nmax-in-flight = 20\ndeadline = 500ms");
        simulator.rules(ApnsRule.always(ApnsReaction.of(Kind.HANG)).times(20));

        assertThat(results(send(adapter, 0, 20))).containsExactly(Map.entry(ResultClass.UNKNOWN_OUTCOME, 20L));

        await().atMost(SOON).untilAsserted(() -> assertThat(results(send(adapter, 100, 20)))
                .containsExactly(Map.entry(ResultClass.ACCEPTED, 20L)));
        assertThat(simulator.connectionsOpened()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void closingWaitsForWhatIsUnderWayAndTakesNothingNew() throws IOException {
        ApnsAdapter adapter = adapter("");
        simulator.rules(ApnsRule.always(ApnsReaction.accept().after(Duration.ofMillis(500))));
        CompletableFuture<VendorAnswer> underWay = send(adapter, 0);
        await().atMost(SOON).until(() -> !simulator.received().isEmpty());

        CompletableFuture<Void> closed = adapter.close().toCompletableFuture();

        assertThat(send(adapter, 1).join()).isEqualTo(VendorAnswer.of(ResultClass.RETRY, "closed"));
        assertThat(closed).succeedsWithin(Duration.ofSeconds(10));
        assertThat(underWay).isCompletedWithValueMatching(answer -> answer.result() == ResultClass.ACCEPTED);
        assertThat(adapter.close().toCompletableFuture()).isCompleted();
    }

    @Test
    void closingWhileTheServerHangsOrIsAwayEnds() throws IOException {
        ApnsAdapter hanging = adapter("deadline = 500ms");
        ApnsAdapter away = adapter("deadline = 500ms");
        simulator.rules(ApnsRule.always(ApnsReaction.of(Kind.HANG)));
        CompletableFuture<VendorAnswer> hung = send(hanging, 0);
        await().atMost(SOON).until(() -> !simulator.received().isEmpty());
        CompletableFuture<Void> closed = hanging.close().toCompletableFuture();
        simulator.pause();
        CompletableFuture<VendorAnswer> lost = send(away, 0);

        assertThat(closed).succeedsWithin(Duration.ofSeconds(10));
        assertThat(away.close().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
        assertThat(hung).isCompletedWithValueMatching(answer -> answer.result() == ResultClass.UNKNOWN_OUTCOME);
        assertThat(lost).isCompletedWithValueMatching(answer -> answer.result() == ResultClass.RETRY);
    }

    @Test
    void tenThousandMessagesArriveOnceEach() throws IOException {
        ApnsAdapter adapter = adapter("");

        for (int i = 0; i < 10_000; i += 1_000) {
            assertThat(results(send(adapter, i, 1_000))).containsExactly(Map.entry(ResultClass.ACCEPTED, 1_000L));
        }

        assertThat(simulator.received().stream().map(ReceivedPush::token).distinct())
                .hasSize(10_000);
        assertThat(simulator.connectionsOpened()).isLessThanOrEqualTo(2);
    }

    private static CompletableFuture<VendorAnswer> send(ApnsAdapter adapter, int number) {
        return adapter.send(Messages.draft().token(Messages.token(number)).message())
                .toCompletableFuture()
                .orTimeout(70, TimeUnit.SECONDS);
    }

    private static List<CompletableFuture<VendorAnswer>> send(ApnsAdapter adapter, int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(number -> send(adapter, number))
                .toList();
    }

    private static Map<ResultClass, Long> results(List<CompletableFuture<VendorAnswer>> answers) {
        Map<ResultClass, Long> counted = new EnumMap<>(ResultClass.class);
        answers.forEach(answer -> counted.merge(answer.join().result(), 1L, Long::sum));
        return counted;
    }
}
