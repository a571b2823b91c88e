package io.lanying.http.conversation;

import static io.lanying.http.TestApi.delete;
import static io.lanying.http.TestApi.done;
import static io.lanying.http.TestApi.get;
import static io.lanying.http.TestApi.key;
import static io.lanying.http.TestApi.post;
import static io.lanying.http.TestApi.put;
import static org.assertj.core.api.Assertions.assertThat;

import akka.http.javadsl.model.HttpResponse;
import io.lanying.http.ConversationFixtures;
import io.lanying.http.StubEntities;
import io.lanying.http.TestApi;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.ConversationCommand;
import io.lanying.protocol.conversation.ConversationCommand.Change;
import io.lanying.protocol.conversation.ConversationCommand.Create;
import io.lanying.protocol.conversation.ConversationCommand.Edit;
import io.lanying.protocol.conversation.ConversationCommand.Post;
import io.lanying.protocol.conversation.ConversationCommand.ReadHistory;
import io.lanying.protocol.conversation.ConversationCommand.Recall;
import io.lanying.protocol.conversation.ConversationCommand.RemoveMember;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.MemberRole;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /v1/conversations}: what reaches the entity, sealed, and what is said of it. */
class ConversationRoutesTest {

    private static final String MESSAGES = "/v1/conversations/g1/messages";

    private final List<EntityId> asked = new ArrayList<>();
    private TestApi api;
    private String credential;

    @BeforeEach
    void start() {
        api = new TestApi();
        StubEntities.install(api);
        credential = api.tenantWithKey("acme", "*");
        var stub = api.conversations;
        api.conversations = (id, command) -> {
            asked.add(id);
            return stub.apply(id, command);
        };
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void aGroupsNameIsSealedAndItsIdIsTheCallersOrTheCommands() {
        var answer = create(
                "k1",
                "{\"conversationId\":\"g1\",\"type\":\"group\",\"name\":\"Team\","
                        + "\"members\":[{\"userId\":\"u1\"},{\"userId\":\"u2\",\"role\":\"admin\"}],\"settings\":{\"editSeconds\":9}}");
        assertThat(answer.status().intValue()).isEqualTo(201);
        assertThat(TestApi.header(answer, "Location")).isEqualTo("/v1/conversations/g1");
        assertThat(api.json(answer).path("name").asText()).isEqualTo("Team");
        var command = last(Create.class);
        assertThat(command.settings().editSeconds()).isEqualTo(9);
        assertThat(command.members().get(1).role()).isEqualTo(MemberRole.ADMIN);
        var name = command.name().orElseThrow().sealed();
        assertThat(name.subject()).isEqualTo("tenant");
        var sealer = api.sealing.sealer("acme", "tenant").toCompletableFuture().join();
        assertThat(sealer.open("g1", "name", name)).isEqualTo("Team".getBytes(StandardCharsets.UTF_8));

        String group = "{\"type\":\"group\",\"members\":[{\"userId\":\"u1\"}]}";
        create("k2", group);
        create("k2", group);
        create("k3", group);
        assertThat(asked.get(1)).isEqualTo(asked.get(2)).isNotEqualTo(asked.get(3));
        assertThat(asked.get(1).id()).startsWith("g~");
    }

    @Test
    void aDirectConversationsIdIsItsPairsInWhateverOrder() {
        create("k1", "{\"type\":\"direct\",\"members\":[{\"userId\":\"a\"},{\"userId\":\"b\"}]}");
        create("k2", "{\"type\":\"direct\",\"members\":[{\"userId\":\"b\"},{\"userId\":\"a\"}]}");
        create("k3", "{\"type\":\"direct\",\"members\":[{\"userId\":\"b\"},{\"userId\":\"c\"}]}");
        assertThat(asked.get(0)).isEqualTo(asked.get(1)).isNotEqualTo(asked.get(2));
        assertThat(asked.get(0).id()).startsWith("d~");
        String rival = api.tenantWithKey("rival", "*");
        api.ask(key(
                post(
                        "/v1/conversations",
                        rival,
                        "{\"type\":\"direct\",\"members\":[{\"userId\":\"a\"},{\"userId\":\"b\"}]}"),
                "k1"));
        assertThat(asked.get(3).id()).isNotEqualTo(asked.get(0).id());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\":\"direct\",\"conversationId\":\"x\",\"members\":[{\"userId\":\"a\"},{\"userId\":\"b\"}]}|/conversationId",
                "{\"type\":\"direct\",\"name\":\"x\",\"members\":[{\"userId\":\"a\"},{\"userId\":\"b\"}]}|/name",
                "{\"type\":\"direct\",\"members\":[{\"userId\":\"a\"}]}|/members",
                "{\"type\":\"direct\",\"members\":[{\"userId\":\"a\"},{\"userId\":\"a\"}]}|/members",
                "{\"type\":\"direct\",\"members\":[{\"userId\":\"a\"},{\"userId\":\"b\",\"role\":\"owner\"}]}|/members/1/role",
                "{\"type\":\"group\",\"members\":[]}|/members",
                "{\"type\":\"group\",\"conversationId\":\"d~x\",\"members\":[{\"userId\":\"a\"}]}|/conversationId",
                "{\"type\":\"group\",\"conversationId\":\"a b\",\"members\":[{\"userId\":\"a\"}]}|/conversationId",
                "{\"type\":\"club\",\"members\":[{\"userId\":\"a\"}]}|/type",
                "{\"type\":\"group\",\"members\":[{\"userId\":\"a\"}],\"settings\":{\"editSeconds\":-1}}|/settings/editSeconds",
                "{\"type\":\"group\",\"members\":[{\"userId\":\"a\"}],\"settings\":{\"mayPost\":\"all\"}}|/settings/mayPost",
                "{\"type\":\"group\",\"members\":[{\"userId\":\"a\",\"admin\":true}]}|/members/0/admin"
            })
    void aWrongConversationIsRefusedWithItsPlace(String body, String pointer) {
        refusedAt(create("k", body), pointer);
    }

    @Test
    void whatVendorsAreToShowIsSealedBesidesTheContentAndPartOfWhatWasPosted() {
        String body =
                "{\"senderId\":\"u1\",\"clientMessageId\":\"c1\",\"type\":\"text\",\"content\":{\"text\":\"1234\"}";
        api.ask(post(MESSAGES, credential, body + "}"));
        var plain = last(Post.class);
        assertThat(plain.content().push()).isEmpty();
        api.ask(post(MESSAGES, credential, body + ",\"push\":{\"title\":\"Acme\",\"preview\":false}}"));
        var command = last(Post.class);
        var push = command.content().push().orElseThrow();
        assertThat(push.subject()).isEqualTo("user:u1");
        var sealer = api.sealing.sealer("acme", "user:u1").toCompletableFuture().join();
        assertThat(new String(sealer.open(command.content().origin(), "push", push), StandardCharsets.UTF_8))
                .isEqualTo("{\"preview\":false,\"title\":\"Acme\"}");
        assertThat(command.fingerprint()).isNotEqualTo(plain.fingerprint());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"title\":\"\"}|/push/title",
                "{\"title\":\"a\\u0007\"}|/push/title",
                "{\"body\":7}|/push/body",
                "{\"body\":\" \"}|/push/body",
                "{\"preview\":\"no\"}|/push/preview",
                "{\"collapseKey\":\"a b\"}|/push/collapseKey",
                "{\"badge\":1}|/push/badge",
                "[]|/push"
            })
    void aWrongPushIsRefusedWithItsPlace(String push, String pointer) {
        refusedAt(
                api.ask(post(
                        MESSAGES,
                        credential,
                        "{\"senderId\":\"u1\",\"clientMessageId\":\"c1\",\"type\":\"text\",\"content\":{\"text\":\"x\"},\"push\":"
                                + push + "}")),
                pointer);
    }

    @Test
    void anIdempotencyKeyIsNeededToCreate() {
        var answer = api.ask(
                post("/v1/conversations", credential, "{\"type\":\"group\",\"members\":[{\"userId\":\"u1\"}]}"));
        assertThat(api.code(answer)).isEqualTo("idempotencyKeyMissing");
        assertThat(asked).isEmpty();
    }

    @Test
    void aPatchTakesANameAwayOrLeavesIt() {
        patch("{\"name\":null}");
        assertThat(last(Change.class).name().orElseThrow().name()).isEmpty();
        patch("{\"archived\":true}");
        assertThat(last(Change.class).name()).isEmpty();
        assertThat(last(Change.class).archived()).contains(true);
        patch("{\"name\":\"New\"}");
        assertThat(last(Change.class).name().orElseThrow().name()).isPresent();
    }

    @Test
    void aMessageIsSealedForItsSenderUnderAnIdOfItsOwn() {
        var answer = message(
                "{\"senderId\":\"u1\",\"clientMessageId\":\"c1\",\"type\":\"text\",\"content\":{\"text\":\"hi\"},"
                        + "\"mentions\":[\"u2\",\"*\",\"u2\"],\"replyTo\":\"g1~7\",\"silent\":true}");
        assertThat(answer.status().intValue()).isEqualTo(201);
        assertThat(api.json(answer).path("messageId").asText()).isEqualTo("g1~1");
        var command = last(Post.class);
        assertThat(command.content().content().subject()).isEqualTo("user:u1");
        var sealer = api.sealing.sealer("acme", "user:u1").toCompletableFuture().join();
        assertThat(new String(
                        sealer.open(
                                command.content().origin(),
                                "content",
                                command.content().content()),
                        StandardCharsets.UTF_8))
                .isEqualTo("{\"text\":\"hi\"}");
        assertThat(command.content().bytes()).isEqualTo(13);
        assertThat(command.mentions()).containsExactly("u2", "*");
        assertThat(command.replyToSeq()).contains(7L);
        assertThat(command.silent()).isTrue();
    }

    @Test
    void theSameMessageHasTheSameFingerprintHoweverItIsWritten() {
        String start = "{\"senderId\":\"u1\",\"clientMessageId\":\"c1\",\"type\":\"location\",\"content\":";
        message(start + "{\"latitude\":1.5,\"longitude\":2}}");
        message(start + "{ \"longitude\": 2, \"latitude\": 1.5 }}");
        message(start + "{\"latitude\":1.5,\"longitude\":3}}");
        message(start + "{\"latitude\":1.5,\"longitude\":2},\"silent\":true}");
        var prints = api.conversationCommands.stream()
                .map(Post.class::cast)
                .map(Post::fingerprint)
                .toList();
        assertThat(prints.get(0))
                .isEqualTo(prints.get(1))
                .isNotEqualTo(prints.get(2))
                .isNotEqualTo(prints.get(3));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text|{\"text\":\"\"}|/content/text",
                "text|{}|/content/text",
                "text|{\"text\":\"a\",\"html\":\"b\"}|/content/html",
                "image|{}|/content",
                "image|{\"url\":\"https://e.example/a\",\"attachmentId\":\"x\"}|/content",
                "image|{\"url\":\"http://e.example/a\"}|/content/url",
                "video|{\"url\":\"https://e.example/a\",\"durationSeconds\":-1}|/content/durationSeconds",
                "file|{\"attachmentId\":\"a b\"}|/content/attachmentId",
                "location|{\"latitude\":91,\"longitude\":0}|/content/latitude",
                "location|{\"latitude\":1}|/content/longitude",
                "location|{\"latitude\":\"1\",\"longitude\":1}|/content/latitude",
                "command|{\"data\":{}}|/content/name",
                "shout|{\"text\":\"a\"}|/type",
                "custom|7|/content"
            })
    void aWrongContentIsRefusedWithItsPlace(String type, String content, String pointer) {
        refusedAt(
                message("{\"senderId\":\"u1\",\"clientMessageId\":\"c1\",\"type\":\"" + type + "\",\"content\":"
                        + content + "}"),
                pointer);
    }

    @Test
    void aContentIsBounded() {
        var answer = message("{\"senderId\":\"u1\",\"clientMessageId\":\"c1\",\"type\":\"custom\",\"content\":{\"x\":\""
                + "y".repeat(16 * 1024) + "\"}}");
        assertThat(answer.status().intValue()).isEqualTo(413);
        assertThat(asked).isEmpty();
    }

    @Test
    void aReplyIsToAMessageOfTheSameConversation() {
        refusedAt(
                message("{\"senderId\":\"u1\",\"clientMessageId\":\"c1\",\"type\":\"custom\",\"content\":{},"
                        + "\"replyTo\":\"other~1\"}"),
                "/replyTo");
    }

    @Test
    void aRepeatedPostSaysSo() {
        api.conversations = (id, command) -> done(new ConversationReply.Posted(4, TestApi.NOW, true));
        var answer = message(
                "{\"senderId\":\"u1\",\"clientMessageId\":\"c1\",\"type\":\"text\",\"content\":{\"text\":\"hi\"}}");
        assertThat(answer.status().intValue()).isEqualTo(200);
        assertThat(TestApi.header(answer, "Idempotent-Replayed")).isEqualTo("true");
        assertThat(api.json(answer).path("messageSeq").asLong()).isEqualTo(4);
    }

    @Test
    void historyIsOpenedUntilTheSenderIsErased() {
        var items = api.json(api.ask(get(MESSAGES + "?afterSeq=0&beforeSeq=9&limit=3&userId=u1", credential)))
                .path("items");
        assertThat(items.path(0).path("content").toString()).isEqualTo("{\"text\":\"second\"}");
        assertThat(items.path(0).path("messageId").asText()).isEqualTo("g1~1");
        var command = last(ReadHistory.class);
        assertThat(command.userId()).contains("u1");
        assertThat(command.afterSeq()).contains(0L);
        assertThat(command.beforeSeq()).contains(9L);
        assertThat(command.limit()).isEqualTo(3);

        api.sealing.erased.add("user:u1");
        items = api.json(api.ask(get(MESSAGES, credential))).path("items");
        assertThat(items.path(0).path("content").toString()).isEqualTo("{\"erased\":true}");
        assertThat(ConversationFixtures.message(api).content()).isPresent();
    }

    @Test
    void messagesAreEditedAndRecalledByTheirIds() {
        String edit = "{\"senderId\":\"u1\",\"type\":\"text\",\"content\":{\"text\":\"again\"}}";
        var answer = api.ask(TestApi.patch(MESSAGES + "/g1~3", credential, edit));
        assertThat(api.json(answer).path("version").asInt()).isEqualTo(2);
        assertThat(last(Edit.class).messageSeq()).isEqualTo(3);
        assertThat(api.ask(delete(MESSAGES + "/g1~3?by=u2", credential))
                        .status()
                        .intValue())
                .isEqualTo(204);
        assertThat(last(Recall.class).by()).contains("u2");
        int before = asked.size();
        for (String other : List.of("g2~3", "g1~0", "g1~03", "g1~x", "g1", "g1~9999999999999999999")) {
            assertThat(api.ask(delete(MESSAGES + "/" + other, credential))
                            .status()
                            .intValue())
                    .as(other)
                    .isEqualTo(404);
        }
        assertThat(asked).hasSize(before);
    }

    @Test
    void membersComeAndGoInSomebodysName() {
        api.ask(put("/v1/conversations/g1/members/u7?by=u1", credential, "{\"role\":\"admin\"}"));
        assertThat(last(ConversationCommand.PutMember.class).by()).contains("u1");
        api.ask(delete("/v1/conversations/g1/members/u7?banSeconds=60", credential));
        assertThat(last(RemoveMember.class).banSeconds()).isEqualTo(60);
        assertThat(last(RemoveMember.class).by()).isEqualTo(Optional.empty());
        assertThat(api.ask(delete("/v1/conversations/g1/members/u7?ban=60", credential))
                        .status()
                        .intValue())
                .isEqualTo(400);
    }

    @Test
    void aRefusalIsAProblemWithItsCode() {
        api.conversations = (id, command) -> done(new ConversationReply.Refused(ErrorCode.TOO_LATE, "too late"));
        var answer = api.ask(delete(MESSAGES + "/g1~3?by=u2", credential));
        assertThat(answer.status().intValue()).isEqualTo(422);
        assertThat(api.code(answer)).isEqualTo("tooLate");
    }

    private HttpResponse create(String idempotencyKey, String body) {
        return api.ask(key(post("/v1/conversations", credential, body), idempotencyKey));
    }

    private void patch(String body) {
        assertThat(api.ask(TestApi.patch("/v1/conversations/g1", credential, body))
                        .status()
                        .intValue())
                .isEqualTo(200);
    }

    private HttpResponse message(String body) {
        return api.ask(post(MESSAGES, credential, body));
    }

    private void refusedAt(HttpResponse answer, String pointer) {
        assertThat(answer.status().intValue()).isEqualTo(400);
        assertThat(api.json(answer).path("errors").findValuesAsText("pointer")).contains(pointer);
        assertThat(asked).isEmpty();
    }

    private <C extends ConversationCommand> C last(Class<C> type) {
        return type.cast(api.conversationCommands.get(api.conversationCommands.size() - 1));
    }
}
