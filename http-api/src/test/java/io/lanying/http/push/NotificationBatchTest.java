package io.lanying.http.push;

import static io.lanying.http.TestApi.done;
import static io.lanying.http.TestApi.header;
import static io.lanying.http.TestApi.post;
import static org.assertj.core.api.Assertions.assertThat;

import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpResponse;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lanying.http.Operations;
import io.lanying.http.TestApi;
import io.lanying.http.error.Unavailable;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.device.DeviceCommand.AcceptPush;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.DeviceReply.PushAccepted;
import io.lanying.protocol.device.DeviceReply.Refused;
import io.lanying.protocol.tenant.Quotas;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many pushes in one call: each line by itself, answers in order. */
class NotificationBatchTest {

    private static final String PATH = "/v1/notifications/batch";

    private TestApi api;
    private String credential;

    @BeforeEach
    void start() {
        api = new TestApi();
        credential = api.tenantWithKey("acme", "*");
        api.device("acme", "d1", "u1");
        api.device("acme", "d2", "u2");
        api.devices = (id, command) -> done(accepted((AcceptPush) command));
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void answersEachLineInOrderAndPassesOverEmptyOnes() {
        var answer = send(line("k1", "d1") + "\r\n\n" + line("k2", "d2") + "\n" + line("k3", "nobody"));

        assertThat(answer.status().intValue()).isEqualTo(200);
        assertThat(answer.entity().getContentType().toString()).isEqualTo("application/x-ndjson");
        var lines = lines(answer);
        assertThat(lines).extracting(line -> line.get("line").asInt()).containsExactly(1, 3, 4);
        assertThat(lines).extracting(line -> line.get("status").asInt()).containsExactly(202, 202, 404);
        assertThat(lines.get(0).get("notificationId").asText()).matches("n[a-z2-7]{25}~d1");
        assertThat(lines.get(2).get("code").asText()).isEqualTo("notFound");
        assertThat(header(answer, "X-Request-Id")).isNotEmpty();
    }

    @Test
    void takesALinesKeyForTheSamePushAsTheHeaders() {
        String single = api.json(api.ask(TestApi.key(post("/v1/notifications", credential, push("d1")), "same")))
                .get("notificationId")
                .asText();

        assertThat(lines(send(line("same", "d1"))).get(0).get("notificationId").asText())
                .isEqualTo(single);
        var pushes = api.deviceCommands.stream().map(AcceptPush.class::cast).toList();
        assertThat(pushes.get(0).fingerprint()).isEqualTo(pushes.get(1).fingerprint());
    }

    @Test
    void refusesABadLineAloneAndSaysWhatIsWrongWithIt() {
        var answer = send(String.join(
                "\n",
                "{",
                push("d1"),
                line("k\u00e9", "d1"),
                line("k", "d1").replace("\"title\":\"t\"", "\"titel\":\"t\""),
                line("k", "d1").replace("\"devices\":[\"d1\"]", "\"everyone\":true"),
                line("k", "d1").replace("\"devices\":[\"d1\"]", "\"devices\":[\"d1\",\"d2\"]"),
                line("k", "d1").replace("}}", "},\"delivery\":{\"sendAt\":\"2100-01-01T00:00:00.000Z\"}}"),
                "[]",
                line("k", "d1") + "x",
                line("k", "d1").replace("\"t\"", "\"" + "x".repeat(65_536) + "\""),
                line("good", "d2")));

        var lines = lines(answer);
        assertThat(lines)
                .extracting(line -> line.path("code").asText())
                .containsExactly(
                        "malformedJson",
                        "idempotencyKeyMissing",
                        "idempotencyKeyMissing",
                        "invalidRequest",
                        "audienceNotSupported",
                        "audienceNotSupported",
                        "invalidRequest",
                        "idempotencyKeyMissing",
                        "malformedJson",
                        "payloadTooLarge",
                        "");
        assertThat(lines.get(3).get("errors").get(0).get("pointer").asText()).isEqualTo("/message/titel");
        assertThat(api.deviceCommands).hasSize(1);
    }

    @Test
    void marksRepeatsAndTellsRefusalsAndFailuresLineByLine() {
        Queue<CompletableFuture<DeviceReply>> replies = new ArrayDeque<>(List.of(
                CompletableFuture.completedFuture(new PushAccepted("n1", 1, true)),
                CompletableFuture.completedFuture(new Refused(ErrorCode.IDEMPOTENCY_KEY_REUSED, "other content")),
                CompletableFuture.failedFuture(new Unavailable("no answer in time")),
                CompletableFuture.completedFuture(new DeviceReply.Deleted())));
        api.devices = (id, command) -> replies.remove();

        var lines = lines(
                send(IntStream.range(0, 4).mapToObj(i -> line("k" + i, "d1")).toList()));

        assertThat(lines.get(0).get("idempotentReplayed").asBoolean()).isTrue();
        assertThat(lines.get(1).get("status").asInt()).isEqualTo(422);
        assertThat(lines.get(2).get("status").asInt()).isEqualTo(503);
        assertThat(lines.get(2).get("retryAfterSeconds").asInt()).isEqualTo(1);
        assertThat(lines.get(3).get("status").asInt()).isEqualTo(500);
        assertThat(lines.get(3).get("detail").asText()).doesNotContain("Deleted");
    }

    @Test
    void beginsALineOnlyAfterTheLineBeforeForTheSameDevice() {
        var asked = Collections.synchronizedList(new ArrayList<String>());
        var waiting = new ConcurrentLinkedQueue<Runnable>();
        api.devices = (id, command) -> {
            asked.add(id.id());
            var reply = new CompletableFuture<DeviceReply>();
            waiting.add(() -> reply.complete(accepted((AcceptPush) command)));
            return reply;
        };
        var answer = api.begin(post(PATH, credential, "")
                .withEntity(Operations.lines(String.join(
                        "\n", List.of(line("k1", "d1"), line("k2", "d1"), line("k3", "d2"), line("k4", "d1"))))));
        var text = answer.thenApply(api::text).toCompletableFuture();

        Awaitility.await().until(() -> asked.size() == 2);
        assertThat(asked).containsExactly("d1", "d2");
        while (!text.isDone()) {
            Optional.ofNullable(waiting.poll()).ifPresent(Runnable::run);
        }
        assertThat(asked).containsExactlyInAnyOrder("d1", "d1", "d1", "d2");
        assertThat(text.join().lines()).hasSize(4).allMatch(line -> line.contains("\"status\":202"));
    }

    @Test
    void takesAThousandLinesAndNotOneMore() {
        var thousand =
                IntStream.range(0, 1_000).mapToObj(i -> line("k" + i, "d1")).toList();
        assertThat(lines(send(thousand)))
                .hasSize(1_000)
                .allMatch(line -> line.get("status").asInt() == 202);
        var more = new ArrayList<>(thousand);
        more.add(line("k", "d1"));
        api.deviceCommands.clear();
        assertThat(send(more).status().intValue()).isEqualTo(400);
        assertThat(api.deviceCommands).isEmpty();
    }

    @Test
    void countsEachLineAgainstTheQuota() {
        api.quotas("acme", new Quotas(Optional.of(2), Optional.empty()));
        var lines = lines(
                send(IntStream.range(0, 3).mapToObj(i -> line("k" + i, "d1")).toList()));
        assertThat(lines).extracting(line -> line.get("status").asInt()).containsExactly(202, 202, 429);
        assertThat(lines.get(2).get("code").asText()).isEqualTo("quotaExceeded");
    }

    @Test
    void answersInLinesOnly() {
        var request = post(PATH, credential, "").withEntity(Operations.lines(line("k", "d1")));
        assertThat(api.ask(request.addHeader(HttpHeader.parse("Accept", "application/json")))
                        .status()
                        .intValue())
                .isEqualTo(406);
        assertThat(api.ask(request.addHeader(HttpHeader.parse("Accept", "application/x-ndjson")))
                        .status()
                        .intValue())
                .isEqualTo(200);
    }

    private static PushAccepted accepted(AcceptPush push) {
        return new PushAccepted(push.notificationId(), 1, false);
    }

    private static String push(String device) {
        return "{\"audience\":{\"devices\":[\"" + device + "\"]},\"message\":{\"title\":\"t\"}}";
    }

    private static String line(String key, String device) {
        return "{\"idempotencyKey\":\"" + key + "\"," + push(device).substring(1);
    }

    private HttpResponse send(List<String> lines) {
        return send(String.join("\n", lines));
    }

    private HttpResponse send(String lines) {
        return api.ask(post(PATH, credential, "").withEntity(Operations.lines(lines)));
    }

    private List<JsonNode> lines(HttpResponse answer) {
        var mapper = new ObjectMapper();
        return api.text(answer)
                .lines()
                .map(line -> {
                    try {
                        return mapper.readTree(line);
                    } catch (JsonProcessingException e) {
                        throw new AssertionError(line, e);
                    }
                })
                .toList();
    }
}
