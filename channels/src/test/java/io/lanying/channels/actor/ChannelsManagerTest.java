package io.lanying.channels.actor;

import static io.lanying.channels.actor.Fixtures.FAKE;
import static io.lanying.channels.actor.Fixtures.TENANT;
import static io.lanying.channels.actor.Fixtures.answer;
import static io.lanying.channels.actor.Fixtures.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.typed.ActorRef;
import com.typesafe.config.ConfigFactory;
import io.lanying.protocol.channel.ChannelCommand;
import io.lanying.protocol.channel.ChannelCommand.Cancel;
import io.lanying.protocol.channel.ChannelCommand.Outcome;
import io.lanying.protocol.channel.ChannelCommand.Send;
import io.lanying.protocol.channel.ChannelCredential;
import io.lanying.protocol.channel.ChannelCredentials;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.channel.ResultClass;
import io.lanying.protocol.channel.VendorOutcome;
import io.lanying.protocol.channel.VendorOutcome.End;
import io.lanying.protocol.channel.VendorRequest;
import io.lanying.protocol.device.Priority;
import io.lanying.protocol.device.VendorToken;
import io.lanying.protocol.sealing.Sealed;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The node's channels with their credentials, seen from the entities. */
class ChannelsManagerTest {

    private static final Duration REFRESH = Duration.ofSeconds(5);

    private final ActorTestKit kit = ActorTestKit.create(ManualTime.config()
            .withFallback(Fixtures.NO_SERIALIZATION)
            .withFallback(ConfigFactory.parseString(
                    "push.channels { manager.max-channels = 3, actor { max-requests = 100, max-in-flight = 2 } }"))
            .withFallback(ConfigFactory.load()));
    private final VirtualTime time = new VirtualTime(ManualTime.get(kit.system()));
    private final Outcomes outcomes = new Outcomes();
    private final ActorRef<Outcome> device = kit.spawn(outcomes.collector());
    private final ScriptedVendor vendor = new ScriptedVendor();
    private final OpenSealing sealing = new OpenSealing();
    private final Store credentials = new Store();
    private final MeterRegistry metrics = new SimpleMeterRegistry();
    private final FailingRandom random = new FailingRandom();
    private ActorRef<ChannelCommand> channels;
    private long lastRef;

    /** Credentials by tenant. */
    private static final class Store implements ChannelCredentials {
        private final Map<String, ChannelCredential> byTenant = new ConcurrentHashMap<>();
        private final AtomicInteger asked = new AtomicInteger();
        private volatile boolean unavailable;
        private volatile boolean silent;

        void put(String tenant, long version, String name) {
            byTenant.put(tenant, Fixtures.credential(FAKE, version, name));
        }

        @Override
        public CompletionStage<Optional<ChannelCredential>> current(String tenant, ChannelId channel) {
            asked.incrementAndGet();
            if (silent) {
                return new CompletableFuture<>();
            }
            return unavailable
                    ? CompletableFuture.failedStage(new IllegalStateException("no tenant"))
                    : CompletableFuture.completedStage(Optional.ofNullable(byTenant.get(tenant)));
        }
    }

    /** Makes the channel actor fail where it draws a back-off. */
    private static final class FailingRandom implements RandomGenerator {
        private final Random random = new Random(5);
        private volatile boolean fails;

        @Override
        public synchronized long nextLong() {
            if (fails) {
                fails = false;
                throw new IllegalStateException("as the test wants it");
            }
            return random.nextLong();
        }
    }

    @BeforeEach
    void start() {
        credentials.put(TENANT, 1, "v1");
        var opener = new CredentialOpener(List.of(vendor), sealing, Runnable::run);
        channels = kit.spawn(ChannelsManager.create(new ChannelsManager.Parts(
                opener,
                credentials,
                sealing,
                (tenant, userId) -> CompletableFuture.completedStage(Optional.empty()),
                metrics,
                time,
                random)));
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void aRequestReachesTheVendorInClearAndItsAnswerTheDevice() {
        vendor.client("v1").always(ResultClass.ACCEPTED);
        long ref = send(request("a"));
        VendorOutcome outcome = outcome(ref);
        assertThat(outcome.end()).isEqualTo(End.ACCEPTED);
        assertThat(outcome.vendorMessageId()).contains("vendor-id");
        var message = vendor.client("v1").sent.get(0);
        assertThat(message.token()).isEqualTo("token-a");
        assertThat(message.title()).contains("T");
        assertThat(message.data()).containsExactly(Map.entry("k", "v"));
        assertThat(message.itemId()).isEqualTo("n-a");
        assertThat(metrics.counter("vendor.attempts", "channel", "fake/production", "result", "accepted")
                        .count())
                .isEqualTo(1);
        assertThat(metrics.counter("vendor.outcomes", "channel", "fake/production", "end", "accepted")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void withoutACredentialThereIsNoChannelUntilThereIsOne() {
        credentials.byTenant.clear();
        vendor.client("v1").always(ResultClass.ACCEPTED);
        assertThat(outcome(send(request("a")))).isEqualTo(VendorOutcome.unsent(End.NO_CHANNEL, "noCredential", 0));
        credentials.put(TENANT, 1, "v1");
        assertThat(outcome(send(request("a"))).code()).isEqualTo("noCredential");
        assertThat(credentials.asked).hasValue(1);
        time.pass(REFRESH);
        assertThat(outcome(send(request("a"))).end()).isEqualTo(End.ACCEPTED);
    }

    @Test
    void anUnknownChannelOrEnvironmentIsNone() {
        VendorRequest known = request("a");
        var token = known.token();
        var elsewhere = new VendorToken(
                "fake", Optional.of("moon"), token.topic(), token.token(), token.fingerprint(), token.since());
        long ref = send(Fixtures.with(known, elsewhere, known.body()));
        assertThat(outcome(ref)).isEqualTo(VendorOutcome.unsent(End.NO_CHANNEL, "unknownChannel", 0));
    }

    @Test
    void whileCredentialsAreUnavailableItIsBusy() {
        credentials.unavailable = true;
        VendorOutcome busy = outcome(send(request("a")));
        assertThat(busy.end()).isEqualTo(End.BUSY);
        assertThat(busy.code()).isEqualTo("credentialsUnavailable");
        assertThat(busy.retryAfter().orElseThrow()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
        credentials.unavailable = false;
        vendor.client("v1").always(ResultClass.ACCEPTED);
        time.pass(Duration.ofSeconds(1));
        assertThat(outcome(send(request("a"))).end()).isEqualTo(End.ACCEPTED);
    }

    @Test
    void aCredentialStoreThatNeverAnswersIsUnavailable() {
        credentials.silent = true;
        long ref = send(request("a"));
        await().until(() -> credentials.asked.get() == 1);
        time.pass(Duration.ofSeconds(10));
        assertThat(outcome(ref).code()).isEqualTo("credentialsUnavailable");
    }

    @Test
    void aRunningChannelOutlivesUnavailableCredentials() {
        vendor.client("v1").always(ResultClass.ACCEPTED);
        outcome(send(request("a")));
        credentials.unavailable = true;
        time.pass(REFRESH.multipliedBy(3));
        assertThat(outcome(send(request("b"))).end()).isEqualTo(End.ACCEPTED);
    }

    @Test
    void aReplacedCredentialTakesAllThatIsNotUnderWay() {
        long first = send(request("a"));
        long second = send(request("b"));
        long waiting = send(request("c"));
        ScriptedVendor.Client old = vendor.client("v1");
        await().until(() -> old.sent.size() == 2);
        vendor.client("v2").always(ResultClass.ACCEPTED);
        credentials.put(TENANT, 2, "v2");
        time.pass(REFRESH);
        assertThat(outcome(waiting).end()).isEqualTo(End.ACCEPTED);
        long later = send(request("d"));
        assertThat(outcome(later).end()).isEqualTo(End.ACCEPTED);
        assertThat(old.closed).isFalse();
        old.answer("a", answer(ResultClass.ACCEPTED));
        assertThat(outcome(first).end()).isEqualTo(End.ACCEPTED);
        old.answer("b", answer(ResultClass.RETRY));
        VendorOutcome moved = outcome(second);
        assertThat(moved.end()).isEqualTo(End.ACCEPTED);
        assertThat(moved.attempts()).isEqualTo(2);
        await().until(() -> old.closed);
        assertThat(vendor.client("v2").sent).hasSize(3);
        assertThat(vendor.client("v2").closed).isFalse();
        credentials.put(TENANT, 1, "v1");
        vendor.client("v1").always(ResultClass.ACCEPTED);
        time.pass(REFRESH);
        await().until(() -> vendor.client("v2").closed);
        assertThat(outcome(send(request("e"))).end()).isEqualTo(End.ACCEPTED);
        assertThat(vendor.opened).containsExactly("v1", "v2", "v1");
    }

    @Test
    void aRemovedCredentialEndsWhatWaits() {
        long first = send(request("a"));
        long second = send(request("b"));
        long waiting = send(request("c"));
        ScriptedVendor.Client old = vendor.client("v1");
        await().until(() -> old.sent.size() == 2);
        credentials.byTenant.clear();
        time.pass(REFRESH);
        assertThat(outcome(waiting).code()).isEqualTo("noCredential");
        assertThat(outcome(send(request("d"))).code()).isEqualTo("noCredential");
        old.answer("a", answer(ResultClass.ACCEPTED));
        assertThat(outcome(first).end()).isEqualTo(End.ACCEPTED);
        old.answer("b", answer(ResultClass.RETRY));
        assertThat(outcome(second).code()).isEqualTo("noCredential");
        await().until(() -> old.closed);
    }

    @Test
    void aCredentialThatCannotBeUsedIsNoChannelUntilTheNextOne() {
        credentials.put(TENANT, 1, "bad");
        assertThat(outcome(send(request("a"))).code()).isEqualTo("credentialUnusable");
        time.pass(REFRESH);
        assertThat(outcome(send(request("a"))).code()).isEqualTo("credentialUnusable");
        credentials.put(TENANT, 2, "v2");
        vendor.client("v2").always(ResultClass.ACCEPTED);
        time.pass(REFRESH);
        assertThat(outcome(send(request("a"))).end()).isEqualTo(End.ACCEPTED);
    }

    @Test
    void aParkedChannelIsFreedByANewCredentialWithoutTraffic() {
        vendor.client("v1").always(ResultClass.AUTH_CONFIG);
        assertThat(outcome(send(request("a"))).code()).isEqualTo("parked:code-authConfig");
        assertThat(outcome(send(request("b"))).code()).isEqualTo("parked:code-authConfig");
        assertThat(vendor.client("v1").sent).hasSize(1);
        assertThat(metrics.get("vendor.parked").gauge().value()).isEqualTo(1);
        credentials.put(TENANT, 2, "v2");
        vendor.client("v2").always(ResultClass.ACCEPTED);
        time.pass(REFRESH);
        await().until(() -> vendor.client("v1").closed);
        assertThat(outcome(send(request("c"))).end()).isEqualTo(End.ACCEPTED);
        assertThat(metrics.get("vendor.parked").gauge().value()).isZero();
    }

    @Test
    void anErasedPersonsRequestIsRefusedAndSoIsWhatCannotBeRead() {
        sealing.erased.add("device:a");
        assertThat(outcome(send(request("a")))).isEqualTo(VendorOutcome.unsent(End.REFUSED, "erased", 0));
        VendorRequest good = request("b");
        VendorRequest broken =
                Fixtures.with(good, good.token(), new Sealed(good.body().subject(), new byte[] {1, 2, 3}));
        assertThat(outcome(send(broken))).isEqualTo(VendorOutcome.unsent(End.REFUSED, "unreadable", 0));
        assertThat(vendor.client("v1").sent).isEmpty();
    }

    @Test
    void unavailableKeysAreWaitedFor() {
        vendor.client("v1").always(ResultClass.ACCEPTED);
        outcome(send(request("a")));
        sealing.unavailable = true;
        long ref = send(request("b"));
        await().until(() -> sealing.failed.get() > 0);
        sealing.unavailable = false;
        passUntilEnded(ref);
        assertThat(outcome(ref).attempts()).isEqualTo(1);
    }

    @Test
    void anAdapterThatBreaksItsPromiseCostsTwoAttemptsAndNoMore() {
        vendor.client("v1").behaviour = message -> {
            throw new IllegalStateException("thrown");
        };
        long ref = send(request("a"));
        passUntilEnded(ref);
        VendorOutcome outcome = outcome(ref);
        assertThat(outcome.end()).isEqualTo(End.UNKNOWN);
        assertThat(outcome.code()).isEqualTo("adapterFailed");
        assertThat(outcome.attempts()).isEqualTo(2);
    }

    @Test
    void aChannelThatFailsForgetsNothingAndStartsAgain() {
        long sent = send(request("a"));
        long faulty = send(request("b"));
        long waiting = send(request("c"));
        ScriptedVendor.Client client = vendor.client("v1");
        await().until(() -> client.sent.size() == 2);
        random.fails = true;
        client.answer("b", answer(ResultClass.RETRY));
        assertThat(outcome(sent)).isEqualTo(VendorOutcome.unsent(End.UNKNOWN, "channelRestarting", 1));
        assertThat(outcome(faulty).end()).isEqualTo(End.BUSY);
        VendorOutcome busy = outcome(waiting);
        assertThat(busy.end()).isEqualTo(End.BUSY);
        assertThat(busy.code()).isEqualTo("channelRestarting");
        assertThat(busy.retryAfter()).isPresent();
        await().until(() -> client.closed);
        assertThat(outcome(send(request("d"))).end()).isEqualTo(End.BUSY);
        client.always(ResultClass.ACCEPTED);
        time.pass(Duration.ofSeconds(1));
        assertThat(outcome(send(request("e"))).end()).isEqualTo(End.ACCEPTED);
        assertThat(metrics.get("vendor.channels").gauge().value()).isEqualTo(1);
        assertThat(metrics.get("vendor.in.flight").gauge().value()).isZero();
        assertThat(metrics.get("vendor.waiting").gauge().value()).isZero();
    }

    @Test
    void moreThanTheChannelHoldsIsBusy() {
        List<Long> held =
                IntStream.range(0, 100).mapToObj(i -> send(request("a" + i))).toList();
        VendorOutcome busy = outcome(send(request("b")));
        assertThat(busy.end()).isEqualTo(End.BUSY);
        assertThat(busy.code()).isEqualTo("queueFull");
        assertThat(busy.retryAfter().orElseThrow()).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10));
        await().until(() -> vendor.client("v1").sent.size() == 2);
        vendor.client("v1").always(ResultClass.ACCEPTED);
        vendor.client("v1").answer("a0", answer(ResultClass.ACCEPTED));
        vendor.client("v1").answer("a1", answer(ResultClass.ACCEPTED));
        held.forEach(ref -> assertThat(outcome(ref).end()).isEqualTo(End.ACCEPTED));
    }

    @Test
    void anIdleChannelIsClosedAndOneMoreTenantDisplacesTheIdlest() {
        vendor.client("v1").always(ResultClass.ACCEPTED);
        outcome(send(request("a")));
        for (String tenant : List.of("t2", "t3", "t4")) {
            credentials.put(tenant, 1, tenant);
            vendor.client(tenant).always(ResultClass.ACCEPTED);
            time.pass(Duration.ofMillis(100));
            assertThat(outcome(send(of(tenant, "a"))).end()).isEqualTo(End.ACCEPTED);
        }
        await().until(() -> vendor.client("v1").closed);
        assertThat(vendor.client("t2").closed).isFalse();
        time.pass(Duration.ofMinutes(10).plus(REFRESH));
        await().until(() -> vendor.client("t2").closed && vendor.client("t4").closed);
        assertThat(metrics.get("vendor.channels").gauge().value()).isZero();
        assertThat(outcome(send(request("b"))).end()).isEqualTo(End.ACCEPTED);
    }

    @Test
    void channelsThatAllHoldRequestsAreNotDisplaced() {
        List<Long> held = List.of("t1", "t2", "t3").stream()
                .map(tenant -> {
                    credentials.put(tenant, 1, tenant);
                    return send(of(tenant, "a"));
                })
                .toList();
        assertThat(outcome(send(request("a"))).code()).isEqualTo("tooManyChannels");
        held.forEach(ref -> assertThat(outcomes.of(ref)).isEmpty());
    }

    @Test
    void oneTenantsHangingVendorDoesNotSlowTheNext() {
        credentials.put("t2", 1, "t2");
        List<Long> hanging =
                IntStream.range(0, 50).mapToObj(i -> send(request("a" + i))).toList();
        vendor.client("t2").always(ResultClass.ACCEPTED);
        List<Long> neighbour =
                IntStream.range(0, 90).mapToObj(i -> send(of("t2", "b" + i))).toList();
        neighbour.forEach(ref -> assertThat(outcome(ref).end()).isEqualTo(End.ACCEPTED));
        hanging.forEach(ref -> assertThat(outcomes.of(ref)).isEmpty());
        hanging.forEach(ref -> passUntilEnded(ref, Duration.ofMinutes(3)));
        assertThat(hanging).allSatisfy(ref -> assertThat(outcome(ref).end()).isIn(End.UNKNOWN, End.EXPIRED));
    }

    @Test
    void aRequestIsCancelledWhereverItIs() {
        credentials.silent = true;
        long early = send(request("a"));
        cancel(early);
        assertThat(outcome(early)).isEqualTo(VendorOutcome.unsent(End.CANCELLED, "cancelled", 0));
        long witness = send(request("w"));
        credentials.silent = false;
        time.pass(Duration.ofSeconds(10));
        assertThat(outcome(witness).end()).isEqualTo(End.BUSY);
        time.pass(Duration.ofSeconds(2));
        long sent = send(request("b"));
        long faulty = send(request("c"));
        long waiting = send(request("d"));
        await().until(() -> vendor.client("v1").sent.size() == 2);
        List.of(sent, faulty, waiting).forEach(this::cancel);
        assertThat(outcome(waiting).end()).isEqualTo(End.CANCELLED);
        vendor.client("v1").answer("b", answer(ResultClass.ACCEPTED));
        vendor.client("v1").answer("c", answer(ResultClass.RETRY));
        assertThat(outcome(sent).end()).isEqualTo(End.ACCEPTED);
        assertThat(outcome(faulty).end()).isEqualTo(End.CANCELLED);
        cancel(sent);
        cancel(99);
    }

    @Test
    void aRequestThatIsHeldAlreadyIsJoinedToIt() {
        long ref = send(request("a"));
        channels.tell(new Send(ref, request("a"), device));
        await().until(() -> vendor.client("v1").sent.size() == 1);
        vendor.client("v1").answer("a", answer(ResultClass.ACCEPTED));
        outcome(ref);
        vendor.client("v1").always(ResultClass.ACCEPTED);
        outcome(send(request("b")));
        assertThat(outcomes.of(ref)).hasSize(1);
    }

    @Test
    void withManyFaultsAndCancelsEachRequestHasOneOutcome() {
        long seed = 20_260_101L;
        Random draw = new Random(seed);
        ResultClass[] faults = {
            ResultClass.RETRY, ResultClass.UNKNOWN_OUTCOME, ResultClass.THROTTLED_DEVICE, ResultClass.THROTTLED_APP
        };
        vendor.client("v1").behaviour = message -> CompletableFuture.completedStage(
                answer(draw.nextInt(10) < 3 ? faults[draw.nextInt(faults.length)] : ResultClass.ACCEPTED));
        List<Long> refs = IntStream.range(0, 90)
                .mapToObj(i -> {
                    long ref = send(request("a" + i));
                    if (i % 7 == 0) {
                        cancel(ref);
                    }
                    return ref;
                })
                .toList();
        refs.forEach(this::passUntilEnded);
        assertThat(refs).as("seed %d", seed).allSatisfy(ref -> {
            assertThat(outcomes.of(ref)).hasSize(1);
            assertThat(outcome(ref).end()).isIn(End.ACCEPTED, End.UNKNOWN, End.CANCELLED);
            assertThat(outcome(ref).attempts()).isLessThanOrEqualTo(12);
        });
        int attempts = refs.stream().mapToInt(ref -> outcome(ref).attempts()).sum();
        assertThat(vendor.client("v1").sent).hasSize(attempts).hasSizeLessThan(2 * refs.size());
    }

    private long send(VendorRequest request) {
        long ref = ++lastRef;
        channels.tell(new Send(ref, request, device));
        return ref;
    }

    private void cancel(long ref) {
        channels.tell(new Cancel(FAKE, TENANT, ref, device));
    }

    /** The one outcome of this request. */
    private VendorOutcome outcome(long ref) {
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5)).until(() -> !outcomes.of(ref)
                .isEmpty());
        assertThat(outcomes.of(ref)).hasSize(1);
        return outcomes.of(ref).get(0);
    }

    private void passUntilEnded(long ref) {
        passUntilEnded(ref, Duration.ofSeconds(5));
    }

    private void passUntilEnded(long ref, Duration step) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(2))
                .until(() -> {
                    if (outcomes.of(ref).isEmpty()) {
                        time.pass(step);
                    }
                    return !outcomes.of(ref).isEmpty();
                });
    }

    private static VendorRequest of(String tenant, String device) {
        return request(tenant, device, Priority.NORMAL, Fixtures.NOON.plus(Duration.ofHours(1)));
    }
}
