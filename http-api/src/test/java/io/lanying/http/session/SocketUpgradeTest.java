package io.lanying.http.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lanying.http.error.Problem;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.device.DeviceCommand.Attach;
import io.lanying.protocol.session.SessionMessage.Attached;
import io.lanying.protocol.wire.FrameFormat;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SocketUpgradeTest {

    private static final String TOKEN = "Authorization: Bearer token.up";
    private static final String PROTOCOL = "Sec-WebSocket-Protocol: lanying.v1.json";

    private static SocketRig rig;

    @BeforeAll
    static void start() {
        rig = new SocketRig(
                "push.http.session.allowed-origins = [\"https://app.example.com\"]",
                "push.http.session.max-sockets = 3");
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
    }

    @Test
    void theTokenMayComeAsASubprotocolAndIsNotEchoed() throws Exception {
        RawApp app = rig.upgrade("Sec-WebSocket-Protocol: bearer.token.up, lanying.v1.cbor, lanying.v1.json");
        assertThat(app.status()).isEqualTo(101);
        assertThat(app.response())
                .contains("Sec-WebSocket-Protocol: lanying.v1.cbor\r\n")
                .doesNotContain("bearer");
        leave(app);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "Sec-WebSocket-Protocol: mqtt", "Sec-WebSocket-Protocol: lanying.v2.json, bearer.token.up"})
    void withoutAKnownSubprotocolItIsABadRequest(String protocol) throws Exception {
        RawApp app = protocol.isEmpty() ? rig.upgrade(TOKEN) : rig.upgrade(TOKEN, protocol);
        refused(app, 400, "invalidRequest");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "Authorization: Basic dG9rZW4udXA6", "Authorization: Bearer forged", "Authorization: Bearer"
            })
    void withoutAValidTokenItIsUnauthorized(String header) throws Exception {
        refused(header.isEmpty() ? rig.upgrade(PROTOCOL) : rig.upgrade(PROTOCOL, header), 401, "unauthorized");
    }

    @Test
    void whoGuessesTooOftenWaits() throws Exception {
        RawApp app = rig.upgrade(PROTOCOL, "Authorization: Bearer token.guess");
        assertThat(app.response()).containsIgnoringCase("Retry-After: 1");
        refused(app, 429, "tooManyRequests");
    }

    @Test
    void aTokenInTheAddressIsNotLookedAt() throws Exception {
        try (RawApp app = RawApp.request(
                rig.port,
                FrameFormat.JSON,
                "/v1/device/socket?token=token.up&access_token=token.up&authorization=Bearer%20token.up",
                PROTOCOL)) {
            refused(app, 401, "unauthorized");
        }
    }

    @Test
    void aTokenThatCannotBeCheckedNowIsToBeTriedLater() throws Exception {
        RawApp app = rig.upgrade(PROTOCOL, "Authorization: Bearer token.unavailable");
        assertThat(app.response()).containsIgnoringCase("Retry-After: ");
        refused(app, 503, "unavailable");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example.com",
                "https://app.example.com.evil.com",
                "https://evilapp.example.com",
                "http://app.example.com",
                "https://app.example.com:444",
                "null",
                "https://127.0.0.1",
                "file://"
            })
    void foreignOriginsAreRefused(String origin) throws Exception {
        refused(rig.upgrade(PROTOCOL, TOKEN, "Origin: " + origin), 403, "originNotAllowed");
    }

    @Test
    void theOwnHostAndListedOriginsAreAllowed() throws Exception {
        for (String origin : List.of("http://127.0.0.1:" + rig.port, "https://app.example.com")) {
            RawApp app = rig.upgrade(PROTOCOL, TOKEN, "Origin: " + origin);
            assertThat(app.status()).as(origin).isEqualTo(101);
            leave(app);
        }
    }

    @Test
    void whatIsNoUpgradeIsABadRequest() throws Exception {
        var answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + rig.port + "/v1/device/socket"))
                                .header("Authorization", "Bearer token.up")
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    }

    @Test
    void aFullNodeTakesNoMoreSockets() throws Exception {
        await().untilAsserted(() -> assertThat(rig.openSockets()).isZero());
        List<RawApp> apps = List.of(rig.connect("a"), rig.connect("b"), rig.connect("c"));
        await().untilAsserted(() -> assertThat(rig.openSockets()).isEqualTo(3));
        refused(rig.upgrade(PROTOCOL, TOKEN), 503, "unavailable");
        for (RawApp app : apps) {
            leave(app);
        }
    }

    @Test
    void aTenantWithAsManySocketsAsItMayHaveWaits_andOneOfAnotherRegionGoesThere() throws Exception {
        await().untilAsserted(() -> assertThat(rig.openSockets()).isZero());
        RawApp first = rig.connect("a");
        await().untilAsserted(() -> assertThat(rig.openSockets()).isEqualTo(1));
        rig.gate = (tenant, open) -> tenant.equals(SocketRig.TENANT) && open >= 1
                ? Optional.of(Problem.of(ErrorCode.QUOTA_EXCEEDED, "enough"))
                : Optional.empty();
        try {
            RawApp second = rig.upgrade(PROTOCOL, TOKEN);
            assertThat(second.response()).containsIgnoringCase("Retry-After: ");
            refused(second, 429, "quotaExceeded");
            leave(first);
            await().untilAsserted(() -> assertThat(rig.openSockets()).isZero());
            RawApp third = rig.upgrade(PROTOCOL, TOKEN);
            assertThat(third.status()).isEqualTo(101);
            leave(third);
            rig.gate = (tenant, open) -> Optional.of(Problem.otherRegion("mars"));
            refused(rig.upgrade(PROTOCOL, TOKEN), 421, "otherRegion");
        } finally {
            rig.gate = (tenant, open) -> Optional.empty();
        }
    }

    @Test
    void anOrdinaryClientUnderstandsUs() throws Exception {
        var device = rig.device("jdk");
        var messages = new LinkedBlockingQueue<String>();
        var closed = new CompletableFuture<Integer>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Authorization", "Bearer token.jdk")
                .subprotocols("lanying.v1.json")
                .buildAsync(URI.create("ws://127.0.0.1:" + rig.port + "/v1/device/socket"), new WebSocket.Listener() {
                    private final StringBuilder text = new StringBuilder();

                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                        text.append(data);
                        if (last) {
                            messages.add(text.toString());
                            text.setLength(0);
                        }
                        from.request(1);
                        return null;
                    }

                    @Override
                    public CompletionStage<?> onClose(WebSocket from, int statusCode, String reason) {
                        closed.complete(statusCode);
                        return null;
                    }
                })
                .get(5, TimeUnit.SECONDS);
        assertThat(socket.getSubprotocol()).isEqualTo("lanying.v1.json");

        var hello = socket.sendText("{\"t\":\"hello\",\"streamId\":null,\"ackedSeq\":0,\"features\":[]}", true);
        Attach attach = device.expectMessageClass(Attach.class);
        attach.session().tell(new Attached(device.ref(), "s1", 0, 1));
        attach.session().tell(rig.deliver(device, 1, 1));

        assertThat(messages.poll(5, TimeUnit.SECONDS)).startsWith("{\"t\":\"welcome\",\"deviceId\":\"jdk\"");
        assertThat(messages.poll(5, TimeUnit.SECONDS))
                .isEqualTo("{\"t\":\"item\",\"itemSeq\":1,\"id\":\"n1\",\"notificationId\":\"n1\",\"kind\":\"push\","
                        + "\"at\":\"2026-11-20T15:04:05.678Z\",\"body\":{\"n\":1}}");
        hello.thenCompose(sent -> sent.sendText("{\"t\":\"ack\",\"itemSeq\":9}", true))
                .get(5, TimeUnit.SECONDS);
        assertThat(messages.poll(5, TimeUnit.SECONDS))
                .isEqualTo("{\"t\":\"bye\",\"code\":4502,\"reconnectAfterMs\":null}");
        assertThat(closed.get(5, TimeUnit.SECONDS)).isEqualTo(4502);
    }

    private static void leave(RawApp app) throws Exception {
        app.sendFrame(8, true, new byte[0]);
        app.expectEnd();
        app.close();
    }

    private static void refused(RawApp app, int status, String code) throws Exception {
        assertThat(app.status()).as(app.response()).isEqualTo(status);
        assertThat(app.response()).contains("application/problem+json");
        assertThat(app.readBody()).contains("\"code\":\"" + code + "\"").doesNotContain("token.");
        app.close();
    }
}
