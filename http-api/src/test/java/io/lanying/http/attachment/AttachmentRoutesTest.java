package io.lanying.http.attachment;

import static io.lanying.http.AttachmentFixtures.FILE;
import static io.lanying.http.AttachmentFixtures.GROUP;
import static io.lanying.http.AttachmentFixtures.chunk;
import static io.lanying.http.TestApi.NOW;
import static io.lanying.http.TestApi.done;
import static io.lanying.http.TestApi.get;
import static io.lanying.http.TestApi.header;
import static io.lanying.http.TestApi.key;
import static io.lanying.http.TestApi.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.RawHeader;
import io.lanying.http.StubEntities;
import io.lanying.http.TestApi;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.attachment.AttachmentKey;
import io.lanying.protocol.conversation.ConversationCommand;
import io.lanying.protocol.conversation.ConversationCommand.Admit;
import io.lanying.protocol.conversation.ConversationReply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads and downloads of services and devices, and what strangers try with them. */
class AttachmentRoutesTest {

    private static final String ALL = "/v1/conversations/g1/attachments";
    private static final String OWN = "/v1/device/conversations/g1/attachments";

    private final TestApi api =
            new TestApi("push.http.attachments { max-chunks = 2, max-downloads = 2, max-of-tenant = 2 }");
    private String service = "";
    private String token = "";

    @BeforeEach
    void start() {
        StubEntities.install(api);
        service = api.tenantWithKey("acme", "*");
        token = api.deviceToken("acme", "d1");
        api.forgetAsked();
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void anUploadIsBegunInTheNameOfAMemberWhoMayPost() {
        var answer = api.ask(key(post(ALL, service, "{\"uploaderId\":\"u1\"," + FILE), "k1"));
        assertThat(status(answer)).isEqualTo(201);
        var shown = api.json(answer);
        String id = shown.path("attachmentId").asText();
        assertThat(id).matches("a~[A-Za-z0-9_-]{20,}");
        assertThat(header(answer, "Location")).isEqualTo(ALL + "/" + id);
        assertThat(shown.path("name").asText()).isEqualTo("beach.txt");
        assertThat(shown.path("uploadOffset").asLong()).isZero();
        assertThat(shown.path("complete").asBoolean()).isFalse();
        assertThat(api.conversationCommands).hasSize(1);
        var asked = (Admit) api.conversationCommands.get(0);
        assertThat(asked.userId()).contains("u1");
        assertThat(asked.toPost()).isTrue();
        var begun = api.attachments.begun.orElseThrow();
        assertThat(begun.name().subject()).as("personal data").isEqualTo("user:u1");
        assertThat(begun.life()).isEqualTo(NOW.toEpochMilli());

        assertThat(idOf(key(post(ALL, service, "{\"uploaderId\":\"u1\"," + FILE), "k1")))
                .isEqualTo(id);
        assertThat(idOf(key(post(ALL, service, "{\"uploaderId\":\"u1\"," + FILE), "k2")))
                .isNotEqualTo(id);
        assertThat(idOf(key(post(OWN, token, "{" + FILE), "k1")))
                .as("another's keys")
                .isNotEqualTo(id);
        assertThat(idOf(key(post(ALL.replace("g1", "g2"), service, "{\"uploaderId\":\"u1\"," + FILE), "k1")))
                .isNotEqualTo(id);
    }

    private String idOf(HttpRequest request) {
        return api.json(api.ask(request)).path("attachmentId").asText();
    }

    @Test
    void aDeviceUploadsForItsOwnerOnly() {
        assertThat(status(api.ask(key(post(OWN, token, "{" + FILE), "k")))).isEqualTo(201);
        assertThat(api.attachments.begun.orElseThrow().uploaderId()).isEqualTo("u1");
        var forged = api.ask(key(post(OWN, token, "{\"uploaderId\":\"u2\"," + FILE), "k"));
        assertThat(status(forged)).isEqualTo(400);

        api.attachments.put(new AttachmentKey(GROUP, "b0"), "u2", "text/plain", NOW, 5, 0, false);
        assertThat(api.code(api.ask(chunk(OWN + "/b0", token, "0", "hello")))).isEqualTo("notPermitted");
        assertThat(api.code(api.ask(TestApi.delete(OWN + "/b0", token)))).isEqualTo("notPermitted");
        assertThat(status(api.ask(get(OWN + "/b0", token))))
                .as("members may look")
                .isEqualTo(200);
        assertThat(api.attachments.asked).noneMatch(asked -> asked.startsWith("append") || asked.startsWith("remove"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"name\":\"beach.txt\"    | \"name\":\"../../etc/passwd\"      | 400",
                "\"name\":\"beach.txt\"    | \"name\":\"a\\\\b\"                | 400",
                "\"name\":\"beach.txt\"    | \"name\":\".bashrc\"               | 400",
                "\"name\":\"beach.txt\"    | \"name\":\"a\\r\\nSet-Cookie: x\"  | 400",
                "\"name\":\"beach.txt\"    | \"name\":\"a\\u0000b\"             | 400",
                "\"name\":\"beach.txt\"    | \"name\":\"gpj\\u202eexe\"         | 400",
                "\"name\":\"beach.txt\"    | \"name\":\"\"                      | 400",
                "text/plain                | text/html                          | 400",
                "text/plain                | image/svg+xml                      | 400",
                "text/plain                | TEXT/PLAIN                         | 400",
                "text/plain                | text/plain; charset=utf-7          | 400",
                "\"size\":5                | \"size\":0                         | 400",
                "\"size\":5                | \"size\":-1                        | 400",
                "\"size\":5                | \"size\":1e3                       | 400",
                "\"size\":5                | \"size\":9223372036854775807       | 413",
                "\"size\":5                | \"size\":99999999999999999999      | 400",
                "\"size\":5                | \"size\":10485761                  | 413",
                "2cf24dba                  | 2CF24DBA                           | 400",
                "2cf24dba                  | ../../..                           | 400",
            })
    void whatIsAnnouncedBadlyIsRefusedAndNothingIsDone(String right, String wrong, int status) {
        for (boolean own : new boolean[] {false, true}) {
            api.forgetAsked();
            String body = (own ? "{" : "{\"uploaderId\":\"u1\",") + FILE.replace(right, wrong);
            var answer = api.ask(key(own ? post(OWN, token, body) : post(ALL, service, body), "k"));
            assertThat(status(answer)).as(api.text(answer)).isEqualTo(status);
            assertThat(api.isUntouched()).isTrue();
        }
    }

    @Test
    void aChunkGoesWhereTheUploadIs() {
        var answer = api.ask(chunk(OWN + "/a0", token, "0", "hello"));
        assertThat(status(answer)).isEqualTo(200);
        assertThat(api.attachments.asked).contains("append acme:g1/a0");
        assertThat(((Admit) api.conversationCommands.get(0)).userId()).contains("u1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "x", "0x0", "1e1", "99999999999999999999", "0,0"})
    void offsetsThatAreNoneAreRefused(String offset) {
        var answer = api.ask(chunk(ALL + "/a0", service, offset, "hello"));
        assertThat(status(answer)).isEqualTo(400);
        assertThat(api.attachments.asked).doesNotContain("append acme:g1/a0");
    }

    @Test
    void chunksOfAnotherPlaceSizeOrTypeAreRefusedUnread() {
        assertThat(api.code(api.ask(chunk(ALL + "/a0", service, "5", "hello")))).isEqualTo("offsetMismatch");
        assertThat(api.code(api.ask(chunk(ALL + "/a1", service, "5", "hello"))))
                .as("it is complete")
                .isEqualTo("offsetMismatch");
        assertThat(api.code(api.ask(chunk(ALL + "/a0", service, "0", "hello!"))))
                .isEqualTo("payloadTooLarge");
        assertThat(api.code(api.ask(chunk(ALL + "/a0", service, "0", "hello")
                        .addHeader(RawHeader.create("Content-Encoding", "gzip")))))
                .isEqualTo("unsupportedMediaType");
        assertThat(api.attachments.asked).doesNotContain("append acme:g1/a0");
    }

    @Test
    void whatTheKeeperRefusesIsSaid() {
        for (ErrorCode code :
                List.of(ErrorCode.OFFSET_MISMATCH, ErrorCode.CONTENT_MISMATCH, ErrorCode.INVALID_REQUEST)) {
            api.attachments.refusal = Optional.of(code);
            assertThat(api.code(api.ask(chunk(ALL + "/a0", service, "0", "hello"))))
                    .isEqualTo(code.wireName());
        }
        api.attachments.refusal = Optional.of(ErrorCode.LIMIT_REACHED);
        assertThat(api.code(api.ask(key(post(ALL, service, "{\"uploaderId\":\"u1\"," + FILE), "k"))))
                .isEqualTo("limitReached");
        api.attachments.down = true;
        var answer = api.ask(chunk(ALL + "/a0", service, "0", "hello"));
        assertThat(status(answer)).as("such as a full disk").isEqualTo(503);
    }

    @Test
    void aContentIsNeverShownWhereItComesFrom() {
        var answer = api.ask(get(ALL + "/a1/content", service).addHeader(RawHeader.create("Accept-Encoding", "gzip")));
        assertThat(status(answer)).isEqualTo(200);
        assertThat(api.text(answer)).isEqualTo("hello");
        assertThat(answer.entity().getContentType().toString()).isEqualTo("text/plain");
        assertThat(header(answer, "Content-Disposition"))
                .isEqualTo("attachment; filename=\"be_ach.txt\"; filename*=UTF-8''be%22ach.txt");
        assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(answer, "Content-Security-Policy")).isEqualTo("default-src 'none'; sandbox");
        assertThat(header(answer, "Content-Encoding")).isEmpty();
        assertThat(header(answer, "ETag")).isEqualTo("\"" + "ab".repeat(32) + "\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-0              | 206 | h     | bytes 0-0/5",
                "bytes=1-3              | 206 | ell   | bytes 1-3/5",
                "bytes=3-99             | 206 | lo    | bytes 3-4/5",
                "bytes=2-               | 206 | llo   | bytes 2-4/5",
                "bytes=-2               | 206 | lo    | bytes 3-4/5",
                "bytes=-99              | 206 | hello | bytes 0-4/5",
                "bytes=0-1,3-4          | 200 | hello | ''",
                "bytes=3-1              | 200 | hello | ''",
                "bytes=-                | 200 | hello | ''",
                "lines=1-2              | 200 | hello | ''",
                "bytes=99999999999999999999- | 200 | hello | ''",
            })
    void partsAreServed(String range, int status, String part, String contentRange) {
        var answer = api.ask(get(OWN + "/a1/content", token).addHeader(RawHeader.create("Range", range)));
        assertThat(status(answer)).isEqualTo(status);
        assertThat(api.text(answer)).isEqualTo(part);
        assertThat(header(answer, "Content-Range")).isEqualTo(contentRange);
    }

    @Test
    void conditionsAreHeeded() {
        String tag = "\"" + "ab".repeat(32) + "\"";
        var whole = get(ALL + "/a1/content", service);
        assertThat(status(api.ask(whole.addHeader(RawHeader.create("If-None-Match", "\"x\", W/" + tag)))))
                .isEqualTo(304);
        assertThat(status(api.ask(whole.addHeader(RawHeader.create("If-None-Match", "\"x\"")))))
                .isEqualTo(200);
        var part = whole.addHeader(RawHeader.create("Range", "bytes=1-2"));
        assertThat(status(api.ask(part.addHeader(RawHeader.create("If-Range", tag)))))
                .isEqualTo(206);
        assertThat(status(api.ask(part.addHeader(RawHeader.create("If-Range", "\"x\"")))))
                .isEqualTo(200);
        assertThat(api.code(api.ask(whole.addHeader(RawHeader.create("Range", "bytes=5-")))))
                .isEqualTo("rangeNotSatisfiable");
        assertThat(api.code(api.ask(whole.addHeader(RawHeader.create("Range", "bytes=-0")))))
                .isEqualTo("rangeNotSatisfiable");
    }

    @Test
    void whatIsNotCompleteOrOfAnotherLifeIsNotServed() {
        assertThat(api.code(api.ask(get(ALL + "/a0/content", service)))).isEqualTo("attachmentNotReady");
        byte[] hello = "hello".getBytes(StandardCharsets.UTF_8);
        api.attachments.put(GROUP, "old", "u1", "text/plain", NOW.minusSeconds(1), hello);
        for (String path : List.of("/old", "/old/content")) {
            assertThat(status(api.ask(get(ALL + path, service)))).isEqualTo(404);
            assertThat(status(api.ask(get(OWN + path, token)))).isEqualTo(404);
        }
        assertThat(status(api.ask(chunk(ALL + "/old", service, "0", "hello")))).isEqualTo(404);
    }

    @Test
    void whoIsNoMemberLearnsNothing() {
        api.conversations = (id, command) -> done(new ConversationReply.Refused(ErrorCode.NOT_A_MEMBER, "no"));
        for (var request : List.of(
                get(OWN + "/a1", token),
                get(OWN + "/a1/content", token),
                get(OWN + "/none/content", token),
                TestApi.delete(OWN + "/a1", token),
                chunk(OWN + "/a0", token, "0", "hello"),
                get(ALL + "/a1/content?userId=u9", service))) {
            assertThat(api.code(api.ask(request))).isEqualTo("notAMember");
        }
        assertThat(api.attachments.asked).isEmpty();
    }

    @Test
    void tooManyDownloadsAtOnceAreRefusedUntilSomeHaveEnded() {
        var first = api.ask(get(ALL + "/a1/content", service));
        var second = api.ask(get(ALL + "/a1/content", service));
        assertThat(status(api.ask(get(ALL + "/a1/content", service))))
                .as("those that nobody takes yet hold nothing")
                .isEqualTo(200);
        assertThat(api.text(first) + api.text(second)).isEqualTo("hellohello");
        // The end of a flow gives its slot back, by itself, after the last bytes.
        await().until(() ->
                api.metrics.get("push.http.attachments.downloading").gauge().value() == 0);
    }

    @Test
    void aMessageThatNamesAnAttachmentHasToFindItComplete() {
        String message =
                "{\"senderId\":\"u1\",\"clientMessageId\":\"c1\",\"type\":\"file\",\"content\":{\"attachmentId\":\"ID\"}}";
        String messages = "/v1/conversations/g1/messages";
        for (String id : List.of("a0", "none")) {
            assertThat(api.code(api.ask(post(messages, service, message.replace("ID", id)))))
                    .isEqualTo("attachmentNotReady");
            assertThat(api.code(api.ask(post(
                            "/v1/device/messages",
                            token,
                            message.replace("ID", id).replace("senderId\":\"u1", "conversationId\":\"g1")))))
                    .isEqualTo("attachmentNotReady");
            assertThat(api.code(api.ask(TestApi.patch(
                            messages + "/g1~1",
                            service,
                            message.replace("ID", id).replace("\"clientMessageId\":\"c1\",", "")))))
                    .isEqualTo("attachmentNotReady");
        }
        assertThat(api.conversationCommands).isEmpty();
        assertThat(status(api.ask(post(messages, service, message.replace("ID", "a1")))))
                .isEqualTo(201);
    }

    @Test
    void aMessageThatNamesNoneAsksForNone() {
        String message =
                "{\"senderId\":\"u1\",\"clientMessageId\":\"c1\",\"type\":\"custom\",\"content\":{\"attachmentId\":\"a0\"}}";
        assertThat(status(api.ask(post("/v1/conversations/g1/messages", service, message))))
                .isEqualTo(201);
        assertThat(status(api.ask(post(
                        "/v1/conversations/g1/messages",
                        service,
                        message.replace("custom", "image")
                                .replace("attachmentId\":\"a0", "url\":\"https://a.example/b")))))
                .isEqualTo(201);
        assertThat(api.attachments.asked).isEmpty();
    }

    @Test
    void theEndOfAConversationAndOfAPersonIsTheEndOfTheirAttachments() {
        api.conversations = (id, command) -> done(
                command instanceof ConversationCommand.Delete
                        ? new ConversationReply.Gone()
                        : new ConversationReply.Refused(ErrorCode.NOT_FOUND, "no"));
        assertThat(status(api.ask(TestApi.delete("/v1/conversations/g1", service))))
                .isEqualTo(204);
        assertThat(api.attachments.asked).containsExactly("noteEnding acme:g1", "removeOf acme:g1");
        api.attachments.asked.clear();
        assertThat(status(api.ask(TestApi.delete("/v1/users/u1", service)))).isEqualTo(204);
        assertThat(api.attachments.asked).containsExactly("removeOf acme:u1");
    }

    @Test
    void aConversationThatBeganAgainKeepsItsNewAttachments() {
        api.attachments.ended = List.of(GROUP);
        var ended = new EndedConversations(api.attachments, (id, command) -> done(new ConversationReply.Admitted(NOW)));
        ended.look().toCompletableFuture().join();
        assertThat(api.attachments.asked).containsExactly("removeOf acme:g1 but " + NOW.toEpochMilli());
    }

    @Test
    void aConversationThatDoesNotAnswerHoldsUpNoOther() {
        api.attachments.ended = List.of(new EntityId("acme", "silent"), GROUP);
        var ended = new EndedConversations(
                api.attachments,
                (id, command) -> id.equals(GROUP)
                        ? done(new ConversationReply.Refused(ErrorCode.NOT_FOUND, "no"))
                        : CompletableFuture.failedFuture(new IllegalStateException("no answer")));
        assertThat(ended.look().toCompletableFuture()).as("said all the same").isCompletedExceptionally();
        assertThat(api.attachments.asked).containsExactly("removeOf acme:g1");
    }

    private static int status(HttpResponse response) {
        return response.status().intValue();
    }
}
