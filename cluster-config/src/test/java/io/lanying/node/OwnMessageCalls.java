package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

/** What can be answered to messages that apps send by requests. */
final class OwnMessageCalls {

    static final String BODY =
            "{\"conversationId\":\"g1\",\"clientMessageId\":\"own1\",\"type\":\"text\",\"content\":{\"text\":\"hi\"}}";

    static final String POSITION = "{\"conversationId\":\"g1\",\"messageSeq\":1}";

    private static final String PATH = "/v1/device/messages";
    private static final String POSITIONS = "/v1/device/read-positions";

    private final Http tenant;
    private final Http anybody;

    OwnMessageCalls(Http tenant, Http anybody) {
        this.tenant = tenant;
        this.anybody = anybody;
    }

    /** @param nobodys an app on a device without a user; there is a conversation {@code g1} in which {@code u1} may write */
    void all(Http nobodys) {
        assertThat(tenant.put("/v1/devices/own", "{\"userId\":\"u1\",\"platform\":\"other\"}")
                        .status())
                .isEqualTo(201);
        Http app = anybody.as(NodeIT.sessionToken(tenant, "own"));
        assertThat(app.post(PATH, BODY).status()).isEqualTo(201);
        assertThat(app.post(PATH, BODY).status()).isEqualTo(200);
        assertThat(app.post(PATH, BODY.replace("hi", "ho")).code()).isEqualTo("idempotencyKeyReused");
        assertThat(app.post(PATH, BODY.replace("g1", "none")).code()).isEqualTo("notFound");
        assertThat(nobodys.post(PATH, BODY).code()).isEqualTo("notPermitted");
        positions(app, nobodys);
        archive(true);
        assertThat(app.post(PATH, BODY.replace("own1", "own2")).code()).isEqualTo("conversationArchived");
        archive(false);
        assertThat(tenant.delete("/v1/devices/own").status()).isEqualTo(204);
    }

    private void positions(Http app, Http nobodys) {
        assertThat(tenant.post(
                                "/v1/conversations",
                                "{\"conversationId\":\"others\",\"type\":\"group\",\"members\":[{\"userId\":\"u2\"}]}",
                                "others")
                        .status())
                .isEqualTo(201);
        assertThat(app.post(POSITIONS, POSITION).status()).isEqualTo(200);
        assertThat(app.post(POSITIONS, POSITION.replace("g1", "none")).code()).isEqualTo("notFound");
        assertThat(app.post(POSITIONS, POSITION.replace("g1", "others")).code()).isEqualTo("notAMember");
        assertThat(nobodys.post(POSITIONS, POSITION).code()).isEqualTo("notPermitted");
        tenant.post(
                "/v1/conversations/others/messages",
                BODY.replace("{\"conversationId\":\"g1\",", "{\"senderId\":\"u2\","));
        String receipts = "/v1/device/conversations/g1/messages/g1~1/receipts";
        assertThat(app.get(receipts).status()).isEqualTo(200);
        assertThat(app.get(receipts.replace("~1", "~999")).code()).isEqualTo("notFound");
        assertThat(app.get(receipts.replace("g1", "others")).code()).isEqualTo("notAMember");
        assertThat(nobodys.get(receipts).code()).isEqualTo("notPermitted");
    }

    private void archive(boolean archived) {
        assertThat(tenant.call("PATCH", "/v1/conversations/g1", "{\"archived\":" + archived + "}", Map.of())
                        .status())
                .isEqualTo(200);
    }
}
