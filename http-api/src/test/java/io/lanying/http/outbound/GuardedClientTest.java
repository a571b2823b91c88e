package io.lanying.http.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.http.javadsl.ConnectionContext;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.RawHeader;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import com.typesafe.config.ConfigFactory;
import io.lanying.http.outbound.GuardedClient.Answer;
import io.lanying.protocol.address.AddressGuard;
import io.lanying.protocol.address.Network;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls to strangers' addresses against a real TLS server; what names lead to is the test's to say. */
class GuardedClientTest {

    private static final List<Network> LOOPBACK = List.of(Network.parse("127.0.0.0/8"));

    @TempDir
    static Path directory;

    private static ActorTestKit kit;
    private static HookServer server;
    private static OutboundSettings settings;

    private final ConcurrentLinkedQueue<String> lookedUp = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void start() throws Exception {
        kit = ActorTestKit.create(
                "outbound",
                ConfigFactory.parseString("akka.loglevel = off, akka.stdout-loglevel = off")
                        .withFallback(ConfigFactory.load()));
        HookServer.certify(directory);
        server = new HookServer(kit.system(), directory);
        settings = new OutboundSettings(LOOPBACK, Optional.of(directory.resolve("tls.crt")));
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        kit.shutdownTestKit();
    }

    @BeforeEach
    void forget() {
        server.received.clear();
        server.script = request -> HookServer.answer(200, "{\"ok\":true}");
    }

    private GuardedClient client(List<Network> allowed) {
        var guard = new AddressGuard(allowed, host -> {
            lookedUp.add(host);
            return List.of(InetAddress.getByName("127.0.0.1"));
        });
        return new GuardedClient(kit.system(), guard, ConnectionContext.httpsClient(settings.tls()));
    }

    private static Answer post(GuardedClient client, String address) throws Exception {
        return client.post(
                        URI.create(address),
                        List.of(RawHeader.create("webhook-id", "m1")),
                        "{}".getBytes(StandardCharsets.UTF_8),
                        1_000,
                        Duration.ofSeconds(2))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    @Test
    void postsByNameToTheAddressThatWasLookedUpOnce() throws Exception {
        var client = client(LOOPBACK);
        var answer = post(client, server.url("/hook?a=b"));
        post(client, server.url("/hook"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo("{\"ok\":true}");
        var received = server.received.get(0);
        assertThat(received.path()).isEqualTo("/hook");
        assertThat(received.body()).isEqualTo("{}");
        assertThat(received.headers())
                .containsAllEntriesOf(Map.of(
                        "host",
                        "localhost:" + server.port(),
                        "webhook-id",
                        "m1",
                        "content-type",
                        "application/json",
                        "user-agent",
                        "lanying"));
        assertThat(lookedUp).as("the connection is kept").containsExactly("localhost");
    }

    @Test
    void aNameThatLeadsInsideIsNotConnectedTo() {
        assertThatThrownBy(() -> post(client(List.of()), server.url("/hook")))
                .hasRootCauseInstanceOf(AddressRefused.class);
        assertThat(lookedUp).containsExactly("localhost");
        assertThat(server.received).isEmpty();
    }

    @Test
    void anAddressInFiguresNeedsNoLookUpToBeRefused() {
        assertThatThrownBy(() -> post(client(List.of()), "https://127.0.0.1:" + server.port() + "/"))
                .hasRootCauseInstanceOf(AddressRefused.class);
        assertThat(lookedUp).isEmpty();
    }

    @Test
    void theCertificateMustBeTheNamesWhereverTheNameLeads() {
        assertThatThrownBy(() -> post(client(LOOPBACK), "https://hooks.example.com:" + server.port() + "/"))
                .isInstanceOf(Exception.class);
        assertThat(lookedUp).containsExactly("hooks.example.com");
        assertThat(server.received).isEmpty();
    }

    @Test
    void theCertificateMustBeTrusted() {
        var guard = new AddressGuard(LOOPBACK, host -> List.of(InetAddress.getByName("127.0.0.1")));
        var strict = new GuardedClient(
                kit.system(),
                guard,
                ConnectionContext.httpsClient(new OutboundSettings(LOOPBACK, Optional.empty()).tls()));
        assertThatThrownBy(() -> post(strict, server.url("/hook"))).isInstanceOf(Exception.class);
        assertThat(server.received).isEmpty();
    }

    @Test
    void aRedirectIsAnAnswerAndNotFollowed() throws Exception {
        server.script = request -> CompletableFuture.completedFuture(HttpResponse.create()
                .withStatus(302)
                .addHeader(RawHeader.create("Location", server.url("/elsewhere")))
                .withEntity(ContentTypes.APPLICATION_JSON, "{\"verdict\":\"allow\"}"));
        var answer = post(client(LOOPBACK), server.url("/hook"));
        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.body()).isEmpty();
        assertThat(server.received).hasSize(1);
    }

    @Test
    void moreThanWasAskedForIsNotRead() {
        server.script = request -> HookServer.answer(200, "x".repeat(1_001));
        assertThatThrownBy(() -> post(client(LOOPBACK), server.url("/hook"))).isInstanceOf(Exception.class);

        server.script = request -> CompletableFuture.completedFuture(HttpResponse.create()
                .withEntity(HttpEntities.createChunked(
                        ContentTypes.APPLICATION_JSON, Source.repeat(ByteString.fromString("y".repeat(100))))));
        ThrowingCallable endless = () -> post(client(LOOPBACK), server.url("/hook"));
        assertThatThrownBy(endless).isInstanceOf(Exception.class);
    }

    @Test
    void whoThinksBeforeAnsweringIsAskedManyThingsMeanwhile() {
        var later = new CompletableFuture<HttpResponse>();
        server.script = request -> later;
        var client = client(LOOPBACK);
        var answers = new ArrayList<CompletionStage<Answer>>();
        for (int i = 0; i < 64; i++) {
            byte[] json = "{}".getBytes(StandardCharsets.UTF_8);
            answers.add(client.post(URI.create(server.url("/slow")), List.of(), json, 1_000, Duration.ofSeconds(2)));
        }
        await().untilAsserted(() -> assertThat(server.received).hasSize(64));
        later.complete(HttpResponse.create());
        answers.forEach(answer -> assertThat(answer.toCompletableFuture()).succeedsWithin(Duration.ofSeconds(5)));
    }

    @Test
    void signsAsTheReferenceLibrariesDo() {
        byte[] secret = WebhookSignature.secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
                .orElseThrow();
        assertThat(WebhookSignature.of(
                        secret,
                        "msg_p5jXN8AQM9LWM0D4loKWxJek",
                        1_614_265_330L,
                        "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assertThat(WebhookSignature.text(secret)).isEqualTo("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        for (String none : List.of(
                "",
                "whsec_",
                "whsec_short",
                "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "whsec_" + "A".repeat(88),
                "whsec_*")) {
            assertThat(WebhookSignature.secret(none)).as(none).isEmpty();
        }
    }

    @Test
    void settingsThatMeanNothingAreRefused() {
        for (String wrong : List.of("push.http.outbound.allowed-networks = \"localhost\"")) {
            var config = ConfigFactory.parseString(wrong).withFallback(ConfigFactory.load());
            assertThatThrownBy(() -> OutboundSettings.from(config))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("allowed-networks");
        }
        var several = OutboundSettings.from(
                ConfigFactory.parseString("push.http.outbound.allowed-networks = \"10.0.0.0/8, ::1\"")
                        .withFallback(ConfigFactory.load()));
        assertThat(several.allowed()).hasSize(2);
        var missing = new OutboundSettings(List.of(), Optional.of(directory.resolve("none.pem")));
        assertThatThrownBy(missing::tls)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("trust");
        assertThatThrownBy(() -> new OutboundSettings(List.of(), Optional.of(directory.resolve("tls.key"))).tls())
                .isInstanceOf(IllegalArgumentException.class);
    }
}
