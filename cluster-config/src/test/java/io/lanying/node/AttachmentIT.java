package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An upload through the death of its node: what was answered is there, what was under way leaves nothing, and the rest goes on. */
class AttachmentIT {

    private static final int CHUNK = 64 * 1024;
    private static final String CONTENT = "0123456789abcdef".repeat(2 * CHUNK / 16) + "the end";
    private static final String ALL = "/v1/conversations/team/attachments";

    @TempDir
    Path directory;

    @Test
    void survivesTheDeathOfItsNode() throws Exception {
        int port = NodeFixture.freePort();
        String key;
        String id;
        try (NodeProcess node = NodeProcess.start(
                        directory,
                        "first",
                        Map.of(
                                "LANYING_HTTP_PORT",
                                Integer.toString(port),
                                "LANYING_OPERATOR_KEY",
                                NodeFixture.OPERATOR_KEY),
                        Map.of("push.persistence.attachments.chunk-bytes", Integer.toString(CHUNK)))
                .ready()) {
            Http operator = new Http("http://127.0.0.1:" + port, NodeFixture.OPERATOR_KEY);
            key = NodeIT.tenantWithKey(operator, "acme");
            Http tenant = operator.as(key);
            team(tenant);
            id = begin(tenant).path("attachmentId").asText();
            assertThat(chunk(tenant, id, 0).path("uploadOffset").asInt()).isEqualTo(CHUNK);
            halfAChunk(port, key, id);
            node.kill();
        }
        try (Node node = NodeFixture.onH2(directory.resolve("data"))
                .with("push.persistence.attachments.sweep-interval", "200 ms")
                .start()) {
            Http tenant = new Http(node.url(), key);
            JsonNode again = begin(tenant);
            assertThat(again.path("attachmentId").asText()).isEqualTo(id);
            assertThat(again.path("uploadOffset").asInt()).isEqualTo(CHUNK);
            assertThat(again.path("chunkBytes").asInt()).as("as it began").isEqualTo(CHUNK);
            assertThat(post(tenant, id).code()).isEqualTo("attachmentNotReady");
            refusedButTold(tenant, id);
            chunk(tenant, id, 1);
            assertThat(chunk(tenant, id, 2).path("complete").asBoolean()).isTrue();
            assertThat(tenant.get(ALL + "/" + id + "/content").text()).isEqualTo(CONTENT);
            assertThat(post(tenant, id).status()).isEqualTo(201);
            assertThat(objects()).isEqualTo(3);

            assertThat(tenant.delete("/v1/conversations/team").status()).isEqualTo(204);
            team(tenant);
            assertThat(tenant.get(ALL + "/" + id).status()).isEqualTo(404);
            Awaitility.await("nothing is left").until(() -> objects() == 0);

            String next = begin(tenant).path("attachmentId").asText();
            var head = Map.of("Content-Type", "application/octet-stream", "Upload-Offset", "0");
            assertThat(tenant.call("PATCH", ALL + "/" + next, CONTENT, head).status())
                    .isEqualTo(200);
            assertThat(objects()).isEqualTo(1);
            Http operator = new Http(node.url(), NodeFixture.OPERATOR_KEY);
            assertThat(operator.delete("/v1/admin/tenants/acme").status()).isEqualTo(204);
            Awaitility.await("nothing is left of the tenant").until(() -> objects() == 0);
        }
    }

    private static void team(Http tenant) {
        String body = "{\"conversationId\":\"team\",\"type\":\"group\",\"members\":[{\"userId\":\"ada\"}]}";
        String once = "team" + System.nanoTime();
        assertThat(tenant.post("/v1/conversations", body, once).status()).isEqualTo(201);
    }

    private static JsonNode begin(Http tenant) throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(CONTENT.getBytes(StandardCharsets.UTF_8));
        Http.Answer answer = tenant.post(
                ALL,
                "{\"uploaderId\":\"ada\",\"name\":\"notes.txt\",\"contentType\":\"text/plain\",\"size\":"
                        + CONTENT.length() + ",\"sha256\":\"" + HexFormat.of().formatHex(hash) + "\"}",
                "notes");
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.json();
    }

    private static JsonNode chunk(Http tenant, String id, int number) {
        int from = number * CHUNK;
        Http.Answer answer = tenant.call(
                "PATCH",
                ALL + "/" + id,
                CONTENT.substring(from, Math.min(CONTENT.length(), from + CHUNK)),
                Map.of("Content-Type", "application/octet-stream", "Upload-Offset", Integer.toString(from)));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    /** However much it sends. */
    private static void refusedButTold(Http tenant, String id) {
        String much = "x".repeat(1024 * 1024);
        var head = Map.of("Content-Type", "application/octet-stream", "Upload-Offset", "7");
        assertThat(tenant.call("PATCH", ALL + "/" + id, much, head).code()).isEqualTo("offsetMismatch");
        assertThat(tenant.as("lk_nobody")
                        .call("PATCH", ALL + "/" + id, much, head)
                        .code())
                .isEqualTo("unauthorized");
        assertThat(tenant.call("PATCH", ALL + "/none", much, head).code()).isEqualTo("notFound");
    }

    /** The beginning of the next chunk, whose end never comes. */
    private static void halfAChunk(int port, String key, String id) throws IOException {
        var socket = new Socket("127.0.0.1", port);
        String head = "PATCH " + ALL + "/" + id + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + key
                + "\r\nContent-Type: application/octet-stream\r\nUpload-Offset: " + CHUNK + "\r\nContent-Length: "
                + CHUNK + "\r\n\r\n";
        socket.getOutputStream()
                .write((head + CONTENT.substring(CHUNK, CHUNK + CHUNK / 2)).getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    private static Http.Answer post(Http tenant, String id) {
        return tenant.post(
                "/v1/conversations/team/messages",
                "{\"senderId\":\"ada\",\"clientMessageId\":\"m1\",\"type\":\"file\",\"content\":{\"attachmentId\":\""
                        + id + "\"}}");
    }

    private long objects() throws IOException {
        Path ofTenant = directory.resolve("data/attachments/t-acme");
        if (!Files.isDirectory(ofTenant)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(ofTenant)) {
            return files.filter(Files::isRegularFile).count();
        }
    }
}
