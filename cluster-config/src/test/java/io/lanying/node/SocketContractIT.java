package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** asyncapi.yaml against a whole node, both ways: every documented frame is seen, every seen frame is documented. */
class SocketContractIT {

    @TempDir
    Path directory;

    private final List<Socket> sockets = new ArrayList<>();
    private final Set<Integer> closeCodes = new TreeSet<>();

    @Test
    void everyDocumentedFrameIsSeenAndEverySeenFrameIsDocumented() {
        String asyncapi;
        try (Node node = NodeFixture.onH2(directory)
                .with("push.http.session.hello-timeout", "1s")
                .start()) {
            Http anybody = new Http(node.url(), "");
            asyncapi = anybody.get("/asyncapi.yaml").text();
            Http tenant = anybody.as(NodeIT.tenantWithKey(anybody.as(NodeFixture.OPERATOR_KEY), "acme"));
            tenant.put("/v1/devices/d1", "{\"userId\":\"ada\",\"platform\":\"other\"}");
            frames(node, tenant);
            endings(node, tenant);
            sockets.forEach(Socket::close);
        }
        assertThat(seen(Socket::typesSent)).isEqualTo(Contract.frames(asyncapi, "fromApp"));
        assertThat(seen(Socket::typesReceived)).isEqualTo(Contract.frames(asyncapi, "fromServer"));
        assertThat(Contract.closeCodes(asyncapi)).containsAll(closeCodes);
        assertThat(closeCodes).containsExactly(4001, 4500, 4501, 4502);
    }

    private void frames(Node node, Http tenant) {
        String cancelled = NodeIT.push(tenant, "d1", "cancelled", "k1");
        tenant.delete("/v1/notifications/" + cancelled);
        String opened = NodeIT.push(tenant, "d1", "opened", "k2");
        Socket socket = open(node, tenant);
        socket.hello(null, 0);
        socket.next("welcome");
        assertThat(socket.next("gone").path("fate").asText()).isEqualTo("cancelled");
        assertThat(socket.next("item").path("itemSeq").asLong()).isEqualTo(2);
        socket.ack(2);
        socket.send("{\"t\":\"opened\",\"notificationId\":\"" + opened + "\"}");
        socket.send(
                "{\"t\":\"send\",\"ref\":7,\"conversationId\":\"c\",\"clientMessageId\":\"m\",\"type\":\"text\",\"content\":{\"text\":\"hi\"}}");
        assertThat(socket.next("reply").path("code").asText()).isEqualTo("notFound");
        socket.send("{\"t\":\"read\",\"conversationId\":\"c\",\"messageSeq\":1}");
        socket.send("{\"t\":\"badgeSeen\",\"itemSeq\":2}");
        tenant.post(
                "/v1/conversations",
                "{\"conversationId\":\"watched\",\"type\":\"group\",\"members\":[{\"userId\":\"ada\"}]}",
                "watched");
        socket.send("{\"t\":\"watch\",\"conversationIds\":[\"watched\"]}");
        assertThat(socket.next("event").path("userIds").toString()).isEqualTo("[\"ada\"]");
        socket.send("{\"t\":\"typing\",\"conversationId\":\"watched\"}");
        socket.send("{\"t\":\"ping\"}");
        socket.next("pong");
        NodeIT.awaitFate(tenant, opened, "d1", "opened");
    }

    private void endings(Node node, Http tenant) {
        ends(open(node, tenant), 4001);
        Socket replaced = open(node, tenant);
        replaced.hello(null, 0);
        replaced.next("welcome");
        Socket misuse = open(node, tenant);
        misuse.hello(null, 0);
        misuse.next("welcome");
        ends(replaced, 4500);
        misuse.ack(900);
        ends(misuse, 4502);
        Socket revoked = open(node, tenant);
        revoked.hello(null, 0);
        revoked.next("welcome");
        tenant.put("/v1/devices/d1", "{\"userId\":\"bob\",\"platform\":\"other\"}");
        ends(revoked, 4501);
    }

    private Socket open(Node node, Http tenant) {
        Socket socket = Socket.open(node.url(), NodeIT.sessionToken(tenant, "d1"));
        sockets.add(socket);
        return socket;
    }

    private void ends(Socket socket, int code) {
        assertThat(socket.next("bye").path("code").asInt()).isEqualTo(code);
        assertThat(socket.awaitClose()).isEqualTo(code);
        closeCodes.add(code);
    }

    private Set<String> seen(java.util.function.Function<Socket, List<String>> types) {
        Set<String> all = new TreeSet<>();
        sockets.forEach(socket -> all.addAll(types.apply(socket)));
        return all;
    }
}
