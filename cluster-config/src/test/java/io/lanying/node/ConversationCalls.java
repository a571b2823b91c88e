package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

/** Every answer that calls on conversations have of their own, from a conversation {@code g1} and some others. */
final class ConversationCalls {

    private static final String CONVERSATIONS = "/v1/conversations";
    private static final String ONE = CONVERSATIONS + "/{conversationId}";
    private static final String TEXT = "\"senderId\":\"u1\",\"type\":\"text\",\"content\":{\"text\":\"hi\"}}";

    /** A body that is right for each call that has one. */
    static final Map<String, String> BODIES = Map.of(
            "POST " + CONVERSATIONS,
            group("g1"),
            "PATCH " + ONE,
            "{}",
            "PUT " + ONE + "/members/{userId}",
            "{}",
            "POST " + ONE + "/messages",
            "{\"clientMessageId\":\"c1\"," + TEXT,
            "PUT " + ONE + "/read-positions/{userId}",
            "{\"messageSeq\":1}",
            "PATCH " + ONE + "/messages/{messageId}",
            "{" + TEXT);

    private final Http tenant;

    ConversationCalls(Http tenant) {
        this.tenant = tenant;
    }

    void all() {
        conversations();
        members();
        messages();
        positions();
        archived();
        assertThat(delete("/g2").status()).isEqualTo(204);
    }

    private void conversations() {
        assertThat(create(group("g1"), "g1").status()).isEqualTo(201);
        assertThat(create(group("g1"), "g1").header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(create(group("g1"), "again").code()).isEqualTo("conversationExists");
        assertThat(create(group("g2"), "g2").status()).isEqualTo(201);
        assertThat(create(group("g2").replace("\"u2\"", "\"u3\""), "g2").code()).isEqualTo("idempotencyKeyReused");
        String pair = "{\"type\":\"direct\",\"members\":[{\"userId\":\"u1\"},{\"userId\":\"u2\"}]}";
        assertThat(create(pair, "pair").status()).isEqualTo(201);
        assertThat(create(pair, "pair again").status()).isEqualTo(400);
        assertThat(create(pair, "pair-again").status()).isEqualTo(200);
        assertThat(tenant.get("/v1/users/u1/conversations?order=recent").code())
                .as("more than the node puts in order")
                .isEqualTo("limitReached");
        assertThat(patch("/g1", "{\"name\":\"Team\"}").status()).isEqualTo(200);
        assertThat(patch("/g1?by=u2", "{}").code()).isEqualTo("notPermitted");
        assertThat(patch("/g1?by=u9", "{}").code()).isEqualTo("notAMember");
        assertThat(delete("/g2?by=u2").code()).isEqualTo("notPermitted");
        assertThat(delete("/g2?by=u9").code()).isEqualTo("notAMember");
    }

    private void members() {
        assertThat(put("/g1/members/u3", "{}").status()).isEqualTo(201);
        assertThat(put("/g1/members/u3", "{\"push\":\"none\"}").status()).isEqualTo(200);
        assertThat(put("/g1/members/u4?by=u2", "{}").code()).isEqualTo("notPermitted");
        assertThat(put("/g1/members/u4?by=u9", "{}").code()).isEqualTo("notAMember");
        assertThat(delete("/g1/members/u3?by=u2").code()).isEqualTo("notPermitted");
        assertThat(delete("/g1/members/u3?by=u9").code()).isEqualTo("notAMember");
        assertThat(delete("/g1/members/u3").status()).isEqualTo(204);
    }

    private void messages() {
        String message = "{\"clientMessageId\":\"c1\"," + TEXT;
        assertThat(post("/g1/messages", message).status()).isEqualTo(201);
        assertThat(post("/g1/messages", message).status()).isEqualTo(200);
        assertThat(post("/g1/messages", message.replace("hi", "ho")).code()).isEqualTo("idempotencyKeyReused");
        assertThat(patch("/g1/messages/g1~1", "{" + TEXT.replace("hi", "hello")).status())
                .isEqualTo(200);
        assertThat(patch("/g1/messages/g1~1", "{" + TEXT.replace("u1", "u2")).code())
                .isEqualTo("notPermitted");
        assertThat(patch("/g1/messages/g1~1", "{" + TEXT.replace("u1", "u9")).code())
                .isEqualTo("notAMember");
        assertThat(delete("/g1/messages/g1~1?by=u2").code()).isEqualTo("notPermitted");
        assertThat(delete("/g1/messages/g1~1?by=u9").code()).isEqualTo("notAMember");
        assertThat(tenant.get(CONVERSATIONS + "/g1/messages?userId=u9").code()).isEqualTo("notAMember");
        assertThat(patch("/g1", "{\"settings\":{\"mayPost\":\"admin\"}}").status())
                .isEqualTo(200);
        assertThat(post("/g1/messages", message.replace("u1", "u2")).code()).isEqualTo("notPermitted");
        assertThat(post("/g1/messages", message.replace("c1", "c2")).status()).isEqualTo(201);
        assertThat(delete("/g1/messages/g1~2").status()).isEqualTo(204);
    }

    private void positions() {
        assertThat(put("/g1/read-positions/u2", "{\"messageSeq\":1}").status()).isEqualTo(200);
        assertThat(put("/g1/read-positions/u9", "{\"messageSeq\":1}").code()).isEqualTo("notAMember");
        assertThat(tenant.get(CONVERSATIONS + "/g1/messages/g1~1/receipts").status())
                .isEqualTo(200);
    }

    private void archived() {
        assertThat(patch("/g1", "{\"archived\":true}").status()).isEqualTo(200);
        assertThat(post("/g1/messages", "{\"clientMessageId\":\"c3\"," + TEXT).code())
                .isEqualTo("conversationArchived");
        assertThat(patch("/g1/messages/g1~1", "{" + TEXT).code()).isEqualTo("conversationArchived");
        assertThat(delete("/g1/messages/g1~1?by=u1").code()).isEqualTo("conversationArchived");
        assertThat(put("/g1/members/u5?by=u1", "{}").code()).isEqualTo("conversationArchived");
        assertThat(delete("/g1/members/u2?by=u1").code()).isEqualTo("conversationArchived");
        assertThat(patch("/g1", "{\"archived\":false}").status()).isEqualTo(200);
    }

    private static String group(String id) {
        return "{\"conversationId\":\"" + id
                + "\",\"type\":\"group\",\"members\":[{\"userId\":\"u1\"},{\"userId\":\"u2\"}]}";
    }

    private Http.Answer create(String body, String idempotencyKey) {
        return tenant.post(CONVERSATIONS, body, idempotencyKey);
    }

    private Http.Answer post(String below, String body) {
        return tenant.post(CONVERSATIONS + below, body);
    }

    private Http.Answer put(String below, String body) {
        return tenant.put(CONVERSATIONS + below, body);
    }

    private Http.Answer patch(String below, String body) {
        return tenant.call("PATCH", CONVERSATIONS + below, body, Map.of());
    }

    private Http.Answer delete(String below) {
        return tenant.delete(CONVERSATIONS + below);
    }
}
