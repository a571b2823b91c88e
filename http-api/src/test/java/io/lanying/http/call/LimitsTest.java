package io.lanying.http.call;

import static io.lanying.http.TestApi.get;
import static io.lanying.http.TestApi.header;
import static io.lanying.http.TestApi.key;
import static io.lanying.http.TestApi.post;
import static io.lanying.http.TestApi.with;
import static org.assertj.core.api.Assertions.assertThat;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpCharsets;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.headers.RawHeader;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import io.lanying.http.StubEntities;
import io.lanying.http.TestApi;
import io.lanying.protocol.device.DeviceCommand.AcceptPush;
import io.lanying.protocol.device.DeviceReply;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes, kinds, rates and amounts of what strangers send; hostile documents are {@code HostileBodiesTest}'s (matrix A1). */
class LimitsTest {

    private static final String PATH = "/v1/notifications";
    private static final String HELLO = "{\"audience\":{\"devices\":[\"d1\"]},\"message\":{\"title\":\"Hello\"}}";

    private TestApi api;
    private String credential;

    @BeforeEach
    void start() {
        api = new TestApi(
                "push.http { max-unanswered = 3, requests-per-second = 10, requests-burst = 50, max-stories = 1 }");
        StubEntities.install(api);
        credential = api.tenantWithKey("acme", "*");
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void takesABodyOf64KiBAndNotOneByteMore() {
        assertThat(send(HELLO + " ".repeat(64 * 1024 - HELLO.length())).status().intValue())
                .isEqualTo(202);
        var tooLarge = send(HELLO + " ".repeat(64 * 1024 - HELLO.length() + 1));
        assertRefused(tooLarge, 413, "payloadTooLarge");
        assertThat(header(tooLarge, "Connection")).as("nobody reads on there").isEqualTo("close");
    }

    @Test
    void takesAStreamedBody() {
        assertThat(api.ask(streamed(HELLO, 1)).status().intValue()).isEqualTo(202);
    }

    @Test
    void refusesABodyThatDoesNotArriveInTime() {
        var entity = HttpEntities.createChunked(
                ContentTypes.APPLICATION_JSON,
                Source.<ByteString>maybe().prepend(Source.single(ByteString.fromString("{"))));
        var request = key(with(HttpRequest.POST(PATH).withEntity(entity), credential), "k");

        assertRefused(api.ask(request), 400, "invalidRequest");
    }

    @Test
    void unpacksGzip() {
        assertThat(api.ask(packed(gzip(HELLO.getBytes(StandardCharsets.UTF_8))))
                        .status()
                        .intValue())
                .isEqualTo(202);
    }

    @Test
    void takesJsonOnly() {
        for (ContentType type : new ContentType[] {
            ContentTypes.TEXT_PLAIN_UTF8,
            ContentTypes.APPLICATION_OCTET_STREAM,
            ContentTypes.create(MediaTypes.APPLICATION_XML, HttpCharsets.UTF_8)
        }) {
            var entity = HttpEntities.create(type, HELLO.getBytes(StandardCharsets.UTF_8));
            assertRefused(
                    api.ask(key(with(HttpRequest.POST(PATH).withEntity(entity), credential), "k")),
                    415,
                    "unsupportedMediaType");
        }
        assertRefused(api.ask(key(with(HttpRequest.POST(PATH), credential), "k")), 415, "unsupportedMediaType");
    }

    @Test
    void answersInJsonOnly() {
        assertRefused(
                api.ask(key(post(PATH, credential, HELLO), "k").addHeader(HttpHeader.parse("Accept", "text/html"))),
                406,
                "notAcceptable");
        var any = key(post(PATH, credential, HELLO), "k").addHeader(HttpHeader.parse("Accept", "text/html, */*;q=0.1"));
        assertThat(api.ask(any).status().intValue()).isEqualTo(202);
    }

    @Test
    void answers503WhenTooMuchIsUnanswered() {
        var waiting = new ArrayList<CompletableFuture<DeviceReply>>(Collections.emptyList());
        api.devices = (id, command) -> {
            var promise = new CompletableFuture<DeviceReply>();
            waiting.add(promise);
            return promise;
        };
        var begun = new ArrayList<CompletionStage<HttpResponse>>();
        // The recipient and the tenant are known before, so that each call is one command.
        assertThat(api.ask(post(PATH + "?validateOnly=true", credential, HELLO))
                        .status()
                        .intValue())
                .isEqualTo(200);
        for (int i = 0; i < 3; i++) {
            begun.add(api.begin(key(post(PATH, credential, HELLO), "k" + i)));
        }
        org.awaitility.Awaitility.await().until(() -> waiting.size() == 3);
        var refused = send(HELLO);

        assertRefused(refused, 503, "unavailable");
        assertThat(header(refused, "Retry-After")).isEqualTo("1");
        assertThat(waiting).hasSize(3);
        assertThat(api.metrics
                        .get("push.http.admission.unanswered")
                        .tag("kind", "entities")
                        .gauge()
                        .value())
                .isEqualTo(3);
        waiting.forEach(promise -> promise.complete(new DeviceReply.PushAccepted("n", 1, false)));
        begun.forEach(answer -> assertThat(
                        answer.toCompletableFuture().join().status().intValue())
                .isEqualTo(202));
        api.devices = (id, command) ->
                TestApi.done(new DeviceReply.PushAccepted(((AcceptPush) command).notificationId(), 1, false));
        assertThat(send(HELLO).status().intValue()).isEqualTo(202);
    }

    @Test
    void countsACommandThatFailsAsAnswered() {
        api.devices =
                (id, command) -> CompletableFuture.failedFuture(new java.util.concurrent.TimeoutException("late"));
        for (int i = 0; i < 10; i++) {
            assertRefused(send(HELLO), 503, "unavailable");
        }
        api.devices = (id, command) -> {
            throw new IllegalStateException("bug");
        };
        assertThat(send(HELLO).status().intValue()).isEqualTo(500);
        assertThat(api.metrics
                        .get("push.http.admission.unanswered")
                        .tag("kind", "entities")
                        .gauge()
                        .value())
                .isZero();
    }

    @Test
    void answers429ToWhoeverCallsTooOften() {
        String other = api.tenantWithKey("acme", "notifications:send");
        for (int i = 0; i < 50; i++) {
            assertThat(send(HELLO).status().intValue()).isEqualTo(202);
        }
        var refused = send(HELLO);

        assertRefused(refused, 429, "tooManyRequests");
        assertThat(header(refused, "Retry-After")).isEqualTo("1");
        assertThat(api.ask(key(post(PATH, other, HELLO), "k")).status().intValue())
                .isEqualTo(202);
        api.nanos.addAndGet(100_000_000);
        assertThat(send(HELLO).status().intValue()).isEqualTo(202);
        assertThat(send(HELLO).status().intValue()).isEqualTo(429);
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "A.b_c-9", "x"})
    void keepsASaneRequestId(String id) {
        var answer = api.ask(get("/v1/devices", credential).addHeader(RawHeader.create("X-Request-Id", id)));

        assertThat(header(answer, "X-Request-Id")).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "<script>", "ü", "a/b"})
    void replacesARequestIdThatIsNot(String id) {
        var answer = api.ask(get("/v1/nowhere", credential).addHeader(RawHeader.create("X-Request-Id", id)));

        assertThat(header(answer, "X-Request-Id")).isNotEqualTo(id).matches("[0-9a-f-]{36}");
        assertThat(api.json(answer).get("requestId").asText()).isEqualTo(header(answer, "X-Request-Id"));
    }

    @Test
    void passesTheTraceOn() {
        String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        var good = api.ask(get("/v1/devices", credential).addHeader(RawHeader.create("traceparent", trace)));
        var bad = api.ask(get("/v1/devices", credential).addHeader(RawHeader.create("traceparent", "x\"" + trace)));

        assertThat(header(good, "traceparent")).isEqualTo(trace);
        assertThat(header(bad, "traceparent")).isEmpty();
    }

    @Test
    void tellsFrameworkErrorsInTheSameShape() {
        assertRefused(api.ask(get("/v1/nowhere", credential)), 404, "notFound");
        assertRefused(api.ask(get("/", credential)), 404, "notFound");
        var method = api.ask(HttpRequest.PATCH(PATH));
        assertThat(header(method, "Allow")).contains("POST");
        assertRefused(method, 405, "methodNotAllowed");
    }

    @Test
    void packsLongAnswersForWhoeverWantsIt() throws IOException {
        for (int i = 0; i < 50; i++) {
            api.device("acme", "device-" + i, "u1");
        }
        var wanting = get("/v1/devices", credential).addHeader(HttpHeader.parse("Accept-Encoding", "gzip"));
        var packed = api.ask(wanting);
        byte[] bytes = packed.entity()
                .toStrict(1_000, api.kit.system())
                .toCompletableFuture()
                .join()
                .getData()
                .toArray();

        assertThat(header(packed, "Content-Encoding")).isEqualTo("gzip");
        assertThat(header(packed, "Vary")).isEqualTo("Accept-Encoding");
        try (var gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            assertThat(new String(gzip.readAllBytes(), StandardCharsets.UTF_8)).contains("device-49");
        }
        assertThat(header(api.ask(get("/v1/devices", credential)), "Content-Encoding"))
                .isEmpty();
        var unwanted = get("/v1/devices", credential).addHeader(HttpHeader.parse("Accept-Encoding", "gzip;q=0"));
        assertThat(header(api.ask(unwanted), "Content-Encoding")).isEmpty();
    }

    @Test
    void measuresByTemplate() {
        api.ask(get("/v1/devices/some-device", credential));
        api.ask(get("/v1/nowhere", credential));

        assertThat(api.metrics
                        .get("push.http.requests")
                        .tag("route", "/v1/devices/{deviceId}")
                        .tag("status", "404")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(api.metrics
                        .get("push.http.requests")
                        .tag("route", "unmatched")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(api.metrics
                        .get("push.http.refusals")
                        .tag("code", "notFound")
                        .counter()
                        .count())
                .isEqualTo(2);
    }

    private HttpResponse send(String body) {
        return api.ask(key(post(PATH, credential, body), "k"));
    }

    private HttpRequest packed(byte[] bytes) {
        var entity = HttpEntities.create(ContentTypes.APPLICATION_JSON, bytes);
        return key(with(HttpRequest.POST(PATH).withEntity(entity), credential), "k")
                .addHeader(RawHeader.create("Content-Encoding", "gzip"));
    }

    private HttpRequest streamed(String piece, int times) {
        var pieces = Source.repeat(ByteString.fromString(piece)).take(times);
        var entity = HttpEntities.createChunked(ContentTypes.APPLICATION_JSON, pieces);
        return key(with(HttpRequest.POST(PATH).withEntity(entity), credential), "k");
    }

    private void assertRefused(HttpResponse answer, int status, String code) {
        assertThat(answer.status().intValue()).isEqualTo(status);
        assertThat(answer.entity().getContentType().toString()).isEqualTo("application/problem+json");
        var problem = api.json(answer);
        assertThat(problem.get("code").asText()).isEqualTo(code);
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("type").asText()).isEqualTo("urn:lanying:problem:" + code);
        assertThat(problem.get("title").asText()).isNotBlank();
        assertThat(problem.get("requestId").asText()).isEqualTo(header(answer, "X-Request-Id"));
    }

    private static byte[] gzip(byte[] clear) {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(clear);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }
}
