package io.lanying.http.conversation;

import static io.lanying.http.TestApi.done;
import static io.lanying.http.TestApi.get;
import static io.lanying.http.TestApi.post;
import static io.lanying.http.TestApi.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.http.StubEntities;
import io.lanying.http.TestApi;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.ConversationCommand.GetMembership;
import io.lanying.protocol.conversation.ConversationCommand.GetReceipts;
import io.lanying.protocol.conversation.ConversationCommand.SetRead;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationReply.MemberView;
import io.lanying.protocol.conversation.ConversationReply.Membership;
import io.lanying.protocol.conversation.StoredMessage;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.registry.MemberRow;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Up to where somebody has read, by service and by app, and the list of somebody's conversations. */
class PositionRoutesTest {

    private static final String LIST = "/v1/users/u1/conversations";

    private final TestApi api = new TestApi();
    private String key;

    @BeforeEach
    void start() {
        StubEntities.install(api);
        key = api.tenantWithKey("acme", "*");
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void aPositionIsSaidAndAnsweredWithWhatIsUnread() {
        var answer = api.ask(put("/v1/conversations/g1/read-positions/u1", key, "{\"messageSeq\":1}"));
        assertThat(answer.status().intValue()).isEqualTo(200);
        assertThat(api.json(answer).toString())
                .isEqualTo("{\"messageSeq\":1,\"deliveredSeq\":1,\"unread\":0,\"lastSeq\":1}");
        assertThat(said().deviceId()).isEmpty();
        for (String bad :
                new String[] {"{}", "{\"messageSeq\":-1}", "{\"messageSeq\":1.5}", "{\"messageSeq\":1,\"x\":1}"}) {
            api.conversationCommands.clear();
            assertThat(api.ask(put("/v1/conversations/g1/read-positions/u1", key, bad))
                            .status()
                            .intValue())
                    .isEqualTo(400);
            assertThat(api.conversationCommands).isEmpty();
        }
    }

    @Test
    void anAppSaysItForItsOwnerAndAnEarlierOwnersTokenForNobody() {
        String token = api.deviceToken("acme", "d1");
        String body = "{\"conversationId\":\"g1\",\"messageSeq\":1}";
        assertThat(api.ask(post("/v1/device/read-positions", token, body))
                        .status()
                        .intValue())
                .isEqualTo(200);
        assertThat(said().userId()).isEqualTo("u1");
        assertThat(said().deviceId()).contains("d1");
        api.conversationCommands.clear();
        var stub = api.devices;
        api.devices = (id, command) -> done(new DeviceReply.DeviceView(
                Optional.of("u2"), StubEntities.PROFILE, 2, TestApi.NOW, "s2", 0, 0, 0, false));
        assertThat(api.ask(post("/v1/device/read-positions", token, body))
                        .status()
                        .intValue())
                .isEqualTo(401);
        assertThat(api.conversationCommands).isEmpty();
        api.devices = stub;
    }

    @Test
    void whoHasAMessageIsAPageOfMembers() {
        var first = api.json(api.ask(get("/v1/conversations/g1/messages/g1~1/receipts?limit=1", key)));
        String cursor = first.path("nextCursor").asText();
        assertThat(first.toString())
                .isEqualTo("{\"messageId\":\"g1~1\",\"messageSeq\":1,\"members\":3,\"delivered\":2,\"read\":1,"
                        + "\"items\":[{\"userId\":\"u2\",\"delivered\":true,\"read\":true}],\"nextCursor\":\"" + cursor
                        + "\"}");
        var last = api.json(api.ask(get("/v1/conversations/g1/messages/g1~1/receipts?cursor=" + cursor, key)));
        assertThat(last.path("nextCursor").isNull()).isTrue();
        var asked = (GetReceipts) api.conversationCommands.get(api.conversationCommands.size() - 1);
        assertThat(asked.after()).contains("u2");
        assertThat(asked.userId()).isEmpty();
        for (String bad : new String[] {"g1~0", "g2~1", "g1~1.r1.3"}) {
            assertThat(api.ask(get("/v1/conversations/g1/messages/" + bad + "/receipts", key))
                            .status()
                            .intValue())
                    .isEqualTo(404);
        }
        assertThat(api.ask(get("/v1/conversations/g1/messages/g1~1/receipts?x=1", key))
                        .status()
                        .intValue())
                .isEqualTo(400);
    }

    @Test
    void anAppAsksForItsOwnerAndAnEarlierOwnersTokenForNobody() {
        String path = "/v1/device/conversations/g1/messages/g1~1/receipts";
        String token = api.deviceToken("acme", "d1");
        assertThat(api.json(api.ask(get(path, token))).path("read").asInt()).isEqualTo(1);
        var asked = (GetReceipts) api.conversationCommands.get(api.conversationCommands.size() - 1);
        assertThat(asked.userId()).contains("u1");
        assertThat(api.ask(get("/v1/device/conversations/g1/messages/g1~x/receipts", token))
                        .status()
                        .intValue())
                .isEqualTo(404);
        var conversations = api.conversations;
        for (ErrorCode code : new ErrorCode[] {ErrorCode.NOT_PERMITTED, ErrorCode.NOT_A_MEMBER, ErrorCode.NOT_FOUND}) {
            api.conversations = (id, command) -> done(new ConversationReply.Refused(code, "no"));
            assertThat(api.ask(get(path, token)).status().intValue()).isEqualTo(code.status());
        }
        api.conversations = conversations;
        api.conversationCommands.clear();
        var stub = api.devices;
        api.devices = (id, command) -> done(new DeviceReply.DeviceView(
                Optional.of("u2"), StubEntities.PROFILE, 2, TestApi.NOW, "s2", 0, 0, 0, false));
        assertThat(api.ask(get(path, token)).status().intValue()).isEqualTo(401);
        assertThat(api.conversationCommands).isEmpty();
        api.devices = stub;
    }

    @Test
    void theListSaysWhatIsUnreadAndTheLastMessage() {
        var answer = api.json(api.ask(get(LIST, key)));
        assertThat(answer.path("items")).hasSize(1);
        var item = answer.path("items").path(0);
        assertThat(item.path("conversationId").asText()).isEqualTo("g1");
        assertThat(item.path("unread").asLong()).isZero();
        assertThat(item.path("lastMessage").path("content").path("text").asText())
                .isEqualTo("second");
        assertThat(item.path("name").asText()).isEqualTo("Team");
        assertThat(answer.path("nextCursor").isNull()).isTrue();

        var since =
                api.json(api.ask(get(LIST + "?since=" + answer.path("version").asText(), key)));
        assertThat(since.path("items").findValuesAsText("conversationId")).containsExactly("g0", "g1");
        assertThat(since.path("items").path(0).path("left").asBoolean()).isTrue();
        assertThat(api.ask(get(LIST + "?since=never", key)).status().intValue()).isEqualTo(400);
        long later = TestApi.NOW.plusSeconds(1).toEpochMilli();
        assertThat(api.json(api.ask(get(LIST + "?since=" + later, key))).path("items"))
                .isEmpty();
    }

    @Test
    void pagesFollowEachOtherAndWhatTheConversationDoesNotKnowIsLeftOut() {
        for (int i = 10; i < 40; i++) {
            api.members.add(new MemberRow("acme", "u1", "h" + i, 1, false, TestApi.NOW));
        }
        var stub = api.conversations;
        api.conversations = (id, command) -> id.id().equals("h11") && command instanceof GetMembership
                ? done(new ConversationReply.Refused(ErrorCode.NOT_A_MEMBER, "left"))
                : stub.apply(id, command);
        var first = api.json(api.ask(get(LIST + "?limit=20", key)));
        assertThat(first.path("items")).hasSize(19);
        var second = api.json(api.ask(
                get(LIST + "?limit=20&cursor=" + first.path("nextCursor").asText(), key)));
        assertThat(second.path("items")).hasSize(11);
        api.conversations = (id, command) -> done(new ConversationReply.Refused(ErrorCode.UNAVAILABLE, "no"));
        assertThat(api.ask(get(LIST, key)).status().intValue()).isEqualTo(503);
    }

    @Test
    void theNewestComeFirstAndPinnedOnesBeforeThem() {
        var sent = Map.of("g1", 10L, "g2", 30L, "g3", 20L, "g4", 5L);
        sent.keySet().stream()
                .filter(id -> !id.equals("g1"))
                .forEach(id -> api.members.add(new MemberRow("acme", "u1", id, 1, false, TestApi.NOW)));
        var stub = api.conversations;
        api.conversations = (id, command) -> stub.apply(id, command)
                .thenApply(reply -> reply instanceof Membership is && sent.containsKey(id.id())
                        ? at(is, id.id().equals("g4"), TestApi.NOW.plusSeconds(sent.get(id.id())))
                        : reply);
        var all = api.json(api.ask(get(LIST + "?order=recent", key)));
        assertThat(all.path("items").findValuesAsText("conversationId")).containsExactly("g4", "g2", "g3", "g1");
        assertThat(all.path("nextCursor").isNull()).isTrue();
        var two = api.json(api.ask(get(LIST + "?order=recent&limit=2", key)));
        assertThat(two.path("items").findValuesAsText("conversationId")).containsExactly("g4", "g2");
        assertThat(api.json(api.ask(get(LIST + "?order=id", key))).path("items").findValuesAsText("conversationId"))
                .containsExactly("g1", "g2", "g3", "g4");
        for (String bad : new String[] {"?order=newest", "?order=recent&since=1", "?order=recent&cursor=ZzE"}) {
            assertThat(api.ask(get(LIST + bad, key)).status().intValue()).isEqualTo(400);
        }
    }

    private static Membership at(Membership is, boolean pinned, Instant sentAt) {
        var member = is.member();
        var last = is.last().orElseThrow();
        return new Membership(
                is.conversation(),
                new MemberView(member.userId(), member.role(), member.push(), pinned, member.joinedAt()),
                is.position(),
                Optional.of(new StoredMessage(
                        last.messageSeq(),
                        last.version(),
                        last.senderId(),
                        last.type(),
                        last.content(),
                        last.mentions(),
                        last.replyTo(),
                        sentAt,
                        last.editedAt(),
                        last.recalledAt())));
    }

    private SetRead said() {
        return (SetRead) api.conversationCommands.get(api.conversationCommands.size() - 1);
    }
}
