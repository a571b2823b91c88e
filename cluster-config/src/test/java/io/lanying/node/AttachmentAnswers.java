package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.node.Contract.Operation;
import java.util.HashMap;
import java.util.Map;

/** Every answer that calls on attachments have of their own, in a conversation {@code g1} that {@code u1} owns. */
final class AttachmentAnswers {

    static final String OWN = "/v1/device/conversations/";

    /** What a request with a chunk says of it. */
    static final Map<String, String> CHUNK = Map.of("Content-Type", "application/octet-stream", "Upload-Offset", "0");

    private static final String ALL = "/v1/conversations/g1/attachments";
    private static final String MINE = OWN + "g1/attachments";
    private static final String FILE = "\"name\":\"hello.txt\",\"contentType\":\"text/plain\",\"size\":5,"
            + "\"sha256\":\"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\"}";

    /** A body that is right for each call that has one. */
    static final Map<String, String> BODIES = bodies();

    private final Http tenant;
    private final Http anybody;
    private String token;
    private String complete;
    private String upload;

    AttachmentAnswers(Http tenant, Http anybody) {
        this.tenant = tenant;
        this.anybody = anybody;
    }

    private static Map<String, String> bodies() {
        Map<String, String> all = new HashMap<>();
        String one = "{conversationId}/attachments";
        all.put("POST /v1/conversations/" + one, "{\"uploaderId\":\"u1\"," + FILE);
        all.put("POST " + OWN + one, "{" + FILE);
        all.put("PATCH /v1/conversations/" + one + "/{attachmentId}", "hello");
        all.put("PATCH " + OWN + one + "/{attachmentId}", "hello");
        return all;
    }

    /** Whether a call carries bytes. */
    static boolean isChunk(Operation operation) {
        return operation.method().equals("PATCH") && operation.template().endsWith("/attachments/{attachmentId}");
    }

    /** Of a device of {@code u1}. */
    String token() {
        return token;
    }

    /** An attachment that is complete. */
    String complete() {
        return complete;
    }

    /** One of which nothing has come. */
    String upload() {
        return upload;
    }

    /** @param nobodys an app on a device without a user */
    void all(Http nobodys) {
        token = tokenOf("attaching", "u1");
        Http app = anybody.as(token);
        complete = uploaded(tenant, ALL, "{\"uploaderId\":\"u1\"," + FILE, "first");
        upload = begun(app, MINE, "{" + FILE, "left");
        both(tenant, ALL, "{\"uploaderId\":\"u1\"," + FILE);
        both(app, MINE, "{" + FILE);
        assertThat(tenant.get(ALL + "/" + complete + "?userId=u9").code()).isEqualTo("notAMember");
        assertThat(tenant.get(ALL + "/" + complete + "/content?userId=u9").code())
                .isEqualTo("notAMember");
        assertThat(tenant.post(ALL, "{\"uploaderId\":\"u9\"," + FILE, "a-u9").code())
                .isEqualTo("notAMember");
        assertThat(tenant.post(ALL, "{\"uploaderId\":\"u2\"," + FILE, "a-u2").code())
                .isEqualTo("notPermitted");
        refusedApps(nobodys);
        archived(app);
    }

    private String tokenOf(String device, String user) {
        String body = "{\"userId\":\"" + user + "\",\"platform\":\"other\"}";
        assertThat(tenant.put("/v1/devices/" + device, body).status()).isEqualTo(201);
        return NodeIT.sessionToken(tenant, device);
    }

    private static String begun(Http caller, String all, String body, String key) {
        Http.Answer answer = caller.post(all, body, key);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.json().path("attachmentId").asText();
    }

    private static String uploaded(Http caller, String all, String body, String key) {
        String id = begun(caller, all, body, key);
        Http.Answer answer = chunk(caller, all + "/" + id, "0", "hello");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().path("complete").asBoolean()).isTrue();
        return id;
    }

    private static Http.Answer chunk(Http caller, String path, String offset, String bytes) {
        return caller.call(
                "PATCH", path, bytes, Map.of("Content-Type", "application/octet-stream", "Upload-Offset", offset));
    }

    /** What services and apps are answered alike. */
    private void both(Http caller, String all, String body) {
        String id = uploaded(caller, all, body, "whole");
        assertThat(caller.post(all, body, "whole").header("Idempotent-Replayed"))
                .isEqualTo("true");
        assertThat(caller.post(all, body.replace("hello.txt", "other"), "whole").code())
                .isEqualTo("idempotencyKeyReused");
        assertThat(chunk(caller, all + "/" + id, "5", "").code()).isEqualTo("offsetMismatch");
        String content = all + "/" + id + "/content";
        Http.Answer whole = caller.get(content);
        assertThat(whole.text()).isEqualTo("hello");
        assertThat(whole.header("Content-Disposition")).startsWith("attachment;");
        Http.Answer part = caller.call("GET", content, null, Map.of("Range", "bytes=1-2"));
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.text()).isEqualTo("el");
        assertThat(caller.call("GET", content, null, Map.of("Range", "bytes=5-"))
                        .code())
                .isEqualTo("rangeNotSatisfiable");
        assertThat(caller.call("GET", content, null, Map.of("If-None-Match", whole.header("ETag")))
                        .status())
                .isEqualTo(304);
        assertThat(caller.get(all + "/" + begun(caller, all, body, "left") + "/content")
                        .code())
                .isEqualTo("attachmentNotReady");
        String lied = begun(caller, all, body, "lied");
        assertThat(chunk(caller, all + "/" + lied, "0", "world").code()).isEqualTo("contentMismatch");
        assertThat(caller.get(all + "/" + lied).status()).isEqualTo(404);
        String removed = begun(caller, all, body, "removed");
        assertThat(caller.delete(all + "/" + removed).status()).isEqualTo(204);
    }

    private void refusedApps(Http nobodys) {
        Http stranger = anybody.as(tokenOf("stranger", "u9"));
        Http[] refused = {nobodys, stranger};
        for (Http app : refused) {
            String code = app == nobodys ? "notPermitted" : "notAMember";
            assertThat(app.post(MINE, "{" + FILE, "k").code()).isEqualTo(code);
            assertThat(app.get(MINE + "/" + complete).code()).isEqualTo(code);
            assertThat(app.get(MINE + "/" + complete + "/content").code()).isEqualTo(code);
            assertThat(chunk(app, MINE + "/" + upload, "0", "hello").code()).isEqualTo(code);
            assertThat(app.delete(MINE + "/" + complete).code()).isEqualTo(code);
        }
        String elsewhere = OWN + "none/attachments";
        assertThat(stranger.post(elsewhere, "{" + FILE, "k").status()).isEqualTo(404);
        assertThat(stranger.get(elsewhere + "/a").status()).isEqualTo(404);
        assertThat(stranger.get(elsewhere + "/a/content").status()).isEqualTo(404);
        assertThat(chunk(stranger, elsewhere + "/a", "0", "hello").status()).isEqualTo(404);
        assertThat(stranger.delete(elsewhere + "/a").status()).isEqualTo(404);
    }

    private void archived(Http app) {
        archive(true);
        assertThat(tenant.post(ALL, "{\"uploaderId\":\"u1\"," + FILE, "late").code())
                .isEqualTo("conversationArchived");
        assertThat(app.post(MINE, "{" + FILE, "late").code()).isEqualTo("conversationArchived");
        archive(false);
    }

    private void archive(boolean archived) {
        assertThat(tenant.call("PATCH", "/v1/conversations/g1", "{\"archived\":" + archived + "}", Map.of())
                        .status())
                .isEqualTo(200);
    }
}
