package io.lanying.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.http.javadsl.Http;
import akka.http.javadsl.ServerBinding;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What only a real connection shows: the server's own settings and its own refusals. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServedTest {

    private TestApi api;
    private ServerBinding binding;

    @BeforeAll
    void start() throws Exception {
        api = new TestApi("push.http.failed-credentials-burst = 2");
        StubEntities.install(api);
        var config = api.kit.system().settings().config();
        binding = Http.get(api.kit.system())
                .newServerAt("127.0.0.1", 0)
                .withSettings(HttpSettings.from(config).server(config))
                .bind(api.route())
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    @AfterAll
    void stop() {
        api.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            not HTTP              | RUBBISH                                        | 501
            unknown method        | BREW / HTTP/1.1                                | 501
            path with a bad escape| GET /%zz HTTP/1.1                              | 400
            bad query             | GET /v1/devices?x=%zz HTTP/1.1                 | 400
            """)
    void refusesWhatIsNotARequestInTheSameShape(String name, String line, int status) throws IOException {
        String answer = exchange(line + "\r\nHost: x\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 " + status);
        assertProblem(answer);
    }

    @Test
    void boundsHeaders() throws IOException {
        String many = exchange("GET / HTTP/1.1\r\nHost: x\r\n" + "X-A: b\r\n".repeat(40) + "\r\n");
        String wide = exchange("GET / HTTP/1.1\r\nHost: x\r\nX-A: " + "b".repeat(10_000) + "\r\n\r\n");
        String far = exchange("GET /" + "a".repeat(3_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");

        assertThat(many).startsWith("HTTP/1.1 400");
        assertThat(wide).startsWith("HTTP/1.1 431");
        assertThat(far).startsWith("HTTP/1.1 414");
        assertProblem(many);
        assertProblem(wide);
        assertProblem(far);
    }

    @Test
    void answersAGoodRequestWithoutNamingItsParts() throws IOException {
        String answer = exchange("GET /v1/devices HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                + api.tenantWithKey("acme", "*") + "\r\nConnection: close\r\n\r\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 200 OK")
                .contains("Server: lanying\r\n")
                .doesNotContainIgnoringCase("akka");
    }

    @Test
    void takesABodyInPieces() throws IOException {
        String body = "{\"audience\":{\"devices\":[\"d1\"]},\"message\":{\"title\":\"t\"}}";
        String head = "POST /v1/notifications HTTP/1.1\r\nHost: x\r\nConnection: close\r\nIdempotency-Key: k\r\n"
                + "Content-Type: application/json; charset=utf-8\r\nAuthorization: Bearer "
                + api.tenantWithKey("acme", "*")
                + "\r\nTransfer-Encoding: chunked\r\n\r\n";
        String chunks = Integer.toHexString(10) + "\r\n" + body.substring(0, 10) + "\r\n"
                + Integer.toHexString(body.length() - 10) + "\r\n" + body.substring(10) + "\r\n0\r\n\r\n";

        assertThat(exchange(head + chunks)).startsWith("HTTP/1.1 202");
    }

    @Test
    void refusesALongBodyBeforeItIsSent() throws IOException {
        String answer =
                exchange("POST /v1/notifications HTTP/1.1\r\nHost: x\r\nIdempotency-Key: k\r\nAuthorization: Bearer "
                        + api.tenantWithKey("acme", "*")
                        + "\r\nContent-Type: application/json\r\nContent-Length: 100000000\r\n\r\n{");

        assertThat(answer).startsWith("HTTP/1.1 413");
        assertProblem(answer);
    }

    @Test
    void knowsWhereCallersAre() throws IOException {
        String request = "GET /v1/devices HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\nConnection: close\r\n\r\n";
        for (int i = 0; i < 2; i++) {
            assertThat(exchange(request)).startsWith("HTTP/1.1 401");
        }
        assertThat(exchange(request)).startsWith("HTTP/1.1 429");
    }

    @ParameterizedTest
    @CsvSource({"on, HTTP_2", "off, HTTP_1_1"})
    void speaksHttp2OnlyIfToldTo(String setting, HttpClient.Version version) throws Exception {
        var config = ConfigFactory.parseString("push.http.http2 = " + setting)
                .withFallback(api.kit.system().settings().config());
        var other = Http.get(api.kit.system())
                .newServerAt("127.0.0.1", 0)
                .withSettings(HttpSettings.from(config).server(config))
                .bind(api.route())
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        var uri = URI.create("http://127.0.0.1:" + other.localAddress().getPort() + "/openapi.yaml");
        var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();

        var answer = client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());

        assertThat(answer.version()).isEqualTo(version);
        assertThat(answer.body()).startsWith("openapi: 3.1.0");
        other.unbind().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/docs", "/docs/init.js", "/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js"})
    void servesThePageWithItsOwnFilesOnly(String path) throws IOException {
        String answer = exchange("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 200")
                .contains("Content-Security-Policy: default-src 'none'; script-src 'self'");
        if (!path.contains("swagger")) {
            assertThat(answer).doesNotContain("http://", "https://", "src=\"//");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/docs/..%2freference.conf", "/docs/reference.conf", "/docs/index.html", "/docs/"})
    void servesNothingElseOfTheClassPath(String path) throws IOException {
        assertThat(exchange("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 404");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "push.http.max-unanswered = 800",
                "push.http.tenant-lease = 6s",
                "push.http.tls.cert = a.pem",
                "push.http.port = 70000",
                "push.http.requests-burst = 0",
                "push.http.request-timeout = 5s"
            })
    void refusesSettingsThatContradictThemselves(String setting) {
        var config = ConfigFactory.parseString(setting).withFallback(ConfigFactory.load());

        assertThatThrownBy(() -> HttpSettings.from(config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("push.http: ");
    }

    private String exchange(String request) throws IOException {
        try (var socket = new Socket(
                InetAddress.getLoopbackAddress(), binding.localAddress().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void assertProblem(String answer) {
        assertThat(answer)
                .contains(
                        "Content-Type: application/problem+json", "X-Request-Id: ", "\"requestId\":\"", "\"code\":\"");
    }
}
