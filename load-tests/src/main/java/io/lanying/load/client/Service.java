package io.lanying.load.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.load.history.Content;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.Recorder;
import io.lanying.load.history.Target;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A tenant's service: registers devices, sends, asks. Everything is recorded, answers with all their bytes. Thread-safe.
 *
 * <p>Futures of sends never fail: what was not answered is recorded and returned as unknown.
 */
public final class Service {

    private final String tenant;
    private final Api api;
    private final Recorder recorder;

    public Service(String tenant, Api api, Recorder recorder) {
        this.tenant = tenant;
        this.api = api;
        this.recorder = recorder;
    }

    /** The same service, which calls this address only. */
    public Service at(URI address) {
        return new Service(tenant, api.at(address), recorder);
    }

    public String tenant() {
        return tenant;
    }

    /** The tenant's conversations. */
    public Conversations conversations() {
        return new Conversations(tenant, api, recorder);
    }

    public Target device(String deviceId) {
        return new Target(tenant, deviceId);
    }

    /**
     * How a device is registered.
     *
     * @param owner {@code ""} for nobody
     */
    public record Registration(String owner, List<String> tags, Optional<Token> token) {

        public Registration {
            tags = List.copyOf(tags);
        }

        /** The same for another owner. */
        public Registration of(String newOwner) {
            return new Registration(newOwner, tags, token);
        }

        /** The same with another token. */
        public Registration with(Token newToken) {
            return new Registration(owner, tags, Optional.of(newToken));
        }
    }

    /** A vendor token. */
    public record Token(VendorSimulator.Kind vendor, String value) {}

    /** Registers the device for an owner, {@code ""} for nobody. */
    public CompletableFuture<Answer> bind(String deviceId, String owner) {
        return register(deviceId, new Registration(owner, List.of(), Optional.empty()));
    }

    /** Registers the device anew. */
    public CompletableFuture<Answer> register(String deviceId, Registration registration) {
        String owner = registration.owner();
        ObjectNode body = Answer.JSON.createObjectNode().put("platform", "android");
        if (!owner.isEmpty()) {
            body.put("userId", owner);
        }
        registration.tags().forEach(body.putArray("tags")::add);
        registration.token().ifPresent(token -> {
            body.putArray("tokens")
                    .addObject()
                    .put("channel", token.vendor().channel())
                    .put("token", token.value());
            recorder.add(
                    new HistoryEvent.TokenGiven(device(deviceId), owner, token.value(), System.currentTimeMillis()));
        });
        recorder.add(new HistoryEvent.BindInvoked(device(deviceId), owner));
        return Api.patiently(attempt -> recorded("bind", api.put("/v1/devices/" + deviceId, body)))
                .thenApply(answer -> {
                    if (answer.ok()) {
                        recorder.add(new HistoryEvent.Bound(device(deviceId), owner));
                    }
                    return answer;
                });
    }

    /** What the device's app connects with. */
    public CompletableFuture<String> sessionToken(String deviceId) {
        ObjectNode body = Answer.JSON.createObjectNode();
        return Api.patiently(attempt -> api.post("/v1/devices/" + deviceId + "/session-tokens", body, "unused"))
                .thenApply(answer -> answer.orThrow().json().get("token").asText());
    }

    /** The body of a notification to one device. */
    public static ObjectNode notification(String deviceId, String title, String text) {
        ObjectNode notification = message(title, text);
        notification.putObject("audience").putArray("devices").add(deviceId);
        return notification;
    }

    /** The same without the audience. */
    public static ObjectNode message(String title, String text) {
        ObjectNode notification = Answer.JSON.createObjectNode();
        notification.putObject("message").put("title", title).put("body", text);
        return notification;
    }

    /** Sends once; the outcome is {@code Ok}, {@code Refused} or {@code Unknown}. */
    public CompletableFuture<HistoryEvent> send(String deviceId, String key, JsonNode notification) {
        long op = recorder.nextOp();
        String content = Content.of(notification.path("message"));
        recorder.add(new HistoryEvent.Invoked(op, device(deviceId), key, content));
        return send(op, key, notification);
    }

    /**
     * The same to an audience.
     *
     * @param devices that belong to it
     */
    public CompletableFuture<HistoryEvent> sendToMany(List<String> devices, String key, JsonNode notification) {
        long op = recorder.nextOp();
        String content = Content.of(notification.path("message"));
        recorder.add(new HistoryEvent.InvokedMany(op, tenant, devices, key, content));
        return send(op, key, notification);
    }

    private CompletableFuture<HistoryEvent> send(long op, String key, JsonNode notification) {
        return recorded("send", api.post("/v1/notifications", notification, key))
                .handle((answer, failure) -> {
                    HistoryEvent outcome = failure == null ? outcome(op, answer) : unknown(op, failure);
                    recorder.add(outcome);
                    return outcome;
                });
    }

    private static HistoryEvent unknown(long op, Throwable failure) {
        return new HistoryEvent.Unknown(op, failure.toString());
    }

    private static HistoryEvent outcome(long op, Answer answer) {
        if (answer.status() == 202) {
            boolean replayed = answer.headers()
                    .firstValue("Idempotent-Replayed")
                    .map("true"::equals)
                    .orElse(false);
            return new HistoryEvent.Ok(op, answer.json().path("notificationId").asText(), replayed);
        }
        boolean retryAfter = answer.headers().firstValue("Retry-After").isPresent();
        return new HistoryEvent.Refused(op, answer.status(), answer.code(), retryAfter);
    }

    /** Records what {@code why} says. */
    public CompletableFuture<String> recordFate(String deviceId, String notificationId) {
        return get("/v1/notifications/" + notificationId + "/devices/" + deviceId + "/why")
                .thenApply(answer -> {
                    String fate = answer.status() == 404
                            ? "missing"
                            : answer.orThrow().json().path("fate").asText();
                    recorder.add(new HistoryEvent.FateRead(device(deviceId), notificationId, fate));
                    return fate;
                });
    }

    /** Cancels, whatever the answer. */
    public CompletableFuture<Void> cancel(String notificationId) {
        recorder.add(new HistoryEvent.CancelInvoked(notificationId));
        return delete("/v1/notifications/" + notificationId).handle((answer, failure) -> null);
    }

    /** Sets up the way to a vendor. */
    public CompletableFuture<Answer> openChannel(VendorSimulator vendor) {
        String path = "/v1/channels/" + vendor.kind().channel() + "/production";
        return Api.patiently(attempt -> recorded(path, api.put(path, vendor.credential())));
    }

    /** The notification as it stands. */
    public CompletableFuture<JsonNode> notificationView(String notificationId) {
        return get("/v1/notifications/" + notificationId)
                .thenApply(answer -> answer.orThrow().json());
    }

    /** The living device's view. */
    public CompletableFuture<JsonNode> view(String deviceId) {
        return get("/v1/devices/" + deviceId)
                .thenApply(answer -> answer.orThrow().json());
    }

    /** The state after {@code asOfSeq} events, or the latest. */
    public CompletableFuture<JsonNode> state(String deviceId, Optional<Long> asOfSeq) {
        String query = asOfSeq.map(number -> "?asOfSeq=" + number).orElse("");
        return get("/v1/journal/devices/" + deviceId + "/state" + query)
                .thenApply(answer -> answer.orThrow().json());
    }

    /** A page of events after a number. */
    public CompletableFuture<JsonNode> events(String deviceId, long afterSeq) {
        String path = "/v1/journal/devices/" + deviceId + "/events?limit=200&afterSeq=" + afterSeq;
        return recorded("events", api.get(path))
                .thenApply(answer -> answer.orThrow().json());
    }

    /** Any reading, repeated while the server cannot. */
    public CompletableFuture<Answer> get(String path) {
        return Api.patiently(attempt -> recorded(path, api.get(path)));
    }

    public CompletableFuture<Answer> delete(String path) {
        return recorded(path, api.delete(path));
    }

    private CompletableFuture<Answer> recorded(String source, CompletableFuture<Answer> call) {
        return call.thenApply(answer -> {
            recorder.add(new HistoryEvent.Received(tenant, source, answer.headers() + answer.text()));
            return answer;
        });
    }
}
