package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.channels.simulator.apns.ApnsReaction;
import io.lanying.channels.simulator.apns.ApnsRule;
import io.lanying.channels.simulator.apns.ApnsSimulator;
import io.lanying.channels.simulator.apns.ReceivedPush;
import io.lanying.channels.simulator.fcm.FcmReaction;
import io.lanying.channels.simulator.fcm.FcmRule;
import io.lanying.channels.simulator.fcm.FcmSimulator;
import io.lanying.channels.simulator.fcm.SimulatedServiceAccount;
import io.lanying.persistence.testing.PostgresServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the HTTP call to the vendor's socket and back into {@code why}, over real HTTP/2 and HTTP. */
class VendorPathIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String IPHONE = "a1".repeat(32);
    private static final String OLD_IPHONE = "0d".repeat(32);

    @TempDir
    Path directory;

    private final ApnsSimulator apns = ApnsSimulator.start(0);
    private final FcmSimulator fcm = FcmSimulator.start(0);
    private final SimulatedServiceAccount account = SimulatedServiceAccount.generate("project-1");
    private Map<String, String> settings = Map.of();

    @BeforeEach
    void point() throws IOException {
        fcm.trust(account);
        settings = Map.of(
                // What a stopped node had under way goes on by a reminder of so long; the shipped minute is longer than
                // tests wait.
                "push.device.vendor-look", "5s",
                "push.channels.apns.endpoint", apns.endpoint(),
                "push.channels.apns.trust",
                        apns.writeTrust(directory.resolve("trust.pem")).toString(),
                "push.channels.fcm.endpoint", fcm.endpoint(),
                "push.channels.fcm.token-endpoint", fcm.tokenEndpoint());
    }

    @AfterEach
    void stop() {
        apns.close();
        fcm.close();
    }

    @Test
    void reachesPhonesThatAreAwayOnH2() {
        reachesPhonesThatAreAway(NodeFixture.onH2(directory).with(settings));
    }

    @Test
    void reachesPhonesThatAreAwayOnPostgres() {
        reachesPhonesThatAreAway(NodeFixture.onPostgres(PostgresServer.shared().newDatabase(), directory)
                .with(settings));
    }

    private void reachesPhonesThatAreAway(NodeFixture fixture) {
        String key;
        String waiting;
        try (Node node = fixture.start()) {
            Http operator = new Http(node.url(), NodeFixture.OPERATOR_KEY);
            key = NodeIT.tenantWithKey(operator, "acme");
            Http tenant = operator.as(key);
            credentials(tenant);
            register(tenant, "iphone", "apns", IPHONE);
            register(tenant, "android", "fcm", "android-token");
            register(tenant, "old", "apns", OLD_IPHONE);

            takenByBoth(tenant);
            silentSession(node, tenant);
            goneToken(tenant);
            outage(tenant);
            credentialIsReplacedWhileSending(tenant);
            apns.pause();
            waiting = NodeIT.push(tenant, "iphone", "over a restart", "k-restart");
            awaitEvent(tenant, waiting, "iphone", "offeredToVendor");
        }
        apns.resume();
        try (Node node = fixture.start()) {
            Http tenant = new Http(node.url(), key);
            NodeIT.awaitFate(tenant, waiting, "iphone", "acceptedByVendor");
            assertThat(copies(waiting)).hasSize(1);
        }
    }

    private void takenByBoth(Http tenant) {
        String toIphone = NodeIT.push(tenant, "iphone", "hello", "k1");
        NodeIT.awaitFate(tenant, toIphone, "iphone", "acceptedByVendor");
        ReceivedPush push = copies(toIphone).get(0);
        assertThat(push.header("apns-topic")).isEqualTo("com.example.app");
        assertThat(push.payload()).contains("\"hello\"");
        assertThat(events(tenant, toIphone, "iphone")).containsExactly("accepted", "offeredToVendor", "vendorAnswered");
        String toAndroid = NodeIT.push(tenant, "android", "hello", "k1");
        NodeIT.awaitFate(tenant, toAndroid, "android", "acceptedByVendor");
        assertThat(fcm.recordedSends()).last().satisfies(sent -> assertThat(sent.body())
                .contains("android-token", toAndroid, "\"hello\""));
    }

    /** Own connection first; its silence sends the item to the vendor, its late word is the last. */
    private void silentSession(Node node, Http tenant) {
        try (Socket socket = Socket.connected(node.url(), NodeIT.sessionToken(tenant, "android"), null, 0)) {
            socket.awaitItems(1);
            socket.ack(1);
            String quick = send(tenant, "android", "quick", "\"ackTimeoutSeconds\":1", "k2");
            socket.awaitItems(2);
            socket.ack(2);
            NodeIT.awaitFate(tenant, quick, "android", "acknowledged");
            String silent = send(tenant, "android", "silent", "\"ackTimeoutSeconds\":1", "k3");
            socket.awaitItems(3);
            NodeIT.awaitFate(tenant, silent, "android", "acceptedByVendor");
            assertThat(sends(quick)).isZero();
            assertThat(sends(silent)).isEqualTo(1);
            socket.ack(3);
            NodeIT.awaitFate(tenant, silent, "android", "acknowledged");
        }
    }

    private void goneToken(Http tenant) {
        apns.rules(ApnsRule.always(ApnsReaction.unregistered(System.currentTimeMillis() + 60_000))
                .to(OLD_IPHONE));
        String gone = NodeIT.push(tenant, "old", "are you there", "k4");
        await().atMost(PATIENCE)
                .until(() -> tenant.get("/v1/devices/old").json().path("tokens").isEmpty());
        assertThat(events(tenant, gone, "old"))
                .containsExactly("accepted", "offeredToVendor", "vendorAnswered", "tokenUnbound");
        apns.rules(ApnsRule.always(ApnsReaction.unregistered(System.currentTimeMillis() - 60_000))
                .to(OLD_IPHONE));
        register(tenant, "old", "apns", OLD_IPHONE);
        String stale = NodeIT.push(tenant, "old", "and now", "k5");
        awaitEvent(tenant, stale, "old", "vendorAnswered");
        assertThat(tenant.get("/v1/devices/old").json().path("tokens"))
                .as("registered again after the moment that the vendor names")
                .hasSize(1);
        apns.rules();
    }

    private void outage(Http tenant) {
        fcm.rule(FcmRule.next(2, FcmReaction.unavailable()));
        String ridden = NodeIT.push(tenant, "android", "through an outage", "k6");
        NodeIT.awaitFate(tenant, ridden, "android", "acceptedByVendor");
        JsonNode answered = entry(tenant, ridden, "android", "vendorAnswered");
        assertThat(answered.path("detail").path("attempts").asInt()).isEqualTo(3);
        fcm.clearRules();
    }

    private void credentialIsReplacedWhileSending(Http tenant) {
        var ids = new ArrayList<String>();
        for (int i = 0; i < 20; i++) {
            ids.add(NodeIT.push(tenant, "iphone", "rolling " + i, "roll-" + i));
            if (i == 10) {
                assertThat(tenant.put("/v1/channels/apns/production", VendorCredentials.apns("KEY0000002"))
                                .json()
                                .path("version")
                                .asLong())
                        .isEqualTo(2);
            }
        }
        for (String id : ids) {
            NodeIT.awaitFate(tenant, id, "iphone", "acceptedByVendor");
            assertThat(copies(id)).hasSize(1);
        }
    }

    private void credentials(Http tenant) {
        assertThat(tenant.put("/v1/channels/apns/production", VendorCredentials.apns("KEY0000001"))
                        .status())
                .isEqualTo(201);
        assertThat(tenant.put("/v1/channels/fcm/production", new String(account.credential(), StandardCharsets.UTF_8))
                        .status())
                .isEqualTo(201);
    }

    private static void register(Http tenant, String device, String channel, String token) {
        Http.Answer answer = tenant.put(
                "/v1/devices/" + device,
                "{\"userId\":\"ada\",\"platform\":\"other\",\"tokens\":[{\"channel\":\"" + channel + "\",\"token\":\""
                        + token + "\"}]}");
        assertThat(answer.status()).as(answer.text()).isIn(200, 201);
    }

    private static String send(Http tenant, String device, String title, String delivery, String key) {
        Http.Answer answer = tenant.post(
                "/v1/notifications",
                "{\"audience\":{\"devices\":[\"" + device + "\"]},\"message\":{\"title\":\"" + title
                        + "\"},\"delivery\":{" + delivery + "}}",
                key);
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        return answer.json().path("notificationId").asText();
    }

    private List<ReceivedPush> copies(String notification) {
        return apns.received().stream()
                .filter(push -> push.isAccepted() && push.payload().contains(notification))
                .toList();
    }

    private long sends(String notification) {
        return fcm.recordedSends().stream()
                .filter(sent -> sent.isAccepted() && sent.body().contains(notification))
                .count();
    }

    private static void awaitEvent(Http tenant, String notification, String device, String event) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(events(tenant, notification, device))
                .contains(event));
    }

    private static List<String> events(Http tenant, String notification, String device) {
        var names = new ArrayList<String>();
        why(tenant, notification, device)
                .path("timeline")
                .forEach(entry -> names.add(entry.path("event").asText()));
        return names;
    }

    private static JsonNode entry(Http tenant, String notification, String device, String event) {
        for (JsonNode entry : why(tenant, notification, device).path("timeline")) {
            if (entry.path("event").asText().equals(event)) {
                return entry;
            }
        }
        throw new AssertionError("no " + event);
    }

    private static JsonNode why(Http tenant, String notification, String device) {
        return tenant.get("/v1/notifications/" + notification + "/devices/" + device + "/why")
                .json();
    }
}
