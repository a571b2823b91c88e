package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.channels.simulator.apns.ApnsSimulator;
import io.lanying.channels.simulator.apns.ReceivedPush;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.conversation.ConversationCommand.Create;
import io.lanying.protocol.conversation.ConversationKey;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationReply.Created;
import io.lanying.protocol.conversation.ConversationSettings;
import io.lanying.protocol.conversation.ConversationType;
import io.lanying.protocol.conversation.MemberRole;
import io.lanying.protocol.conversation.NewMember;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two people with two devices each, one of them away: a message from one socket to all of them, over a restart as well. */
class MessagesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String AWAY = "a1".repeat(32);

    @TempDir
    Path directory;

    private final ApnsSimulator apns = ApnsSimulator.start(0);
    private Map<String, String> settings = Map.of();

    @BeforeEach
    void point() throws IOException {
        settings = Map.of(
                "push.channels.apns.endpoint",
                apns.endpoint(),
                "push.channels.apns.trust",
                apns.writeTrust(directory.resolve("trust.pem")).toString(),
                "push.conversation.receipt-pause",
                "10s",
                "push.conversation.look-again",
                "5s");
    }

    @AfterEach
    void stop() {
        apns.close();
    }

    @Test
    void aMessageReachesEveryDeviceOfBoth() {
        var fixture = NodeFixture.onH2(directory).with(settings);
        String key;
        try (Node node = fixture.start()) {
            key = NodeIT.tenantWithKey(new Http(node.url(), NodeFixture.OPERATOR_KEY), "acme");
            Http tenant = new Http(node.url(), key);
            assertThat(tenant.put("/v1/channels/apns/production", VendorCredentials.apns("KEY0000001"))
                            .status())
                    .isEqualTo(201);
            register(tenant, "ada-phone", "ada", "");
            register(tenant, "ada-pad", "ada", "");
            register(tenant, "bob-pad", "bob", "");
            register(tenant, "bob-phone", "bob", "{\"channel\":\"apns\",\"token\":\"" + AWAY + "\"}");
            create(node);
            talk(node, tenant);
        }
        try (Node node = fixture.start()) {
            afterARestart(node, new Http(node.url(), key));
        }
    }

    private void talk(Node node, Http tenant) {
        try (Socket phone = connected(node, tenant, "ada-phone");
                Socket pad = connected(node, tenant, "ada-pad");
                Socket bobs = connected(node, tenant, "bob-pad")) {
            String send =
                    "{\"t\":\"send\",\"ref\":1,\"conversationId\":\"c1\",\"clientMessageId\":\"m-1\",\"type\":\"text\","
                            + "\"content\":{\"text\":\"你好 Bob\"}}";
            phone.send(send);
            JsonNode reply = phone.next("reply");
            assertThat(reply.toString())
                    .isEqualTo("{\"t\":\"reply\",\"ref\":1,\"ok\":true,\"messageId\":\"c1~1\",\"messageSeq\":1}");
            for (Socket each : List.of(phone, pad, bobs)) {
                JsonNode item = each.next("item");
                assertThat(item.path("id").asText()).isEqualTo("c1~1");
                assertThat(item.path("kind").asText()).isEqualTo("message");
                assertThat(item.path("itemSeq").asLong()).isEqualTo(1);
                assertThat(item.at("/body/senderId").asText()).isEqualTo("ada");
                assertThat(item.at("/body/content/text").asText()).isEqualTo("你好 Bob");
                each.ack(1);
            }
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(pushes("c1~1")).hasSize(1));
            ReceivedPush push = pushes("c1~1").get(0);
            assertThat(push.payload()).contains("你好 Bob", "\"conversationId\":\"c1\"", "\"messageId\":\"c1~1\"");
            assertThat(push.header("apns-collapse-id")).isEqualTo("c1");
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(why(tenant, "c1~1", "bob-phone"))
                    .isEqualTo("acceptedByVendor"));
            assertThat(why(tenant, "c1~9", "bob-phone")).isEqualTo("notTargeted");

            phone.send(send.replace("\"ref\":1", "\"ref\":2"));
            assertThat(phone.next("reply", frame -> frame.path("ref").asInt() == 2)
                            .path("messageId")
                            .asText())
                    .as("the same message")
                    .isEqualTo("c1~1");

            Http away = tenant.as(NodeIT.sessionToken(tenant, "bob-phone"));
            JsonNode inbox = away.get("/v1/device/inbox").json();
            assertThat(inbox.at("/items/0/body/content/text").asText()).isEqualTo("你好 Bob");
            Http.Answer answered = away.post(
                    "/v1/device/messages",
                    "{\"conversationId\":\"c1\",\"clientMessageId\":\"m-2\",\"type\":\"text\",\"content\":{\"text\":\"hi Ada\"}}");
            assertThat(answered.status()).as(answered.text()).isEqualTo(201);
            for (Socket each : List.of(phone, pad, bobs)) {
                JsonNode item =
                        each.next("item", frame -> frame.path("id").asText().equals("c1~2"));
                assertThat(item.at("/body/senderId").asText()).isEqualTo("bob");
                each.ack(item.path("itemSeq").asLong());
            }
            assertThat(pushes("c1~2")).as("nobody is alerted of their own").isEmpty();
            read(tenant, away, phone, pad);
            receipts(phone, pad, bobs);
            phone.send(send.replace("m-1", "m-3").replace("\"ref\":1", "\"ref\":3"));
            assertThat(phone.next("reply", frame -> frame.path("ref").asInt() == 3)
                            .path("messageSeq")
                            .asInt())
                    .isEqualTo(3);
            away.post("/v1/device/read-positions", "{\"conversationId\":\"c1\",\"messageSeq\":3}");
        }
    }

    /** Each hears of its own messages, on all devices, once both have been read; in a group after a while. */
    private static void receipts(Socket phone, Socket pad, Socket bobs) {
        for (Socket each : List.of(phone, pad)) {
            JsonNode body = each.next("item", receiptOf(1)).path("body");
            assertThat(body.toString())
                    .isEqualTo("{\"conversationId\":\"c1\",\"messageSeq\":1,\"messageId\":\"c1~1\",\"deliveredSeq\":1,"
                            + "\"readSeq\":1,\"members\":1,\"delivered\":1,\"read\":1}");
            assertThat(each.received("item")).noneMatch(receiptOf(2));
        }
        bobs.next("item", receiptOf(2));
        assertThat(bobs.received("item")).noneMatch(receiptOf(1));
    }

    /** Of that message, and that it was read. */
    private static Predicate<JsonNode> receiptOf(long messageSeq) {
        return frame -> frame.path("kind").asText().equals("receipt")
                && frame.at("/body/messageSeq").asLong() == messageSeq
                && frame.at("/body/read").asInt() == 1;
    }

    @Test
    void betweenTwoTheReceiptComesAtOnceAndCostsLittle() {
        try (Node node = NodeFixture.onH2(directory).with(settings).start()) {
            Http tenant =
                    new Http(node.url(), NodeIT.tenantWithKey(new Http(node.url(), NodeFixture.OPERATOR_KEY), "acme"));
            register(tenant, "ada-phone", "ada", "");
            register(tenant, "bob-phone", "bob", "{\"channel\":\"apns\",\"token\":\"" + AWAY + "\"}");
            String id = tenant.post(
                            "/v1/conversations",
                            "{\"type\":\"direct\",\"members\":[{\"userId\":\"ada\"},{\"userId\":\"bob\"}]}",
                            "two")
                    .json()
                    .path("conversationId")
                    .asText();
            try (Socket ada = connected(node, tenant, "ada-phone");
                    Socket bob = connected(node, tenant, "bob-phone")) {
                ada.send("{\"t\":\"send\",\"ref\":1,\"conversationId\":\"" + id
                        + "\",\"clientMessageId\":\"m-1\",\"type\":\"text\",\"content\":{\"text\":\"hi\"}}");
                bob.next("item");
                bob.ack(1);
                JsonNode delivered = ada.next("item", receipt("/body/delivered"));
                assertThat(delivered.at("/body/read").asInt()).isZero();
                bob.send("{\"t\":\"read\",\"conversationId\":\"" + id + "\",\"messageSeq\":1}");
                JsonNode read = ada.next("item", receipt("/body/read"));
                assertThat(read.at("/body/readSeq").asInt()).isEqualTo(1);
                assertThat(read.path("id")).isNotEqualTo(delivered.path("id"));
                assertCost(tenant, id);
                String path = "/conversations/" + id + "/messages/" + id + "~1/receipts";
                assertThat(tenant.get("/v1" + path).json().at("/items/0/userId").asText())
                        .isEqualTo("bob");
                Http adas = tenant.as(NodeIT.sessionToken(tenant, "ada-phone"));
                assertThat(adas.get("/v1/device" + path).json().path("read").asInt())
                        .isEqualTo(1);
                Http bobs = tenant.as(NodeIT.sessionToken(tenant, "bob-phone"));
                assertThat(bobs.get("/v1/device" + path).code()).isEqualTo("notPermitted");
            }
        }
    }

    /** Of two receipts: one event more in the companion, as nobody was told of deliveries before, and one each on the device. */
    private static void assertCost(Http tenant, String id) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(types(tenant, "positions/" + id + "~0"))
                .containsExactly("positionsMoved", "readsTold", "positionsMoved", "readsTold"));
        assertThat(types(tenant, "devices/ada-phone"))
                .filteredOn("conversationNoted"::equals)
                .hasSize(3);
        assertThat(types(tenant, "conversations/" + id))
                .doesNotContain("positionsMoved")
                .hasSizeLessThanOrEqualTo(3);
        assertThat(tenant.get("/v1/journal/devices/bob-phone/events").text()).doesNotContain("receipt");
    }

    private static List<String> types(Http tenant, String journal) {
        return tenant.get("/v1/journal/" + journal + "/events")
                .json()
                .path("items")
                .findValuesAsText("type");
    }

    private static Predicate<JsonNode> receipt(String counts) {
        return frame -> frame.path("kind").asText().equals("receipt")
                && frame.at(counts).asInt() == 1;
    }

    private static void read(Http tenant, Http away, Socket phone, Socket pad) {
        assertThat(unread(tenant, "ada")).as("ada wrote first and was answered").isEqualTo(1);
        pad.send("{\"t\":\"read\",\"conversationId\":\"c1\",\"messageSeq\":2}");
        JsonNode item = phone.next("item", frame -> frame.path("kind").asText().equals("read"));
        assertThat(item.at("/body/messageId").asText()).isEqualTo("c1~2");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(unread(tenant, "ada")).isZero());
        for (String device : List.of("ada-phone", "ada-pad")) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(tenant.get("/v1/journal/devices/" + device + "/state")
                                    .json()
                                    .findValuesAsText("unread"))
                            .as("what the icon of " + device + " counts")
                            .containsExactly("0"));
        }
        assertThat(unread(tenant, "bob")).as("who writes has read").isZero();
        Http.Answer again = away.post("/v1/device/read-positions", "{\"conversationId\":\"c1\",\"messageSeq\":99}");
        assertThat(again.json().path("messageSeq").asInt()).as(again.text()).isEqualTo(2);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                        tenant.get("/v1/journal/positions/c1~0/state").text())
                .contains("\"deliveredSeq\":2"));
    }

    private static long unread(Http tenant, String user) {
        JsonNode items =
                tenant.get("/v1/users/" + user + "/conversations").json().path("items");
        assertThat(items).hasSize(1);
        return items.path(0).path("unread").asLong();
    }

    private void afterARestart(Node node, Http tenant) {
        Http away = tenant.as(NodeIT.sessionToken(tenant, "bob-phone"));
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode inbox = away.get("/v1/device/inbox").json();
            assertThat(inbox.findValuesAsText("text")).containsExactly("你好 Bob", "hi Ada", "你好 Bob");
        });
        try (Socket pad = connected(node, tenant, "ada-pad")) {
            pad.next("item", receiptOf(3));
            assertThat(pad.received("item"))
                    .as("only what was not acknowledged comes again")
                    .noneMatch(item -> item.path("id").asText().matches("c1~[12]")
                            && item.path("kind").asText().equals("message"));
        }
        JsonNode why = tenant.get("/v1/journal/devices/bob-phone/events").json();
        assertThat(why.toString()).contains("conversationNoted").doesNotContain("你好");
    }

    private static void create(Node node) {
        Created created = (Created) ClusterSharding.get(node.system())
                .entityRefFor(ConversationKey.KEY, new EntityId("acme", "c1").toString())
                .<ConversationReply>ask(
                        replyTo -> new Create(
                                ConversationType.GROUP,
                                Optional.empty(),
                                ConversationSettings.DEFAULT,
                                List.of(
                                        new NewMember("ada", MemberRole.OWNER),
                                        new NewMember("bob", MemberRole.MEMBER)),
                                "k1",
                                "f1",
                                replyTo),
                        Duration.ofSeconds(10))
                .toCompletableFuture()
                .join();
        assertThat(created.created()).isTrue();
    }

    private static String why(Http tenant, String messageId, String device) {
        return tenant.get("/v1/notifications/" + messageId + "/devices/" + device + "/why")
                .json()
                .path("fate")
                .asText();
    }

    private static Socket connected(Node node, Http tenant, String device) {
        return Socket.connected(node.url(), NodeIT.sessionToken(tenant, device), null, 0);
    }

    private static void register(Http tenant, String device, String user, String token) {
        Http.Answer answer = tenant.put(
                "/v1/devices/" + device,
                "{\"userId\":\"" + user + "\",\"platform\":\"other\",\"tokens\":[" + token + "]}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    }

    private List<ReceivedPush> pushes(String messageId) {
        return apns.received().stream()
                .filter(push -> push.isAccepted() && push.payload().contains("\"" + messageId + "\""))
                .toList();
    }
}
