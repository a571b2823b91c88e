package io.lanying.load.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.load.client.Answer;
import io.lanying.load.client.Api;
import io.lanying.load.client.App;
import io.lanying.load.client.Entrances;
import io.lanying.load.client.Epochs;
import io.lanying.load.client.Operator;
import io.lanying.load.client.ServerSettings;
import io.lanying.load.client.VendorSimulator;
import io.lanying.load.history.Recorder;
import io.lanying.load.history.Target;
import io.lanying.load.rig.Rig;
import io.lanying.protocol.notification.NotificationParts;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** What happens to one tenant: enough for every kind of entity to have a snapshot, and some events after it. */
final class Life {

    /** Stands in all that is to be sealed. */
    static final String CLEAR = "not-to-be-read";

    private static final Duration LONG_ENOUGH = Duration.ofMinutes(4);
    private static final int CROWD = 64;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = Api.newHttpClient();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final Entrances entrances;
    private final Rows rows;
    private final VendorSimulator apple;
    private final Api operator;
    private final Api service;

    Life(URI server, Rows rows, VendorSimulator apple) {
        this.entrances = Entrances.only(server);
        this.rows = rows;
        this.apple = apple;
        this.operator = new Api(http, entrances, ServerSettings.OPERATOR_KEY);
        String key = Rig.await(new Operator(http, entrances, ServerSettings.OPERATOR_KEY).newKey("acme"));
        this.service = new Api(http, entrances, key);
    }

    /** Lives. */
    void run() {
        try {
            tenants();
            users();
            tokens();
            vendors();
            CompletableFuture<Void> crowd = CompletableFuture.runAsync(this::audience);
            talk();
            crowd.join();
            ends();
        } finally {
            clock.shutdownNow();
        }
    }

    private void tenants() {
        String acme = "/v1/admin/tenants/acme";
        ok(() -> operator.put(acme + "/roles/reader", json("{'scopes':['devices:read','journal:read']}")));
        ok(() -> operator.put(acme + "/quotas", json("{'notificationsPerSecond':1000,'sockets':20000}")));
        ok(() -> service.put(
                "/v1/message-hook", json("{'url':'https://hooks.example.com/" + CLEAR + "','onSilence':'allow'}")));
        ok(() -> service.delete("/v1/message-hook"));
        ok(() -> service.put("/v1/channels/apns/production", apple.credential()));
        ok(() -> service.put("/v1/channels/apns/production", apple.credential()));
        ok(() -> service.post("/v1/channels/apns/production/restore", json("{'version':1}"), "restore"));
        untilSnapshot("Tenant", number -> {
            ObjectNode key = json("{'name':'spare','roles':['reader'],'scopes':['devices:read']}");
            String made = ok(() -> operator.post(acme + "/api-keys", key, "spare-" + number))
                    .path("keyId")
                    .asText();
            ok(() -> operator.delete(acme + "/api-keys/" + made));
        });
        ok(() -> operator.delete(acme + "/roles/reader"));
        ok(() -> operator.post("/v1/admin/tenants", json("{'tenantId':'gone','name':'Gone'}"), "make-gone"));
        ok(() -> operator.delete("/v1/admin/tenants/gone"));
    }

    private void users() {
        for (String user : List.of("ada", "bob", "cyd")) {
            register(user + "-1", user, "[]");
        }
        untilSnapshot("User", number -> name("ada", number));
        name("ada", 0);
        ok(
                () -> service.put(
                        "/v1/users/cyd",
                        json(
                                "{'settings':{'quietHours':{'from':'00:00','to':'23:59','zone':'Asia/Shanghai','mode':'drop'}}}")));
        push("cyd-1");
        push("cyd-1", "{'ttlSeconds':1}");
        register("eve-1", "eve", "[]");
        register("eve-1", "fay", "[]");
    }

    private void name(String user, int number) {
        ok(() -> service.put(
                "/v1/users/" + user,
                json("{'name':'" + CLEAR + " " + number + "','settings':{'muted':" + (number % 2 == 1) + "}}")));
    }

    /** One vendor token goes from device to device. */
    private void tokens() {
        untilSnapshot("TokenOwner", number -> register("hand-" + number % 2, "bob", token("aa")));
        register("hand-2", "bob", token("aa"));
    }

    private static String token(String byteInHex) {
        return "[{'channel':'apns','token':'" + byteInHex.repeat(32) + "'}]";
    }

    /** Apple takes one, holds another token to be dead, and has too many for a third. */
    private void vendors() {
        register("far-1", "dan", token("b1"));
        register("far-2", "dan", token("b2"));
        register("far-3", "dan", token("b3"));
        apple.rules(
                "token=" + "b2".repeat(32) + " status=410 reason=Unregistered timestamp=" + System.currentTimeMillis(),
                "token=" + "b3".repeat(32) + " status=429 reason=TooManyRequests");
        push("far-1");
        push("far-2");
        push("far-3");
        LockSupport.parkNanos(Duration.ofSeconds(3).toNanos());
        apple.rules();
        String called = push("far-1", "{'strategy':'socketOnly'}");
        ok(() -> service.delete("/v1/notifications/" + called));
    }

    /** Everybody in a crowd, whose fates one companion keeps, is told, and acknowledges, one after the other. */
    private void audience() {
        List<String> crowd = IntStream.iterate(0, number -> number + 1)
                .mapToObj(number -> "crowd-" + number)
                .filter(device -> NotificationParts.of(device) == NotificationParts.of("crowd-0"))
                .limit(CROWD)
                .toList();
        crowd.forEach(
                device -> ok(() -> service.put("/v1/devices/" + device, json("{'platform':'ios','tags':['crowd']}"))));
        ObjectNode notification = message();
        notification.set("audience", json("{'tags':{'any':['crowd']}}"));
        ok(() -> service.post("/v1/notifications", notification, "crowd"));
        until(() -> rows.hasSnapshot("Notification"), number -> pause());
        int[] next = {0};
        untilSnapshot("NotificationPart", number -> {
            acknowledge(crowd.get(next[0]++ % CROWD));
            pause();
        });
        acknowledge(crowd.get(CROWD - 2));
        acknowledge(crowd.get(CROWD - 1));
        ObjectNode other = message();
        other.set("audience", json("{'tags':{'any':['crowd']}}"));
        String taken = ok(() -> service.post("/v1/notifications", other, "taken-back"))
                .path("notificationId")
                .asText();
        ok(() -> service.delete("/v1/notifications/" + taken));
    }

    private void acknowledge(String device) {
        Api app = app(device);
        JsonNode inbox = ok(() -> app.get("/v1/device/inbox?after=0&limit=100"));
        JsonNode last = inbox.path("items").path(inbox.path("items").size() - 1);
        long upTo = last.path(last.has("itemSeq") ? "itemSeq" : "toSeq").asLong();
        if (last.isMissingNode()) {
            return;
        }
        if (last.has("notificationId")) {
            ok(() -> app.post(
                    "/v1/device/opened",
                    JSON.createObjectNode()
                            .put("notificationId", last.path("notificationId").asText())));
        }
        ok(() -> app.post(
                "/v1/device/acks",
                JSON.createObjectNode()
                        .put("streamId", inbox.path("streamId").asText())
                        .put("itemSeq", upTo)));
    }

    private Api app(String device) {
        return service.with(sessionToken(device));
    }

    private String sessionToken(String device) {
        return ok(() -> service.post("/v1/devices/" + device + "/session-tokens", JSON.createObjectNode()))
                .path("token")
                .asText();
    }

    /** Three people in a group, one of them with the app open, until all that has to do with it is long enough. */
    private void talk() {
        ok(() -> service.post(
                "/v1/conversations",
                json("{'type':'direct','members':[{'userId':'ada'},{'userId':'bob'}]}"),
                "direct"));
        ok(() -> service.post(
                "/v1/conversations",
                json("{'type':'group','conversationId':'team','name':'" + CLEAR
                        + "','members':[{'userId':'ada'},{'userId':'bob'},{'userId':'cyd'}]}"),
                "team"));
        try (App open = new App(
                http,
                entrances,
                new Target("acme", "ada-1"),
                "ada",
                sessionToken("ada-1"),
                1,
                new Recorder(),
                new Epochs(),
                clock)) {
            open.open();
            until(
                    () -> rows.hasSnapshot("Conversation")
                            && rows.hasSnapshot("Positions")
                            && rows.hasSnapshot("Device"),
                    this::say);
            for (int number = 10_000; number < 10_012; number++) {
                say(number);
            }
        }
        ok(() -> service.post("/v1/devices/ada-1/redeliveries", json("{'fromItemSeq':1,'toItemSeq':3}"), "again"));
        pause();
    }

    private void say(int number) {
        List<String> people = List.of("ada", "bob", "cyd");
        String team = "/v1/conversations/team";
        String sender = people.get(number % 3);
        ObjectNode message = json("{'senderId':'" + sender + "','clientMessageId':'m" + number
                + "','type':'text','content':{'text':'" + CLEAR + "'}}");
        long seq = ok(() -> service.post(team + "/messages", message))
                .path("messageSeq")
                .asLong();
        String reader = people.get((number + 1) % 3);
        ok(() -> service.put(team + "/read-positions/" + reader, json("{'messageSeq':" + seq + "}")));
        String path = team + "/messages/team~" + seq;
        switch (number % 24) {
            case 1, 2 ->
                ok(() -> service.patch(
                        path,
                        json("{'senderId':'" + sender + "','type':'text','content':{'text':'" + CLEAR
                                + " any more'}}")));
            case 3 -> ok(() -> service.delete(path + "?by=" + sender));
            case 4 -> ok(() -> service.put(team + "/members/bob", json("{'push':'mentions','pinned':true}")));
            case 5 -> ok(() -> service.put(team + "/members/dan", json("{'role':'member'}")));
            case 6 -> ok(() -> service.put(team + "/members/dan", json("{'role':'admin'}")));
            case 7 -> ok(() -> service.delete(team + "/members/dan"));
            case 8 -> ok(() -> service.patch(team, json("{'settings':{'editSeconds':" + (600 + number) + "}}")));
            case 9 -> acknowledge("bob-1");
            default -> {}
        }
        LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
    }

    private void ends() {
        ok(() -> service.post(
                "/v1/conversations",
                json("{'type':'group','conversationId':'over','members':[{'userId':'ada'},{'userId':'bob'}]}"),
                "over"));
        ok(() -> service.delete("/v1/conversations/over"));
        ok(() -> service.delete("/v1/users/dan"));
        ok(() -> service.delete("/v1/devices/far-3"));
        LockSupport.parkNanos(Duration.ofSeconds(5).toNanos());
    }

    private void register(String device, String user, String tokens) {
        ok(() -> service.put(
                "/v1/devices/" + device,
                json("{'userId':'" + user
                        + "','platform':'ios','tags':['beta'],'locale':'zh-CN','appVersion':'4.2.0','tokens':" + tokens
                        + "}")));
    }

    private String push(String device) {
        return push(device, "{}");
    }

    private String push(String device, String delivery) {
        ObjectNode notification = message();
        notification.withObject("audience").putArray("devices").add(device);
        notification.set("delivery", json(delivery));
        String key = "push-" + device + "-" + Integer.toHexString(delivery.hashCode());
        return ok(() -> service.post("/v1/notifications", notification, key))
                .path("notificationId")
                .asText();
    }

    private static ObjectNode message() {
        return json(
                "{'message':{'title':'" + CLEAR + "','collapseKey':'c','priority':'high','category':'transactional'}}");
    }

    /** Does it again and again until an entity of the kind has a snapshot. */
    private void untilSnapshot(String kind, IntConsumer step) {
        until(() -> rows.hasSnapshot(kind), step);
    }

    private static void until(BooleanSupplier reached, IntConsumer step) {
        long end = System.nanoTime() + LONG_ENOUGH.toNanos();
        for (int number = 1; !reached.getAsBoolean(); number++) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("no snapshot in " + LONG_ENOUGH);
            }
            step.accept(number);
        }
    }

    private static void pause() {
        LockSupport.parkNanos(Duration.ofMillis(600).toNanos());
    }

    private static JsonNode ok(Supplier<CompletableFuture<Answer>> call) {
        Answer answer = Rig.await(Api.patiently(attempt -> call.get())).orThrow();
        return answer.text().isEmpty() ? JSON.createObjectNode() : answer.json();
    }

    /** JSON with single quotes. */
    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(text, e);
        }
    }
}
