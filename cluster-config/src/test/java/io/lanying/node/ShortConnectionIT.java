package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device that comes by ordinary requests, on a whole node: the stream of the socket, its numbers, its position. */
class ShortConnectionIT {

    private static final String INBOX = "/v1/device/inbox";

    @TempDir
    Path directory;

    private Http tenant;

    @Test
    void pollsAcknowledgesAndFindsItsPlaceAfterARestart() {
        NodeFixture fixture = NodeFixture.onH2(directory);
        String key;
        String token;
        String streamId;
        try (Node node = fixture.start()) {
            key = withDevice(node);
            token = NodeIT.sessionToken(tenant, "phone");
            Http app = tenant.as(token);
            for (int i = 1; i <= 3; i++) {
                NodeIT.push(tenant, "phone", "title " + i, "k" + i);
            }
            JsonNode first = inbox(app, "");
            streamId = first.path("streamId").asText();
            assertThat(seqs(first)).containsExactly(1L, 2L, 3L);
            assertThat(first.at("/items/0/body/title").asText()).isEqualTo("title 1");
            assertThat(seqs(inbox(app, ""))).as("reading moves nothing").containsExactly(1L, 2L, 3L);
            assertThat(ack(app, streamId, 4).code()).isEqualTo("ackAboveSent");
            assertThat(ack(app, streamId, 2).json().path("ackedSeq").asLong()).isEqualTo(2);
            assertThat(seqs(inbox(app, ""))).containsExactly(3L);
        }
        try (Node node = fixture.start()) {
            tenant = new Http(node.url(), key);
            Http app = tenant.as(token);
            JsonNode after = inbox(app, "");
            assertThat(after.path("streamId").asText()).isEqualTo(streamId);
            assertThat(after.path("ackedSeq").asLong()).isEqualTo(2);
            assertThat(seqs(after)).containsExactly(3L);
            JsonNode again = inbox(app, "?after=0");
            assertThat(seqs(again)).containsExactly(1L, 2L, 3L);
            assertThat(again.at("/items/1/repeat").asBoolean()).isTrue();
            assertThat(again.at("/items/1/body/title").asText()).isEqualTo("title 2");
            assertThat(again.at("/items/2").has("repeat")).isFalse();
            assertThat(ack(app, streamId, 3).status()).isEqualTo(200);
        }
    }

    @Test
    void whatIsAcceptedWhileAPollWaitsAnswersIt() {
        try (Node node = NodeFixture.onH2(directory).start()) {
            withDevice(node);
            Http app = tenant.as(NodeIT.sessionToken(tenant, "phone"));
            for (int i = 1; i <= 5; i++) {
                int after = i - 1;
                CompletableFuture<JsonNode> waiting =
                        CompletableFuture.supplyAsync(() -> inbox(app, "?waitSeconds=30&after=" + after));
                awaitOnline(true);
                long before = System.nanoTime();
                NodeIT.push(tenant, "phone", "title " + i, "k" + i);
                JsonNode answer = waiting.join();
                assertThat(seqs(answer)).containsExactly((long) i);
                assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
            }
            assertThat(attachments())
                    .as("one session for one poll after the other")
                    .isEqualTo(1);
            assertThat(inbox(app, "?waitSeconds=1&after=5").path("items")).isEmpty();
            awaitOnline(false);
        }
    }

    @Test
    void readingDisturbsNoSocketAndAcksCountOnBoth() {
        try (Node node = NodeFixture.onH2(directory).start()) {
            withDevice(node);
            String token = NodeIT.sessionToken(tenant, "phone");
            Http app = tenant.as(token);
            try (Socket socket = Socket.connected(node.url(), token, null, 0)) {
                NodeIT.push(tenant, "phone", "one", "k1");
                NodeIT.push(tenant, "phone", "two", "k2");
                socket.awaitItems(2);
                JsonNode read = inbox(app, "");
                assertThat(seqs(read)).containsExactly(1L, 2L);
                assertThat(ack(app, read.path("streamId").asText(), 1).status()).isEqualTo(200);
                NodeIT.push(tenant, "phone", "three", "k3");
                socket.awaitItems(3);
                assertThat(socket.itemSeqs()).containsExactly(1L, 2L, 3L);
                socket.ack(3);
                await().until(() -> inbox(app, "").path("ackedSeq").asLong() == 3);
                assertThat(socket.closed()).isFalse();

                assertThat(inbox(app, "?waitSeconds=1&after=3").path("items")).isEmpty();
                assertThat(socket.awaitClose()).as("what waits is a session").isEqualTo(4500);
            }
        }
    }

    @Test
    void eventsResumeWithoutLossAndWithoutWhatWasAcknowledged() {
        NodeFixture fixture = NodeFixture.onH2(directory);
        String key;
        String token;
        String lastId;
        try (Node node = fixture.start()) {
            key = withDevice(node);
            token = NodeIT.sessionToken(tenant, "phone");
            Http app = tenant.as(token);
            try (EventSource events = EventSource.open(node.url(), token, "")) {
                String streamId = events.next("welcome").data().path("streamId").asText();
                for (int i = 1; i <= 4; i++) {
                    NodeIT.push(tenant, "phone", "title " + i, "k" + i);
                }
                events.awaitItems(4);
                assertThat(events.itemSeqs()).containsExactly(1L, 2L, 3L, 4L);
                EventSource.Event third = events.received("item").get(2);
                lastId = third.id();
                assertThat(lastId).isEqualTo(streamId + ":3");
                assertThat(third.data().at("/body/title").asText()).isEqualTo("title 3");
                assertThat(ack(app, streamId, 2).status()).isEqualTo(200);
            }
        }
        try (Node node = fixture.start()) {
            tenant = new Http(node.url(), key);
            NodeIT.push(tenant, "phone", "title 5", "k5");
            try (EventSource again = EventSource.open(node.url(), token, lastId)) {
                again.awaitItems(5);
                assertThat(again.itemSeqs()).as("from what was seen on").containsExactly(4L, 5L);
                try (EventSource fresh = EventSource.open(node.url(), token, "")) {
                    fresh.awaitItems(5);
                    assertThat(fresh.itemSeqs())
                            .as("all that is not acknowledged")
                            .containsExactly(3L, 4L, 5L);
                    assertThat(again.next("bye").data().path("code").asInt()).isEqualTo(4500);
                    again.awaitEnd();
                    NodeIT.push(tenant, "phone", "title 6", "k6");
                    fresh.awaitItems(6);
                }
            }
        }
    }

    @Test
    void anAppBindsItsVendorTokensAndSaysWhatWasOpened() {
        try (Node node = NodeFixture.onH2(directory).start()) {
            withDevice(node);
            Http app = tenant.as(NodeIT.sessionToken(tenant, "phone"));
            String notification = NodeIT.push(tenant, "phone", "one", "k1");
            JsonNode bound = app.put(
                            "/v1/device/tokens",
                            "{\"tokens\":[{\"channel\":\"fcm\",\"token\":\"canary-token\"},"
                                    + "{\"channel\":\"apns\",\"token\":\"canary-token\",\"environment\":\"sandbox\"}]}")
                    .json();
            assertThat(bound.path("tokens")).hasSize(2);
            JsonNode device = tenant.get("/v1/devices/phone").json();
            assertThat(device.path("tokens")).isEqualTo(bound.path("tokens"));
            assertThat(device.path("platform").asText()).isEqualTo("other");
            assertThat(device.path("userId").asText()).isEqualTo("ada");
            assertThat(app.put("/v1/device/tokens", "{\"tokens\":[]}").json().path("tokens"))
                    .isEmpty();

            assertThat(app.post("/v1/device/opened", "{\"notificationId\":\"" + notification + "\"}")
                            .status())
                    .isEqualTo(204);
            NodeIT.awaitFate(tenant, notification, "phone", "opened");
        }
    }

    @Test
    void theTokenOfAnEarlierOwnerOpensNothing() {
        try (Node node = NodeFixture.onH2(directory).start()) {
            withDevice(node);
            Http app = tenant.as(NodeIT.sessionToken(tenant, "phone"));
            NodeIT.push(tenant, "phone", "for ada", "k1");
            String streamId = inbox(app, "").path("streamId").asText();
            CompletableFuture<Http.Answer> waiting =
                    CompletableFuture.supplyAsync(() -> app.get(INBOX + "?after=1&waitSeconds=30"));
            awaitOnline(true);
            assertThat(tenant.put("/v1/devices/phone", "{\"userId\":\"eve\",\"platform\":\"other\"}")
                            .status())
                    .isEqualTo(200);
            assertThat(waiting.join().status()).isEqualTo(401);
            assertThat(app.get(INBOX).status()).isEqualTo(401);
            assertThat(app.get(INBOX + "?waitSeconds=5").status()).isEqualTo(401);
            assertThat(ack(app, streamId, 1).status()).isEqualTo(401);

            Http next = tenant.as(NodeIT.sessionToken(tenant, "phone"));
            assertThat(inbox(next, "?after=0").path("items")).isEmpty();
            assertThat(inbox(next, "").path("streamId").asText()).isNotEqualTo(streamId);
            assertThat(ack(next, streamId, 1).code()).isEqualTo("streamChanged");
        }
    }

    private String withDevice(Node node) {
        String key = NodeIT.tenantWithKey(new Http(node.url(), NodeFixture.OPERATOR_KEY), "acme");
        tenant = new Http(node.url(), key);
        assertThat(tenant.put("/v1/devices/phone", "{\"userId\":\"ada\",\"platform\":\"other\"}")
                        .status())
                .isEqualTo(201);
        return key;
    }

    private void awaitOnline(boolean online) {
        await("online " + online)
                .atMost(Duration.ofSeconds(30))
                .until(() ->
                        tenant.get("/v1/devices/phone").json().path("online").asBoolean() == online);
    }

    private long attachments() {
        long count = 0;
        for (JsonNode event :
                tenant.get("/v1/journal/devices/phone/events?limit=200").json().path("items")) {
            count += event.path("type").asText().equals("sessionAttached") ? 1 : 0;
        }
        return count;
    }

    private static JsonNode inbox(Http app, String query) {
        Http.Answer answer = app.get(INBOX + query);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    private static Http.Answer ack(Http app, String streamId, long itemSeq) {
        return app.post("/v1/device/acks", "{\"streamId\":\"" + streamId + "\",\"itemSeq\":" + itemSeq + "}");
    }

    private static List<Long> seqs(JsonNode inbox) {
        List<Long> seqs = new ArrayList<>();
        inbox.path("items").forEach(item -> seqs.add(item.path("itemSeq").asLong()));
        return seqs;
    }
}
