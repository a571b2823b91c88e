package io.lanying.http.push;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.http.call.Bodies;
import io.lanying.http.call.Bodies.Line;
import io.lanying.http.call.Call;
import io.lanying.http.call.Endpoints;
import io.lanying.http.device.DeviceAnswers;
import io.lanying.http.error.Problem;
import io.lanying.http.json.Checked;
import io.lanying.http.json.FieldError;
import io.lanying.http.json.Json;
import io.lanying.http.json.StrictJson;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.DeviceReply.PushAccepted;
import io.lanying.protocol.device.DeviceReply.Refused;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Many pushes in one call, each to one device: a line of answer for each line, in order, as soon as it and those before it are
 * known. Every line stands for itself, with an idempotency key of its own; a caller that did not see a line's answer repeats it.
 *
 * <p>Lines for one device are accepted in the order of the lines. At most {@link #AT_ONCE} lines of a call are under way, and
 * none while the caller does not read the answer. Thread-safe.
 */
final class NotificationBatch {

    /** Fills the journal's batches without taking the node's admission for one caller (700). */
    private static final int AT_ONCE = 128;

    private static final CompletionStage<?> NOTHING_BEFORE = CompletableFuture.completedFuture(true);
    private static final ByteString LINE_END = ByteString.fromString("\n");

    private record Push(String key, String device, NotificationRequest request) {}

    private record LineJson(
            int line,
            int status,
            Optional<String> notificationId,
            Optional<Boolean> idempotentReplayed,
            Optional<String> code,
            Optional<String> detail,
            Optional<List<FieldError>> errors,
            Optional<Long> retryAfterSeconds) {}

    private final Endpoints endpoints;
    private final DevicePushes pushes;
    private final Clock clock;

    NotificationBatch(Endpoints endpoints, DevicePushes pushes, Clock clock) {
        this.endpoints = endpoints;
        this.pushes = pushes;
        this.clock = clock;
    }

    CompletionStage<HttpResponse> send(Call call, List<Line> lines) {
        var latest = new HashMap<String, CompletionStage<?>>();
        var answers = Source.from(lines)
                .mapAsync(AT_ONCE, line -> send(call, line, latest))
                .map(answer -> ByteString.fromArray(Json.bytes(answer)).concat(LINE_END));
        return CompletableFuture.completedFuture(HttpResponse.create()
                .withEntity(HttpEntities.createChunked(ContentTypes.create(Bodies.NDJSON), answers)));
    }

    /** @param latest the last line under way for each device; only the call's own stream touches it */
    private CompletionStage<LineJson> send(Call call, Line line, Map<String, CompletionStage<?>> latest) {
        return read(line.bytes())
                .fold(
                        push -> {
                            var before = latest.getOrDefault(push.device(), NOTHING_BEFORE);
                            var answer = before.thenCompose(done -> send(call, line.number(), push))
                                    .exceptionally(
                                            failure -> refused(line.number(), endpoints.problemOf(call, failure)));
                            latest.put(push.device(), answer);
                            return answer;
                        },
                        problem -> CompletableFuture.completedFuture(refused(line.number(), problem)));
    }

    private Checked<Push> read(byte[] bytes) {
        return StrictJson.parse(bytes).then(document -> keyOf(document)
                .then(key -> NotificationReader.read(document, clock.instant()).then(request -> request.onlyDevice()
                        .map(device -> Checked.ok(new Push(key, device, request)))
                        .orElseGet(() -> Checked.refused(Problem.field(
                                ErrorCode.AUDIENCE_NOT_SUPPORTED,
                                "/audience",
                                "range",
                                "must be one device, without sendAt, in a batch"))))));
    }

    /** Takes the key out: what is left is a notification. */
    private static Checked<String> keyOf(JsonNode document) {
        JsonNode key = document instanceof ObjectNode object ? object.remove("idempotencyKey") : null;
        return key == null || !key.isTextual()
                ? Checked.refused(Problem.field(
                        ErrorCode.IDEMPOTENCY_KEY_MISSING, "/idempotencyKey", "required", "must be the line's own key"))
                : Call.idempotencyKey(key.textValue());
    }

    private CompletionStage<LineJson> send(Call call, int line, Push push) {
        var quota = endpoints.overQuota(call);
        if (quota.isPresent()) {
            return CompletableFuture.completedFuture(refused(line, quota.get()));
        }
        return pushes.send(call.tenant(), push.device(), push.key(), push.request())
                .thenApply(reply -> answer(line, reply));
    }

    private LineJson answer(int line, DeviceReply reply) {
        if (reply instanceof PushAccepted taken) {
            return new LineJson(
                    line,
                    202,
                    Optional.of(taken.notificationId()),
                    taken.repeated() ? Optional.of(true) : Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }
        if (reply instanceof Refused refused) {
            return refused(line, DeviceAnswers.problemOf(refused));
        }
        throw new IllegalStateException(
                "a device answered with " + reply.getClass().getSimpleName());
    }

    private LineJson refused(int line, Problem problem) {
        endpoints.count(problem);
        return new LineJson(
                line,
                problem.code().status(),
                Optional.empty(),
                problem.repeated() ? Optional.of(true) : Optional.empty(),
                Optional.of(problem.code().wireName()),
                Optional.of(problem.detail()),
                problem.errors().isEmpty() ? Optional.empty() : Optional.of(problem.errors()),
                problem.code().retryable() ? Optional.of(problem.retryAfterSeconds()) : Optional.empty());
    }
}
