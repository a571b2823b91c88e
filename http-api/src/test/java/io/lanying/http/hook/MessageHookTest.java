package io.lanying.http.hook;

import static io.lanying.http.TestApi.done;
import static io.lanying.http.TestApi.patch;
import static io.lanying.http.TestApi.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.RawHeader;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lanying.http.HookFixtures;
import io.lanying.http.StubEntities;
import io.lanying.http.TestApi;
import io.lanying.http.outbound.HookServer;
import io.lanying.http.outbound.WebhookSignature;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.ConversationCommand;
import io.lanying.protocol.conversation.ConversationCommand.CheckEdit;
import io.lanying.protocol.conversation.ConversationCommand.CheckPost;
import io.lanying.protocol.conversation.ConversationCommand.Edit;
import io.lanying.protocol.conversation.ConversationCommand.Post;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.SealedContent;
import io.lanying.protocol.tenant.OnSilence;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages of a tenant whose hook is a real https server; the conversation is a stub. */
class MessageHookTest {

    private static final String MESSAGES = "/v1/conversations/g1/messages";
    private static final byte[] SECRET = "s".repeat(32).getBytes(StandardCharsets.UTF_8);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path directory;

    private static TestApi api;
    private static HookServer server;
    private static String credential;
    private static long version;

    private final List<ConversationCommand> commands = new CopyOnWriteArrayList<>();
    private volatile ConversationReply checked = new ConversationReply.Acceptable();

    @BeforeAll
    static void startAll() throws Exception {
        HookServer.certify(directory);
        api = new TestApi("""
                push.http.outbound { allowed-networks = "127.0.0.0/8, ::1", trust = "%s" }
                push.http.message-hook { max-unanswered = 2, breaker { failures = 3, pause = 200ms, max-pause = 400ms } }
                """.formatted(directory.resolve("tls.crt")));
        StubEntities.install(api);
        credential = api.tenantWithKey("acme", "*");
        server = new HookServer(api.kit.system(), directory);
    }

    @AfterAll
    static void stopAll() throws Exception {
        server.close();
        api.close();
    }

    @BeforeEach
    void start() {
        server.received.clear();
        server.script = request -> HookServer.answer(200, "{\"verdict\":\"allow\"}");
        api.conversations = (id, command) -> {
            commands.add(command);
            return done(reply(command));
        };
        hook(OnSilence.REFUSE, 2_000);
    }

    private ConversationReply reply(ConversationCommand command) {
        if (command instanceof CheckPost || command instanceof CheckEdit) {
            return checked;
        }
        return command instanceof Edit
                ? new ConversationReply.Edited(7, 2, TestApi.NOW)
                : new ConversationReply.Posted(13, TestApi.NOW, false);
    }

    /** Another hook, which this node hears of as it would of any change. */
    private static void hook(OnSilence policy, int timeoutMillis) {
        hook(server.url("/hook"), policy, timeoutMillis);
    }

    private static void hook(String url, OnSilence policy, int timeoutMillis) {
        api.messageHook(
                "acme",
                Optional.of(HookFixtures.hook(api.sealing, "acme", ++version, url, SECRET, timeoutMillis, policy)));
        api.nanos.addAndGet(Duration.ofSeconds(6).toNanos());
    }

    private static HttpResponse send(String clientMessageId) {
        return api.ask(message(clientMessageId));
    }

    private static HttpRequest message(String clientMessageId) {
        return post(
                MESSAGES,
                credential,
                "{\"senderId\":\"u1\",\"clientMessageId\":\"" + clientMessageId
                        + "\",\"type\":\"text\",\"content\":{\"text\":\"damn\"},\"mentions\":[\"u2\"],\"replyTo\":\"g1~3\"}");
    }

    private <C> List<C> all(Class<C> type) {
        return commands.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static String clear(SealedContent content) {
        var sealer = api.sealing.sealer("acme", "user:u1").toCompletableFuture().join();
        return new String(sealer.open(content.origin(), "content", content.content()), StandardCharsets.UTF_8);
    }

    private static double silences(String why, String then) {
        var counter = api.metrics
                .find("push.hooks.silences")
                .tags("why", why, "then", then)
                .counter();
        return counter == null ? 0 : counter.count();
    }

    @Test
    void aMessageIsPutToTheHookSignedAndPostedWhenItMayBe() throws Exception {
        assertThat(send("c1").status().intValue()).isEqualTo(201);

        var asked = server.received.get(0);
        assertThat(asked.path()).isEqualTo("/hook");
        String id = asked.headers().get(WebhookSignature.ID);
        assertThat(id).startsWith("msg_").doesNotContain(".");
        long seconds = Long.parseLong(asked.headers().get(WebhookSignature.TIMESTAMP));
        assertThat(seconds).isEqualTo(TestApi.NOW.getEpochSecond());
        assertThat(asked.headers().get(WebhookSignature.SIGNATURE))
                .isEqualTo(WebhookSignature.of(SECRET, id, seconds, asked.body().getBytes(StandardCharsets.UTF_8)));
        assertThat(JSON.readTree(asked.body())).isEqualTo(JSON.readTree("""
                {"type":"message.post","timestamp":"2026-11-20T08:30:00.000Z","data":{"tenantId":"acme","conversationId":"g1",
                 "senderId":"u1","clientMessageId":"c1","type":"text","content":{"text":"damn"},"mentions":["u2"],
                 "replyTo":"g1~3","silent":false}}"""));
        assertThat(clear(all(Post.class).get(0).content())).isEqualTo("{\"text\":\"damn\"}");
        assertThat(commands).as("asked the conversation first").first().isInstanceOf(CheckPost.class);
    }

    @Test
    void aReplacementTakesThePlaceOfWhatWasWrittenAndARepeatIsStillKnown() {
        server.script = request -> HookServer.answer(200, "{\"verdict\":\"replace\",\"content\":{\"text\":\"****\"}}");
        assertThat(send("c2").status().intValue()).isEqualTo(201);

        var check = all(CheckPost.class).get(0).post();
        var posted = all(Post.class).get(0);
        assertThat(clear(posted.content())).isEqualTo("{\"text\":\"****\"}");
        assertThat(posted.content().bytes()).isEqualTo(15);
        assertThat(posted.fingerprint()).isEqualTo(check.fingerprint());
        assertThat(posted.mentions()).containsExactly("u2");
    }

    @Test
    void aRefusalReachesTheSenderWithItsReasonAndNothingIsPosted() {
        server.script = request -> HookServer.answer(200, "{\"verdict\":\"refuse\",\"reason\":\"mind your words\"}");
        var answer = api.json(send("c3"));
        assertThat(answer.path("status").asInt()).isEqualTo(403);
        assertThat(answer.path("code").asText()).isEqualTo("messageRefused");
        assertThat(answer.path("detail").asText()).isEqualTo("mind your words");
        server.script = request -> HookServer.answer(200, "{\"verdict\":\"refuse\"}");
        assertThat(api.code(send("c3"))).isEqualTo("messageRefused");
        assertThat(all(Post.class)).isEmpty();
        assertThat(server.received.get(0).headers().get(WebhookSignature.ID))
                .as("a repeat is the same question")
                .isEqualTo(server.received.get(1).headers().get(WebhookSignature.ID));
    }

    @Test
    void whatTheConversationKnowsOrRefusesIsNotAskedAbout() {
        checked = new ConversationReply.Posted(9, TestApi.NOW, true);
        var repeated = send("c4");
        assertThat(repeated.status().intValue()).isEqualTo(200);
        assertThat(api.json(repeated).path("messageSeq").asLong()).isEqualTo(9);
        checked = new ConversationReply.Refused(ErrorCode.NOT_A_MEMBER, "no member");
        assertThat(api.code(send("c4"))).isEqualTo("notAMember");
        assertThat(server.received).isEmpty();
        assertThat(all(Post.class)).isEmpty();
    }

    @Test
    void anEditIsAskedAboutToo() throws Exception {
        server.script =
                request -> HookServer.answer(200, "{\"verdict\":\"replace\",\"content\":{\"text\":\"better\"}}");
        String body = "{\"senderId\":\"u1\",\"type\":\"text\",\"content\":{\"text\":\"worse\"}}";
        assertThat(api.ask(patch(MESSAGES + "/g1~7", credential, body)).status().intValue())
                .isEqualTo(200);

        var asked = JSON.readTree(server.received.get(0).body());
        assertThat(asked.path("type").asText()).isEqualTo("message.edit");
        assertThat(asked.path("data").path("messageId").asText()).isEqualTo("g1~7");
        assertThat(asked.path("data").has("clientMessageId")).isFalse();
        assertThat(clear(all(Edit.class).get(0).content())).isEqualTo("{\"text\":\"better\"}");
        server.script = request -> HookServer.answer(200, "{\"verdict\":\"refuse\"}");
        assertThat(api.code(api.ask(patch(MESSAGES + "/g1~7", credential, body))))
                .isEqualTo("messageRefused");
        assertThat(all(Edit.class)).hasSize(1);
    }

    @Test
    void whatAppsSendIsAskedAboutToo() {
        server.script = request -> HookServer.answer(200, "{\"verdict\":\"refuse\"}");
        var answer = api.ask(
                post(
                        "/v1/device/messages",
                        api.deviceToken("acme", "d1"),
                        "{\"conversationId\":\"g1\",\"clientMessageId\":\"a1\",\"type\":\"text\",\"content\":{\"text\":\"hi\"}}"));
        assertThat(api.code(answer)).isEqualTo("messageRefused");
        assertThat(server.received).hasSize(1);
    }

    static Stream<String> whatIsNoAnswer() {
        return Stream.of(
                "",
                "yes",
                "[]",
                "{}",
                "{\"verdict\":\"maybe\"}",
                "{\"verdict\":1}",
                "{\"verdict\":\"allow\",\"verdict\":\"refuse\"}",
                "{\"verdict\":\"allow\",\"content\":{\"text\":\"x\"}}",
                "{\"verdict\":\"allow\",\"more\":1}",
                "{\"verdict\":\"allow\"} {}",
                "{\"verdict\":\"refuse\",\"reason\":\"a\\u0007b\"}",
                "{\"verdict\":\"refuse\",\"reason\":\"" + "x".repeat(201) + "\"}",
                "{\"verdict\":\"allow\"" + " ".repeat(70_000) + "}");
    }

    @ParameterizedTest
    @MethodSource("whatIsNoAnswer")
    void whatIsNoAnswerIsSilence(String body) {
        double before = silences("bad_answer", "refuse");
        server.script = request -> HookServer.answer(200, body);
        var answer = send("c5");
        assertThat(answer.status().intValue()).isEqualTo(503);
        assertThat(TestApi.header(answer, "Retry-After")).isNotEmpty();
        assertThat(all(Post.class)).isEmpty();
        assertThat(silences("bad_answer", "refuse")).isEqualTo(before + 1);

        hook(OnSilence.ALLOW, 2_000);
        assertThat(send("c6").status().intValue()).isEqualTo(201);
        assertThat(clear(all(Post.class).get(0).content())).isEqualTo("{\"text\":\"damn\"}");
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 301, 302, 307, 400, 401, 404, 429, 500, 503})
    void anotherStatusIsSilenceAndARedirectIsNotFollowed(int status) {
        server.script = request -> done(
                HttpResponse.create().withStatus(status).addHeader(RawHeader.create("Location", server.url("/other"))));
        assertThat(api.code(send("c7"))).isEqualTo("unavailable");
        assertThat(server.received).hasSize(1);
    }

    @Test
    void aReplacementThatIsNoContentIsNeverTakenForAYes() {
        hook(OnSilence.ALLOW, 2_000);
        for (String content : List.of(
                "",
                ",\"content\":null",
                ",\"content\":\"x\"",
                ",\"content\":{}",
                ",\"content\":{\"text\":\"x\",\"more\":1}",
                ",\"content\":{\"text\":\"" + "x".repeat(17_000) + "\"}")) {
            server.script = request -> HookServer.answer(200, "{\"verdict\":\"replace\"" + content + "}");
            assertThat(api.code(send("c8"))).as(content).isEqualTo("unavailable");
        }
        assertThat(all(Post.class)).isEmpty();
        assertThat(silences("bad_replacement", "refuse")).isEqualTo(6);
    }

    @ParameterizedTest
    @EnumSource(OnSilence.class)
    void afterItsTimeOutThePolicyDecides(OnSilence policy) {
        hook(policy, 150);
        server.script = request -> new CompletableFuture<>();
        double before = silences("timed_out", policy.wireName());
        assertThat(send("c9").status().intValue()).isEqualTo(policy == OnSilence.ALLOW ? 201 : 503);
        assertThat(silences("timed_out", policy.wireName())).isEqualTo(before + 1);
    }

    @Test
    void whoLeadsInsideIsNotAsked() {
        double before = silences("address_refused", "refuse");
        hook("https://10.1.2.3/hook", OnSilence.REFUSE, 1_000);
        assertThat(api.code(send("c10"))).isEqualTo("unavailable");
        assertThat(silences("address_refused", "refuse")).isEqualTo(before + 1);
    }

    @Test
    void aHookThatKeepsSilentIsLeftAloneForAWhile() {
        server.script = request -> HookServer.answer(500, "");
        for (int i = 0; i < 3; i++) {
            send("b" + i);
        }
        await().until(() -> api.metrics.get("push.hooks.breakers.open").gauge().value() == 1);
        int asked = server.received.size();
        assertThat(api.code(send("b3"))).isEqualTo("unavailable");
        assertThat(server.received).hasSize(asked);
        assertThat(silences("breaker_open", "refuse")).isGreaterThanOrEqualTo(1);

        server.script = request -> HookServer.answer(200, "{\"verdict\":\"allow\"}");
        await().atMost(Duration.ofSeconds(5)).until(() -> send("b4").status().intValue() == 201);
        await().until(() -> api.metrics.get("push.hooks.breakers.open").gauge().value() == 0);
    }

    @Test
    void anotherHookBeginsWithoutTheSilencesOfTheLast() {
        server.script = request -> HookServer.answer(500, "");
        for (int i = 0; i < 3; i++) {
            send("n" + i);
        }
        hook(OnSilence.REFUSE, 2_000);
        server.script = request -> HookServer.answer(200, "{\"verdict\":\"allow\"}");
        assertThat(send("n4").status().intValue()).isEqualTo(201);
        assertThat(api.metrics.get("push.hooks.breakers.open").gauge().value()).isZero();
    }

    @Test
    void theSameMessageAtTheSameTimeIsAskedAboutOnceAndTooManyAreRefusedUnasked() {
        hook(OnSilence.REFUSE, 5_000); // while two wait, a third has time to come
        var answer = new CompletableFuture<HttpResponse>();
        server.script = request -> answer;
        CompletionStage<HttpResponse> first = api.begin(message("s1"));
        CompletionStage<HttpResponse> again = api.begin(message("s1"));
        CompletionStage<HttpResponse> second = api.begin(message("s2"));
        await().atMost(Duration.ofSeconds(5)).until(() -> server.received.size() == 2);
        assertThat(api.code(send("s3"))).isEqualTo("tooManyRequests");
        answer.complete(HookServer.answer(200, "{\"verdict\":\"allow\"}")
                .toCompletableFuture()
                .join());
        for (var each : List.of(first, again, second)) {
            assertThat(each.toCompletableFuture().join().status().intValue()).isEqualTo(201);
        }
        assertThat(server.received).hasSize(2);
        assertThat(api.metrics.get("push.hooks.unanswered").gauge().value()).isZero();
        assertThat(api.metrics.counter("push.hooks.refused", "why", "too_many").count())
                .isEqualTo(1);
    }

    @Test
    void withoutAHookAMessageGoesStraightToItsConversation() {
        api.messageHook("acme", Optional.empty());
        api.nanos.addAndGet(Duration.ofSeconds(6).toNanos());
        assertThat(send("w1").status().intValue()).isEqualTo(201);
        assertThat(commands).hasSize(1).first().isInstanceOf(Post.class);
        assertThat(server.received).isEmpty();
    }

    @Test
    void withoutItsSecretNobodyIsAskedAndTheMessageMayBeRepeated() {
        var conversation = api.conversations;
        api.conversations = (id, command) -> {
            api.sealing.down = true;
            return conversation.apply(id, command);
        };
        try {
            assertThat(api.code(send("k1"))).isEqualTo("unavailable");
        } finally {
            api.sealing.down = false;
        }
        assertThat(server.received).isEmpty();
        assertThat(all(Post.class)).isEmpty();
    }
}
