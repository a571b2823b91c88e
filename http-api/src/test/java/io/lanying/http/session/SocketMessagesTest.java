package io.lanying.http.session;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.ConversationCommand.Post;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationReply.Posted;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.MessageType;
import io.lanying.protocol.conversation.Receipt;
import io.lanying.protocol.conversation.SealedContent;
import io.lanying.protocol.conversation.StoredMessage;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceCommand.Attach;
import io.lanying.protocol.device.DeviceCommand.Unreadable;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.sealing.Sealed;
import io.lanying.protocol.sealing.Sealer;
import io.lanying.protocol.session.SessionMessage.Deliver;
import io.lanying.protocol.session.SessionMessage.Item;
import io.lanying.protocol.wire.ClientFrame;
import io.lanying.protocol.wire.FrameFormat;
import io.lanying.protocol.wire.ServerFrame;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Messages on the socket: what a person sends, and what is handed out to their devices. */
class SocketMessagesTest {

    private static final SocketRig rig = new SocketRig();

    @AfterAll
    static void stop() throws Exception {
        rig.close();
    }

    @ParameterizedTest
    @EnumSource(FrameFormat.class)
    void aMessageIsShownAsItIs(FrameFormat format) throws Exception {
        String id = "shown-" + format;
        var device = rig.device(id);
        var app = rig.connect(id, format);
        Attach attach = rig.attach(app, device, 3);
        var edited = new StoredMessage(
                7,
                2,
                "bob",
                MessageType.TEXT,
                Optional.of(content("{\"text\":\"你好\"}", "user:bob")),
                List.of("u1", "*"),
                Optional.of("c1~3"),
                SocketRig.AT,
                Optional.of(SocketRig.AT.plusSeconds(9)),
                Optional.empty());
        attach.session()
                .tell(new Deliver(
                        device.ref(),
                        List.of(
                                item(1, ItemKind.EDIT, Optional.of(edited)),
                                item(2, ItemKind.RECALL, Optional.empty()),
                                item(3, ItemKind.READ, Optional.empty()))));

        var shown = app.expect(ServerFrame.Item.class);
        assertThat(shown.id()).isEqualTo("c1~7");
        assertThat(shown.kind()).isEqualTo("edit");
        assertThat(shown.notificationId()).isNull();
        assertThat(shown.body().toString())
                .isEqualTo(
                        "{\"conversationId\":\"c1\",\"messageSeq\":7,\"messageId\":\"c1~7\",\"senderId\":\"bob\","
                                + "\"type\":\"text\",\"content\":{\"text\":\"你好\"},\"sentAt\":\"2026-11-20T15:04:05.678Z\","
                                + "\"editedAt\":\"2026-11-20T15:04:14.678Z\",\"mentions\":[\"u1\",\"*\"],\"replyTo\":\"c1~3\"}");
        for (String kind : List.of("recall", "read")) {
            var other = app.expect(ServerFrame.Item.class);
            assertThat(other.kind()).isEqualTo(kind);
            assertThat(other.notificationId()).isNull();
            assertThat(other.body().toString())
                    .isEqualTo("{\"conversationId\":\"c1\",\"messageSeq\":7,\"messageId\":\"c1~7\"}");
        }
    }

    @Test
    void aReceiptSaysHowFarMessagesHaveCome() throws Exception {
        var device = rig.device("receipt");
        var app = rig.connect("receipt");
        Attach attach = rig.attach(app, device, 1);
        var receipt = new Receipt(4, 12, 11, 9, 7, 6, 3);
        attach.session()
                .tell(new Deliver(
                        device.ref(),
                        List.of(new Item(
                                1,
                                receipt.itemId("c1"),
                                ItemKind.RECEIPT,
                                SocketRig.AT,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(new MessageRef("c1", 12, 0)),
                                Optional.empty(),
                                Optional.of(receipt)))));
        var shown = app.expect(ServerFrame.Item.class);
        assertThat(shown.id()).isEqualTo("c1~12.r4.29");
        assertThat(shown.kind()).isEqualTo("receipt");
        assertThat(shown.notificationId()).isNull();
        assertThat(shown.body().toString())
                .isEqualTo("{\"conversationId\":\"c1\",\"messageSeq\":12,\"messageId\":\"c1~12\",\"deliveredSeq\":11,"
                        + "\"readSeq\":9,\"members\":7,\"delivered\":6,\"read\":3}");
    }

    @Test
    void anErasedSendersMessageIsGone() throws Exception {
        var device = rig.device("erased");
        var app = rig.connect("erased");
        Attach attach = rig.attach(app, device, 1);
        rig.sealing.erased.add("user:ghost");
        var message = stored("{\"text\":\"boo\"}", "user:ghost");
        attach.session().tell(new Deliver(device.ref(), List.of(item(1, ItemKind.MESSAGE, Optional.of(message)))));

        assertThat(app.expect(ServerFrame.Gone.class)).isEqualTo(new ServerFrame.Gone(1, 1, "refused"));
        device.expectMessage(new Unreadable(attach.sessionId(), 1));
    }

    @Test
    void whatAPersonSendsIsPostedInTheirNameAndAnswered() throws Exception {
        var app = attached("sender");
        var posted = new LinkedBlockingQueue<Post>();
        rig.conversations = (conversation, command) -> {
            assertThat(conversation.toString()).isEqualTo(SocketRig.TENANT + ":c1");
            posted.add((Post) command.apply(rig.kit.system().ignoreRef()));
            return CompletableFuture.completedFuture(new Posted(13, SocketRig.AT, posted.size() > 1));
        };
        app.sendText(send(7, "m1", "{\"text\":\"hi\"}"));
        assertThat(app.expect(ServerFrame.Reply.class)).isEqualTo(new ServerFrame.Reply(7, true, "c1~13", 13L, null));
        app.sendText(send(8, "m1", "{\"text\":\"hi\"}"));
        assertThat(app.expect(ServerFrame.Reply.class)).isEqualTo(new ServerFrame.Reply(8, true, "c1~13", 13L, null));

        Post first = posted.poll(3, TimeUnit.SECONDS);
        Post again = posted.poll(3, TimeUnit.SECONDS);
        assertThat(first.senderId()).isEqualTo("u1");
        assertThat(first.clientMessageId()).isEqualTo("m1");
        assertThat(first.content().content().subject()).isEqualTo("user:u1");
        assertThat(first.content().content().box()).isEqualTo("{\"text\":\"hi\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(first.content().bytes()).isEqualTo(13);
        assertThat(again.fingerprint()).as("a repeat is known by it").isEqualTo(first.fingerprint());
        assertThat(again.content().origin()).isEqualTo(first.content().origin());
    }

    @Test
    void aRefusalSaysWhyAndNoAnswerSaysRepeat() throws Exception {
        var app = attached("refused");
        rig.conversations = (conversation, command) ->
                CompletableFuture.completedFuture(new ConversationReply.Refused(ErrorCode.NOT_A_MEMBER, "not here"));
        app.sendText(send(1, "m1", "{\"text\":\"hi\"}"));
        assertThat(app.expect(ServerFrame.Reply.class).code()).isEqualTo("notAMember");
        rig.conversations =
                (conversation, command) -> CompletableFuture.failedFuture(new IllegalStateException("away"));
        app.sendText(send(2, "m1", "{\"text\":\"hi\"}"));
        assertThat(app.expect(ServerFrame.Reply.class).code()).isEqualTo("unavailable");
        app.sendText(send(3, "m2", "{}"));
        assertThat(app.expect(ServerFrame.Reply.class).code())
                .as("a text without text")
                .isEqualTo("invalidRequest");
        app.sendText(
                "{\"t\":\"send\",\"ref\":4,\"conversationId\":\"c1\",\"clientMessageId\":\"m2\",\"type\":\"shout\",\"content\":{}}");
        assertThat(app.expect(ServerFrame.Reply.class).code()).isEqualTo("invalidRequest");
        app.sendText(send(5, "m2", "{\"text\":\"hi\"}").replaceFirst("}$", ",\"mentions\":{\"a\":1}}"));
        assertThat(app.expect(ServerFrame.Reply.class).code()).isEqualTo("invalidRequest");
    }

    @Test
    void whatIsSentFirstIsPostedFirstHoweverLongItTakesToBecomeReady() throws Exception {
        var app = attached("patient");
        var posted = new LinkedBlockingQueue<String>();
        rig.conversations = (conversation, command) -> {
            posted.add(((Post) command.apply(rig.kit.system().ignoreRef())).clientMessageId());
            return CompletableFuture.completedFuture(new Posted(posted.size(), SocketRig.AT, false));
        };
        var slow = new CompletableFuture<Sealer>();
        var failing = new CompletableFuture<Sealer>();
        rig.sealing.slowSealers.addAll(List.of(slow, failing));
        for (int i = 1; i <= 3; i++) {
            app.sendText(send(i, "m" + i, "{\"text\":\"hi\"}"));
        }
        app.say(new ClientFrame.Ping());
        app.expect(ServerFrame.Pong.class);
        assertThat(posted).isEmpty();

        failing.completeExceptionally(new IllegalStateException("no key"));
        slow.complete(new FakeSealing.ClearSealer("user:u1"));
        var answers = new TreeMap<Long, Boolean>();
        for (int i = 1; i <= 3; i++) {
            var reply = app.expect(ServerFrame.Reply.class);
            answers.put(reply.ref(), reply.ok());
        }
        assertThat(answers).isEqualTo(Map.of(1L, true, 2L, false, 3L, true));
        assertThat(posted).containsExactly("m1", "m3");
    }

    @Test
    void aDeviceOfNobodyCannotSend() throws Exception {
        var app = attached("nobodys");
        app.sendText(send(1, "m1", "{\"text\":\"hi\"}"));
        assertThat(app.expect(ServerFrame.Reply.class).code()).isEqualTo("notPermitted");
    }

    @Test
    void nothingIsSentBeforeTheDeviceTookTheSession() throws Exception {
        TestProbe<DeviceCommand> device = rig.device("early");
        var app = rig.connect("early");
        app.say(new ClientFrame.Hello(null, 0, List.of()));
        device.expectMessageClass(Attach.class);
        app.sendText(send(1, "m1", "{\"text\":\"hi\"}"));
        assertThat(app.expect(ServerFrame.Reply.class).code()).isEqualTo("unavailable");
    }

    @Test
    void unansweredMessagesAreBounded() throws Exception {
        var app = attached("busy");
        Map<String, CompletableFuture<ConversationReply>> open = new ConcurrentHashMap<>();
        rig.conversations = (conversation, command) -> open.computeIfAbsent(
                ((Post) command.apply(rig.kit.system().ignoreRef())).clientMessageId(),
                id -> new CompletableFuture<>());
        for (int i = 0; i <= Sends.MAX_UNDER_WAY; i++) {
            app.sendText(send(i, "m" + i, "{\"text\":\"hi\"}"));
        }
        assertThat(app.expect(ServerFrame.Reply.class))
                .isEqualTo(new ServerFrame.Reply(Sends.MAX_UNDER_WAY, false, null, null, "tooManyRequests"));
        open.get("m3").complete(new Posted(1, SocketRig.AT, false));
        assertThat(app.expect(ServerFrame.Reply.class).ref()).isEqualTo(3);
        app.sendText(send(99, "m99", "{\"text\":\"hi\"}"));
        app.say(new ClientFrame.Ping());
        app.expect(ServerFrame.Pong.class);
        assertThat(open).containsKey("m99");
    }

    private static RawApp attached(String id) throws Exception {
        var device = rig.device(id);
        var app = rig.connect(id);
        rig.attach(app, device, 0);
        return app;
    }

    private static String send(long ref, String clientMessageId, String content) {
        return "{\"t\":\"send\",\"ref\":" + ref + ",\"conversationId\":\"c1\",\"clientMessageId\":\"" + clientMessageId
                + "\",\"type\":\"text\",\"content\":" + content + "}";
    }

    private static Item item(long itemSeq, ItemKind kind, Optional<StoredMessage> message) {
        return new Item(
                itemSeq,
                "c1~7",
                kind,
                SocketRig.AT,
                Optional.empty(),
                Optional.empty(),
                Optional.of(new MessageRef("c1", 7, 2)),
                message);
    }

    private static StoredMessage stored(String content, String subject) {
        return new StoredMessage(
                7,
                1,
                "ghost",
                MessageType.TEXT,
                Optional.of(content(content, subject)),
                List.of(),
                Optional.empty(),
                SocketRig.AT,
                Optional.empty(),
                Optional.empty());
    }

    private static SealedContent content(String json, String subject) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return new SealedContent("origin-7", new Sealed(subject, bytes), bytes.length);
    }
}
