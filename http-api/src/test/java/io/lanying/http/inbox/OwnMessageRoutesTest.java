package io.lanying.http.inbox;

import static io.lanying.http.TestApi.done;
import static io.lanying.http.TestApi.post;
import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.http.StubEntities;
import io.lanying.http.TestApi;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.ConversationCommand.Post;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationReply.Posted;
import io.lanying.protocol.device.DeviceCommand.Get;
import io.lanying.protocol.device.DeviceReply.DeviceView;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST /v1/device/messages}: in the owner's name, once, and never in an earlier owner's. */
class OwnMessageRoutesTest {

    private static final String PATH = "/v1/device/messages";
    private static final String HELLO =
            "{\"conversationId\":\"c1\",\"clientMessageId\":\"m1\",\"type\":\"text\",\"content\":{\"text\":\"hi\"},"
                    + "\"mentions\":[\"u2\",\"*\"],\"replyTo\":\"c1~12\"}";

    private final TestApi api = new TestApi("");
    private String token = "";

    @BeforeEach
    void start() {
        StubEntities.install(api);
        api.conversations = (id, command) -> done(new Posted(13, TestApi.NOW, false));
        token = api.deviceToken("acme", "d1");
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void sendsInTheNameOfTheDevicesUser() {
        var answer = api.ask(post(PATH, token, HELLO));
        assertThat(answer.status().intValue()).isEqualTo(201);
        assertThat(api.text(answer))
                .isEqualTo("{\"messageId\":\"c1~13\",\"messageSeq\":13,\"sentAt\":\"2026-11-20T08:30:00.000Z\"}");
        var sent = (Post) api.conversationCommands.get(0);
        assertThat(sent.senderId()).isEqualTo("u1");
        assertThat(sent.mentions()).isEqualTo(List.of("u2", "*"));
        assertThat(sent.replyToSeq()).contains(12L);
        assertThat(sent.content().content().subject()).isEqualTo("user:u1");

        api.conversations = (id, command) -> done(new Posted(13, TestApi.NOW, true));
        assertThat(api.ask(post(PATH, token, HELLO)).status().intValue()).isEqualTo(200);
        var again = (Post) api.conversationCommands.get(1);
        assertThat(again.fingerprint()).isEqualTo(sent.fingerprint());
        api.ask(post(PATH, token, HELLO.replace("hi", "ho")));
        assertThat(((Post) api.conversationCommands.get(2)).fingerprint()).isNotEqualTo(sent.fingerprint());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"conversationId\":\"c1\",\"clientMessageId\":\"m1\",\"type\":\"text\",\"content\":{}}",
                "{\"conversationId\":\"c1\",\"clientMessageId\":\"m1\",\"type\":\"text\",\"content\":\"hi\"}",
                "{\"conversationId\":\"c1\",\"clientMessageId\":\"m1\",\"type\":\"shout\",\"content\":{}}",
                "{\"conversationId\":\"c1\",\"clientMessageId\":\"m1\",\"type\":\"custom\",\"content\":{},\"senderId\":\"eve\"}",
                "{\"conversationId\":\"c1\",\"clientMessageId\":\"m1\",\"type\":\"custom\",\"content\":{},\"replyTo\":\"c2~1\"}"
            })
    void refusesWhatIsNoMessage(String body) {
        assertThat(code(body)).isEqualTo("400 invalidRequest");
        assertThat(api.conversationCommands).isEmpty();
    }

    @Test
    void refusesContentOfMoreThanItsLimit() {
        String large = HELLO.replace(
                "\"text\",\"content\":{\"text\":\"hi\"}",
                "\"custom\",\"content\":{\"x\":\"" + "y".repeat(17_000) + "\"}");
        assertThat(code(large)).isEqualTo("413 payloadTooLarge");
    }

    @Test
    void refusesAnEarlierOwnersToken() {
        var stub = api.devices;
        api.devices = (id, command) -> command instanceof Get
                ? stub.apply(id, command).thenApply(reply -> withBinding((DeviceView) reply, 2))
                : stub.apply(id, command);
        assertThat(code(HELLO)).isEqualTo("401 unauthorized");
        assertThat(api.conversationCommands).isEmpty();
    }

    @Test
    void passesTheConversationsRefusalOn() {
        api.conversations = (id, command) -> done(new ConversationReply.Refused(ErrorCode.NOT_A_MEMBER, "not here"));
        assertThat(code(HELLO)).isEqualTo("422 notAMember");
        api.conversations = (id, command) -> done(new ConversationReply.Refused(ErrorCode.NOT_FOUND, "none"));
        assertThat(code(HELLO)).isEqualTo("404 notFound");
    }

    private static DeviceView withBinding(DeviceView view, int binding) {
        return new DeviceView(
                Optional.of("u2"),
                view.profile(),
                binding,
                view.registeredAt(),
                view.streamId(),
                view.ackedSeq(),
                view.lastSeq(),
                view.openItems(),
                view.online());
    }

    private String code(String body) {
        var answer = api.ask(post(PATH, token, body));
        return answer.status().intValue() + " " + api.code(answer);
    }
}
