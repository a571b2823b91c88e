package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tenant's message hook, and who watches a conversation, on a whole node with two people connected. */
class MessageHookIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private final List<String> questions = new CopyOnWriteArrayList<>();
    private Http tenant;

    @Test
    void whatTheHookSaysIsWhatIsPosted() throws Exception {
        HttpsServer hook = HttpsOnLoopback.start(directory.resolve("hook.pem"), this::judge);
        try (Node node = NodeFixture.onH2(directory)
                .with("push.http.outbound.allowed-networks", "127.0.0.0/8, ::1")
                .with("push.http.outbound.trust", directory.resolve("hook.pem").toString())
                .start()) {
            tenant = new Http(node.url(), "")
                    .as(NodeIT.tenantWithKey(new Http(node.url(), NodeFixture.OPERATOR_KEY), "acme"));
            tenant.post(
                    "/v1/conversations",
                    "{\"conversationId\":\"team\",\"type\":\"group\",\"members\":[{\"userId\":\"ada\"},{\"userId\":\"bob\"}]}",
                    "team");
            Http.Answer put = tenant.put(
                    "/v1/message-hook",
                    "{\"url\":\"https://localhost:" + hook.getAddress().getPort() + "/\",\"onSilence\":\"refuse\"}");
            assertThat(put.status()).as(put.text()).isEqualTo(201);
            try (Socket ada = person(node, "ada");
                    Socket bob = person(node, "bob")) {
                messages(ada, bob);
                watching(ada, bob);
            }
        } finally {
            hook.stop(0);
        }
    }

    private Socket person(Node node, String userId) {
        tenant.put("/v1/devices/d-" + userId, "{\"userId\":\"" + userId + "\",\"platform\":\"other\"}");
        return Socket.connected(node.url(), NodeIT.sessionToken(tenant, "d-" + userId), null, 0);
    }

    private void messages(Socket ada, Socket bob) {
        ada.send(frame(1, "fine"));
        ada.send(frame(2, "mask"));
        ada.send(frame(3, "bad"));
        assertThat(reply(ada, 1).path("messageSeq").asLong()).isEqualTo(1);
        assertThat(reply(ada, 2).path("messageSeq").asLong()).isEqualTo(2);
        assertThat(reply(ada, 3).path("code").asText()).isEqualTo("messageRefused");
        bob.awaitItems(2);
        assertThat(bob.received("item").stream()
                        .map(item -> item.at("/body/content/text").asText()))
                .containsExactly("fine", "****");
        assertThat(post("mask").status()).as("a repeat, the other way").isEqualTo(200);
        assertThat(questions).containsExactlyInAnyOrder("fine", "mask", "bad");
        assertThat(post("silence").code()).isEqualTo("unavailable");
        assertThat(tenant.get("/v1/conversations/team/messages").json().path("items"))
                .hasSize(2);
    }

    private Http.Answer post(String text) {
        return tenant.post(
                "/v1/conversations/team/messages",
                "{\"senderId\":\"ada\",\"clientMessageId\":\"" + text + "\",\"type\":\"text\",\"content\":{\"text\":\""
                        + text + "\"}}");
    }

    private static com.fasterxml.jackson.databind.JsonNode reply(Socket socket, int ref) {
        return socket.next("reply", reply -> reply.path("ref").asInt() == ref);
    }

    private static String frame(int ref, String text) {
        return "{\"t\":\"send\",\"ref\":" + ref + ",\"conversationId\":\"team\",\"clientMessageId\":\"" + text
                + "\",\"type\":\"text\",\"content\":{\"text\":\"" + text + "\"}}";
    }

    private static void watching(Socket ada, Socket bob) {
        ada.send("{\"t\":\"watch\",\"conversationIds\":[\"team\",\"nowhere\"]}");
        ada.next("event");
        bob.send("{\"t\":\"watch\",\"conversationIds\":[\"team\"]}");
        ada.next("event", event -> event.path("userIds").toString().equals("[\"ada\",\"bob\"]"));
        bob.next("event");
        ada.send("{\"t\":\"typing\",\"conversationId\":\"team\"}");
        var typing = bob.next("event", event -> event.path("kind").asText().equals("typing"));
        assertThat(typing.path("userIds").toString()).isEqualTo("[\"ada\"]");
        bob.close();
        await().untilAsserted(() -> {
            var events = ada.received("event");
            assertThat(events.get(events.size() - 1).path("userIds").toString()).isEqualTo("[\"ada\"]");
        });
        assertThat(ada.received("event"))
                .allMatch(event -> event.path("conversationId").asText().equals("team"));
    }

    private void judge(HttpExchange exchange) throws IOException {
        String text = JSON.readTree(exchange.getRequestBody())
                .at("/data/content/text")
                .asText();
        questions.add(text);
        String answer =
                switch (text) {
                    case "fine" -> "{\"verdict\":\"allow\"}";
                    case "mask" -> "{\"verdict\":\"replace\",\"content\":{\"text\":\"****\"}}";
                    case "bad" -> "{\"verdict\":\"refuse\",\"reason\":\"no\"}";
                    default -> "";
                };
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.isEmpty() ? 500 : 200, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
