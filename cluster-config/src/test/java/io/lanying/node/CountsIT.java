package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.channels.simulator.apns.ApnsSimulator;
import io.lanying.channels.simulator.fcm.FcmSimulator;
import io.lanying.channels.simulator.fcm.SimulatedServiceAccount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a notification says of its devices is what their journals say, for every fate that can come about and every channel,
 * although the node was killed while it was asking them.
 */
class CountsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int IDLE = 200;
    private static final int FEW = 15;

    @TempDir
    Path directory;

    private final ApnsSimulator apns = ApnsSimulator.start(0);
    private final FcmSimulator fcm = FcmSimulator.start(0);
    private final SimulatedServiceAccount account = SimulatedServiceAccount.generate("project-1");
    private final int port = NodeFixture.freePort();
    private final String server = "http://127.0.0.1:" + port;
    private final List<String> devices = new ArrayList<>();
    private final Map<String, Socket> sockets = new HashMap<>();
    private Http tenant;

    @AfterEach
    void stop() {
        sockets.values().forEach(Socket::close);
        apns.close();
        fcm.close();
    }

    @Test
    void theCountsOfANotificationAreARecountOfTheJournals() throws Exception {
        fcm.trust(account);
        try (NodeProcess node = node("first").ready()) {
            populate(node.said().get(0).substring("lanying operator key ".length()));
            String half = send("\"everyone\":true", ",\"collapseKey\":\"news\"", "", "half");
            await("half of it")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> targeted(half) > IDLE / 4);
            assertThat(targeted(half)).as("killed in the middle").isLessThan(devices.size());
            node.kill();
        }
        try (NodeProcess node = node("second").ready()) {
            String half = send("\"everyone\":true", ",\"collapseKey\":\"news\"", "", "half");
            connect();
            everyFateOf(half);
            String shortLived = send("\"tags\":{\"any\":[\"few\"]}", "", "\"ttlSeconds\":4", "short");
            assertRecount(shortLived, Map.of("expired", FEW));
            takenBack();
            assertThat(counted(half)).as("nothing later changes it").isEqualTo(recounted(half));
            node.terminate();
            assertThat(node.ended()).isZero();
        }
    }

    private void everyFateOf(String notification) {
        awaitSettled(notification);
        for (String device : List.of("acked-1", "acked-2", "opened-1")) {
            JsonNode item = sockets.get(device).next("item", each -> isOf(each, notification));
            sockets.get(device).ack(item.path("itemSeq").asLong());
        }
        sockets.get("opened-1").send("{\"t\":\"opened\",\"notificationId\":\"" + notification + "\"}");
        register("rebound-1", "\"userId\":\"eve\"");
        assertThat(tenant.delete("/v1/devices/gone-1").status()).isEqualTo(204);
        send("\"devices\":[\"superseded-1\"]", ",\"collapseKey\":\"news\"", "", "newer");
        assertRecount(
                notification,
                Map.of(
                        "acknowledged", 2,
                        "opened", 1,
                        "acceptedByVendor", 3,
                        "refused", 1,
                        "rebound", 1,
                        "deviceGone", 1,
                        "superseded", 1,
                        "pending", IDLE));
        assertThat(counted(notification))
                .containsEntry("socket acknowledged", 2)
                .containsEntry("socket opened", 1)
                .containsEntry("apns acceptedByVendor", 2)
                .containsEntry("fcm acceptedByVendor", 1);
    }

    /** Recalled where an app or a vendor may have it, cancelled elsewhere. */
    private void takenBack() {
        String back = send("\"tags\":{\"any\":[\"idle\",\"live\"]}", "", "", "back");
        awaitSettled(back);
        sockets.values().forEach(socket -> socket.next("item", each -> isOf(each, back)));
        assertThat(tenant.delete("/v1/notifications/" + back).status()).isEqualTo(200);
        await("recalled")
                .atMost(PATIENCE)
                .until(() -> shown(back).path("status").asText().equals("recalled"));
        assertRecount(back, Map.of("recalled", 3, "cancelled", IDLE));
    }

    private void populate(String operatorKey) throws IOException {
        Http operator = new Http(server, operatorKey);
        tenant = operator.as(NodeIT.tenantWithKey(operator, "acme"));
        tenant.put("/v1/channels/apns/production", VendorCredentials.apns("KEY0000001"));
        tenant.put("/v1/channels/fcm/production", new String(account.credential(), StandardCharsets.UTF_8));
        IntStream.range(0, IDLE)
                .forEach(i -> register("idle-" + i, "\"tags\":[\"idle\"" + (i < FEW ? ",\"few\"" : "") + "]"));
        for (String live : List.of("acked-1", "acked-2", "opened-1")) {
            register(live, "\"tags\":[\"live\"]");
        }
        register("iphone-1", token("apns", "a".repeat(64)));
        register("iphone-2", token("apns", "b".repeat(64)));
        register("android-1", token("fcm", "android-token"));
        register("rebound-1", "\"userId\":\"ada\"");
        register("gone-1", "");
        register("superseded-1", "");
        register("full-1", "");
        for (int i = 0; i < 2; i++) {
            send("\"devices\":[\"full-1\"]", ",\"priority\":\"high\"", "", "full" + i);
        }
    }

    private static String token(String channel, String token) {
        return "\"tokens\":[{\"channel\":\"" + channel + "\",\"token\":\"" + token + "\"}]";
    }

    private void connect() {
        for (String live : List.of("acked-1", "acked-2", "opened-1")) {
            sockets.put(
                    live,
                    Socket.connected(server, NodeIT.sessionToken(tenant, live), null, 0)
                            .pinging());
        }
    }

    private NodeProcess node(String name) throws IOException {
        Map<String, String> settings = new TreeMap<>(Map.of(
                "push.notification.page-size", "5",
                "push.notification.outstanding", "1",
                "push.notification.running", "1",
                "push.notification.look-again", "1s",
                "push.device.max-open-items", "2",
                "push.device.window", "2",
                "push.channels.apns.endpoint", apns.endpoint(),
                "push.channels.apns.trust",
                        apns.writeTrust(directory.resolve("trust.pem")).toString(),
                "push.channels.fcm.endpoint", fcm.endpoint(),
                "push.channels.fcm.token-endpoint", fcm.tokenEndpoint()));
        return NodeProcess.start(directory, name, Map.of("LANYING_HTTP_PORT", Integer.toString(port)), settings);
    }

    private void register(String device, String more) {
        var answer = tenant.put(
                "/v1/devices/" + device, "{\"platform\":\"other\"" + (more.isEmpty() ? "" : ",") + more + "}");
        assertThat(answer.status()).as(answer.text()).isIn(200, 201);
        if (answer.status() == 201) {
            devices.add(device);
        }
    }

    private String send(String audience, String message, String delivery, String key) {
        var answer = tenant.post(
                "/v1/notifications",
                "{\"audience\":{" + audience + "},\"message\":{\"title\":\"hello\"" + message + "},\"delivery\":{"
                        + delivery + "}}",
                key);
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        return answer.json().path("notificationId").asText();
    }

    private static boolean isOf(JsonNode item, String notification) {
        return item.path("notificationId").asText().equals(notification);
    }

    private JsonNode shown(String notification) {
        return tenant.get("/v1/notifications/" + notification).json();
    }

    private int targeted(String notification) {
        return shown(notification).path("counts").path("targeted").asInt();
    }

    private void awaitSettled(String notification) {
        await("sent").atMost(PATIENCE).until(() -> !List.of("scheduled", "sending")
                .contains(shown(notification).path("status").asText()));
    }

    /** The counts are these, and a recount gives the same, by fate and by channel. */
    private void assertRecount(String notification, Map<String, Integer> fates) {
        await("counts").atMost(PATIENCE).untilAsserted(() -> {
            assertThat(counted(notification)).containsAllEntriesOf(fates);
            assertThat(recounted(notification)).isEqualTo(counted(notification));
        });
        int all = fates.values().stream().mapToInt(Integer::intValue).sum();
        assertThat(targeted(notification)).isEqualTo(all);
        assertThat(shown(notification).path("counts").path("unknown").asInt()).isZero();
    }

    private Map<String, Integer> counted(String notification) {
        var counts = new TreeMap<String, Integer>();
        JsonNode shown = shown(notification);
        shown.path("counts").fields().forEachRemaining(each -> add(counts, each.getKey(), each.getValue()));
        List.of("targeted", "unknown", "notTargeted").forEach(counts::remove);
        shown.path("byChannel").fields().forEachRemaining(channel -> channel.getValue()
                .fields()
                .forEachRemaining(each -> add(counts, channel.getKey() + " " + each.getKey(), each.getValue())));
        return counts;
    }

    private static void add(Map<String, Integer> counts, String name, JsonNode value) {
        if (value.asInt() > 0) {
            counts.put(name, value.asInt());
        }
    }

    /** From every device's journal, which is what {@code why} reads. */
    private Map<String, Integer> recounted(String notification) {
        var counts = new TreeMap<String, Integer>();
        for (String device : devices) {
            JsonNode why = tenant.get("/v1/notifications/" + notification + "/devices/" + device + "/why")
                    .json();
            String fate = why.path("fate").asText();
            if (!fate.equals("notTargeted")) {
                counts.merge(fate, 1, Integer::sum);
                String channel = channelOf(fate, why);
                if (!channel.isEmpty()) {
                    counts.merge(channel + " " + fate, 1, Integer::sum);
                }
            }
        }
        return counts;
    }

    private static String channelOf(String fate, JsonNode why) {
        return switch (fate) {
            case "acknowledged", "opened" -> "socket";
            case "acceptedByVendor" -> {
                String channel = "";
                for (JsonNode entry : why.path("timeline")) {
                    if (entry.path("detail").path("end").asText().equals("accepted")) {
                        channel = entry.path("detail").path("channel").asText();
                    }
                }
                yield channel;
            }
            default -> "";
        };
    }
}
