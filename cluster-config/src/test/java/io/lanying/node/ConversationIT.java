package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.persistence.testing.PostgresServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A conversation on a whole node, before and after a restart: its messages, its members, and what audit knows of both. */
class ConversationIT {

    private static final String TEAM = "/v1/conversations/team";

    @TempDir
    Path directory;

    private Http tenant;

    @Test
    void onH2() {
        story(NodeFixture.onH2(directory));
    }

    @Test
    void onPostgres() throws Exception {
        try (PostgresServer server = PostgresServer.start()) {
            story(NodeFixture.onPostgres(server.newDatabase(), directory));
        }
    }

    private void story(NodeFixture fixture) {
        String key;
        String direct;
        try (Node node = fixture.start()) {
            Http operator = new Http(node.url(), NodeFixture.OPERATOR_KEY);
            key = NodeIT.tenantWithKey(operator, "acme");
            tenant = operator.as(key);
            create();
            direct = direct("ada", "bob");
            for (int i = 1; i <= 205; i++) {
                assertThat(post("ada", "c" + i, "message " + i).status()).isEqualTo(201);
            }
            assertThat(edit("ada", 3, "message three").json().path("version").asInt())
                    .isEqualTo(2);
            assertThat(tenant.delete(TEAM + "/messages/team~4?by=bob").status())
                    .as("an admin")
                    .isEqualTo(204);
            assertThat(tenant.delete(TEAM + "/members/cyd?by=cyd").status()).isEqualTo(204);
            assertThat(rival(operator).get(TEAM).status()).isEqualTo(404);
        }
        try (Node node = fixture.start()) {
            tenant = new Http(node.url(), key);
            afterARestart(direct);
            audit();
        }
    }

    private void create() {
        Http.Answer answer = tenant.post(
                "/v1/conversations",
                "{\"conversationId\":\"team\",\"type\":\"group\",\"name\":\"Team\",\"members\":[{\"userId\":\"ada\"},"
                        + "{\"userId\":\"bob\",\"role\":\"admin\"},{\"userId\":\"cyd\"}]}",
                "team");
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    }

    private String direct(String one, String other) {
        Http.Answer answer = tenant.post(
                "/v1/conversations",
                "{\"type\":\"direct\",\"members\":[{\"userId\":\"" + one + "\"},{\"userId\":\"" + other + "\"}]}",
                "of-" + one);
        assertThat(answer.status()).as(answer.text()).isIn(200, 201);
        return answer.json().path("conversationId").asText();
    }

    private Http rival(Http operator) {
        return operator.as(NodeIT.tenantWithKey(operator, "rival"));
    }

    private void afterARestart(String direct) {
        assertThat(tenant.get(TEAM).json().path("name").asText()).isEqualTo("Team");
        assertThat(direct("bob", "ada")).as("whoever begins").isEqualTo(direct);
        Http.Answer again = post("ada", "c1", "message 1");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json().path("messageSeq").asInt()).isEqualTo(1);
        assertThat(post("ada", "c1", "another").code()).isEqualTo("idempotencyKeyReused");
        assertThat(post("ada", "c206", "message 206").json().path("messageId").asText())
                .as("without a gap")
                .isEqualTo("team~206");

        JsonNode first = history("?afterSeq=0&limit=4");
        assertThat(texts(first)).containsExactly("message 1", "message 2", "message three", "");
        assertThat(first.at("/items/2/version").asInt()).isEqualTo(2);
        assertThat(first.at("/items/3").has("recalledAt")).isTrue();
        assertThat(first.at("/items/3").has("content")).isFalse();
        assertThat(texts(history("?beforeSeq=102&limit=2"))).containsExactly("message 100", "message 101");
        assertThat(texts(history("?limit=1&userId=bob"))).containsExactly("message 206");
        assertThat(tenant.get(TEAM + "/messages?userId=cyd").code()).isEqualTo("notAMember");
        assertThat(post("cyd", "x", "left").code()).isEqualTo("notAMember");
    }

    /** Who was a member, and what a message said before its edit and its recall. */
    private void audit() {
        String journal = "/v1/journal/conversations/team";
        List<JsonNode> events = new ArrayList<>();
        String after = "0";
        do {
            JsonNode page =
                    tenant.get(journal + "/events?limit=200&afterSeq=" + after).json();
            page.path("items").forEach(events::add);
            after = page.path("nextCursor").asText();
        } while (!after.equals("null"));
        List<String> posted = events.stream()
                .filter(event -> event.path("type").asText().equals("messagePosted"))
                .map(event -> event.at("/event/content/text").asText())
                .toList();
        assertThat(posted).hasSize(206).contains("message 3", "message 4");
        JsonNode edited = only(events, "messageEdited");
        assertThat(edited.at("/event/content/text").asText()).isEqualTo("message three");
        assertThat(only(events, "messageRecalled").at("/event/by").asText()).isEqualTo("bob");
        JsonNode left = only(events, "memberRemoved");
        assertThat(left.at("/event/by").asText()).isEqualTo("cyd");
        long seq = left.path("eventSeq").asLong();
        assertThat(members(journal, seq - 1)).containsExactly("ada", "bob", "cyd");
        assertThat(members(journal, seq)).containsExactly("ada", "bob");
    }

    private List<String> members(String journal, long asOfSeq) {
        return tenant.get(journal + "/state?asOfSeq=" + asOfSeq)
                .json()
                .at("/state/members")
                .findValuesAsText("userId");
    }

    private static JsonNode only(List<JsonNode> events, String type) {
        var found = events.stream()
                .filter(event -> event.path("type").asText().equals(type))
                .toList();
        assertThat(found).as(type).hasSize(1);
        return found.get(0);
    }

    private Http.Answer post(String sender, String clientMessageId, String text) {
        return tenant.post(
                TEAM + "/messages",
                "{\"senderId\":\"" + sender + "\",\"clientMessageId\":\"" + clientMessageId
                        + "\",\"type\":\"text\",\"content\":{\"text\":\"" + text + "\"}}");
    }

    private Http.Answer edit(String sender, long seq, String text) {
        return tenant.call(
                "PATCH",
                TEAM + "/messages/team~" + seq,
                "{\"senderId\":\"" + sender + "\",\"type\":\"text\",\"content\":{\"text\":\"" + text + "\"}}",
                Map.of());
    }

    private JsonNode history(String query) {
        return tenant.get(TEAM + "/messages" + query).json();
    }

    private static List<String> texts(JsonNode history) {
        List<String> texts = new ArrayList<>();
        history.path("items").forEach(item -> texts.add(item.at("/content/text").asText()));
        return texts;
    }
}
