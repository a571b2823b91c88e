package io.lanying.http;

import static io.lanying.http.TestApi.NOW;
import static io.lanying.http.TestApi.delete;
import static io.lanying.http.TestApi.done;
import static io.lanying.http.TestApi.get;
import static io.lanying.http.TestApi.key;
import static io.lanying.http.TestApi.patch;
import static io.lanying.http.TestApi.post;
import static io.lanying.http.TestApi.put;

import akka.http.javadsl.model.HttpRequest;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.Persisted;
import io.lanying.protocol.conversation.ConversationCommand;
import io.lanying.protocol.conversation.ConversationEvent;
import io.lanying.protocol.conversation.ConversationName;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationReply.ConversationView;
import io.lanying.protocol.conversation.ConversationReply.MemberView;
import io.lanying.protocol.conversation.ConversationSettings;
import io.lanying.protocol.conversation.ConversationSnapshot;
import io.lanying.protocol.conversation.ConversationType;
import io.lanying.protocol.conversation.Counts;
import io.lanying.protocol.conversation.MemberRole;
import io.lanying.protocol.conversation.MessageType;
import io.lanying.protocol.conversation.NewMember;
import io.lanying.protocol.conversation.PushMode;
import io.lanying.protocol.conversation.Receipt;
import io.lanying.protocol.conversation.SealedContent;
import io.lanying.protocol.conversation.StoredMessage;
import io.lanying.protocol.journal.StateAsOf;
import io.lanying.protocol.position.Position;
import io.lanying.protocol.position.PositionChange;
import io.lanying.protocol.position.PositionsEvent;
import io.lanying.protocol.position.PositionsSnapshot;
import io.lanying.protocol.position.ReceiptChange;
import io.lanying.protocol.registry.MemberRow;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/** A group {@code g1} of {@code acme}, for which every call succeeds. */
public final class ConversationFixtures {

    private static final String GROUP = "/v1/conversations/g1";
    private static final String TEXT = "\"senderId\":\"u1\",\"type\":\"text\",\"content\":{\"text\":\"hi\"}}";

    private static final Counts COUNTS = new Counts(0, 1, false);
    private static final Receipt RECEIPT = new Receipt(1, 1, 1, 0, 3, 2, 0);

    private ConversationFixtures() {}

    static void install(TestApi api) {
        var group = new EntityId("acme", "g1");
        api.conversations = (id, command) -> done(
                id.tenant().equals("acme")
                        ? answer(api, id, command)
                        : new ConversationReply.Refused(ErrorCode.NOT_FOUND, "no such conversation"));
        api.journal("acme", "g1", events(api).toArray(Persisted[]::new));
        AttachmentFixtures.install(api);
        api.states.put(group, new StateAsOf(3, NOW, snapshot()));
        api.journal("acme", "g1~0", positionsEvents().toArray(Persisted[]::new));
        api.states.put(
                new EntityId("acme", "g1~0"),
                new StateAsOf(
                        2,
                        NOW,
                        new PositionsSnapshot(
                                2,
                                NOW,
                                Optional.of("g1"),
                                List.of(new Position(0, "u1", 1, 1, 1, 1, Optional.of("d1"), COUNTS)
                                        .withReceipt(Optional.of(RECEIPT), Optional.empty())))));
        api.members.add(new MemberRow("acme", "u1", "g1", 1, false, NOW));
        api.members.add(new MemberRow("acme", "u1", "g0", 2, true, NOW));
    }

    /** Of a companion, one of each kind. */
    static List<Persisted> positionsEvents() {
        return List.of(
                new PositionsEvent.PositionsMoved(
                        NOW,
                        "g1",
                        List.of(new PositionChange(0, "u1", 1, 1, 0, Optional.of("d1"), COUNTS)),
                        List.of(
                                new ReceiptChange(0, "u1", 1, Optional.of(RECEIPT)),
                                new ReceiptChange(1, "u2", 1, Optional.empty()))),
                new PositionsEvent.ReadsTold(
                        NOW,
                        List.of(new PositionsEvent.ToldRead(0, "u1", 1)),
                        List.of(new PositionsEvent.ToldReceipt(0, "u1", RECEIPT))));
    }

    public static SealedContent content(TestApi api, String text) {
        byte[] clear = ("{\"text\":\"" + text + "\"}").getBytes(StandardCharsets.UTF_8);
        var sealer = api.sealing.sealer("acme", "user:u1").toCompletableFuture().join();
        return new SealedContent("o1", sealer.seal("o1", "content", clear), clear.length);
    }

    private static Optional<ConversationName> name(TestApi api) {
        var sealer = api.sealing.sealer("acme", "tenant").toCompletableFuture().join();
        byte[] clear = "Team".getBytes(StandardCharsets.UTF_8);
        return Optional.of(new ConversationName(sealer.seal("g1", "name", clear), sealer.fingerprint(clear)));
    }

    public static List<ConversationEvent> events(TestApi api) {
        var members = List.of(new NewMember("u1", MemberRole.OWNER));
        Optional<String> by = Optional.of("u1");
        return List.of(
                new ConversationEvent.ConversationCreated(
                        NOW, ConversationType.GROUP, name(api), ConversationSettings.DEFAULT, members, "k", "f"),
                new ConversationEvent.ConversationChanged(NOW, name(api), ConversationSettings.DEFAULT, false, by),
                new ConversationEvent.MembersAdded(NOW, members, by),
                new ConversationEvent.RolesChanged(NOW, members, by),
                new ConversationEvent.PushModeSet(NOW, "u1", PushMode.NONE, by),
                new ConversationEvent.MemberRemoved(NOW, "u2", Optional.of(NOW), by),
                new ConversationEvent.MessagePosted(
                        NOW,
                        1,
                        "u1",
                        "c1",
                        "f",
                        MessageType.TEXT,
                        content(api, "first"),
                        List.of("*"),
                        Optional.of(1L),
                        false,
                        0),
                new ConversationEvent.MessageEdited(NOW, 1, 2, "u1", "f", content(api, "second"), List.of()),
                new ConversationEvent.MessageRecalled(NOW, 1, Optional.empty()),
                new ConversationEvent.NewsTold(NOW, 9, List.of("u2")),
                new ConversationEvent.NewsCaughtUp(NOW, List.of(new ConversationEvent.CaughtUp("u2", 9))),
                new ConversationEvent.NewsGivenUp(NOW, List.of("u2")),
                new ConversationEvent.PinSet(NOW, "u1", true, by),
                new ConversationEvent.ConversationDeleted(NOW, by));
    }

    private static ConversationSnapshot snapshot() {
        return new ConversationSnapshot(
                3,
                NOW,
                Optional.of(new ConversationSnapshot.Head(
                        ConversationType.GROUP, Optional.empty(), ConversationSettings.DEFAULT, false, NOW, NOW, 0)),
                Optional.empty(),
                1,
                List.of(new ConversationSnapshot.Member("u1", MemberRole.OWNER, PushMode.ALL, NOW, 1, 0)),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                new ConversationSnapshot.News(0, 0, List.of(), 0));
    }

    private static ConversationView view(Optional<ConversationName> name) {
        return new ConversationView(ConversationType.GROUP, name, ConversationSettings.DEFAULT, false, 1, 1, NOW, NOW);
    }

    private static ConversationReply answer(TestApi api, EntityId id, ConversationCommand command) {
        if (command instanceof ConversationCommand.Admit) {
            return new ConversationReply.Admitted(NOW);
        }
        var view = view(id.id().equals("g1") ? name(api) : Optional.empty());
        var member = new MemberView("u1", MemberRole.OWNER, PushMode.ALL, NOW);
        Map<Class<?>, ConversationReply> replies = Map.of(
                ConversationCommand.Create.class, new ConversationReply.Created(true, false, view),
                ConversationCommand.Delete.class, new ConversationReply.Gone(),
                ConversationCommand.RemoveMember.class, new ConversationReply.Gone(),
                ConversationCommand.PutMember.class, new ConversationReply.MemberSaved(false, member),
                ConversationCommand.ListMembers.class, new ConversationReply.Members(List.of(member), false),
                ConversationCommand.Post.class, new ConversationReply.Posted(1, NOW, false),
                ConversationCommand.Edit.class, new ConversationReply.Edited(1, 2, NOW),
                ConversationCommand.Recall.class, new ConversationReply.Recalled(1, NOW),
                ConversationCommand.ReadHistory.class, new ConversationReply.History(List.of(message(api)), false, 1));
        var position = new ConversationReply.PositionIs(1, 1, 0, 1);
        if (command instanceof ConversationCommand.SetRead) {
            return position;
        }
        if (command instanceof ConversationCommand.GetReceipts get) {
            return new ConversationReply.ReceiptsAre(
                    3,
                    2,
                    1,
                    List.of(new ConversationReply.Reached("u2", true, true)),
                    get.after().isEmpty());
        }
        return command instanceof ConversationCommand.GetMembership
                ? new ConversationReply.Membership(view, member, position, Optional.of(message(api)))
                : replies.getOrDefault(command.getClass(), view);
    }

    public static StoredMessage message(TestApi api) {
        return new StoredMessage(
                1,
                2,
                "u1",
                MessageType.TEXT,
                Optional.of(content(api, "second")),
                List.of("*"),
                Optional.of("g1~1"),
                NOW,
                Optional.of(NOW),
                Optional.empty());
    }

    /** The answers that the stub does not give by itself. */
    static void askForTheRest(TestApi api) {
        String all = api.tenantWithKey("acme", "*");
        Map<HttpRequest, Set<ErrorCode>> refused = Map.of(
                key(post("/v1/conversations", all, "{\"type\":\"group\",\"members\":[{\"userId\":\"u1\"}]}"), "k"),
                Set.of(ErrorCode.CONVERSATION_EXISTS, ErrorCode.IDEMPOTENCY_KEY_REUSED),
                patch(GROUP, all, "{}"),
                Set.of(ErrorCode.NOT_PERMITTED, ErrorCode.NOT_A_MEMBER),
                delete(GROUP, all),
                Set.of(ErrorCode.NOT_PERMITTED, ErrorCode.NOT_A_MEMBER),
                put(GROUP + "/members/u1", all, "{}"),
                Set.of(ErrorCode.NOT_PERMITTED, ErrorCode.LIMIT_REACHED, ErrorCode.NOT_A_MEMBER),
                delete(GROUP + "/members/u1", all),
                Set.of(ErrorCode.NOT_PERMITTED, ErrorCode.LIMIT_REACHED, ErrorCode.NOT_A_MEMBER),
                post(GROUP + "/messages", all, "{\"clientMessageId\":\"c1\"," + TEXT),
                Set.of(ErrorCode.NOT_PERMITTED, ErrorCode.CONVERSATION_ARCHIVED, ErrorCode.NOT_A_MEMBER),
                get(GROUP + "/messages?userId=u9", all),
                Set.of(ErrorCode.NOT_A_MEMBER),
                patch(GROUP + "/messages/g1~1", all, "{" + TEXT),
                Set.of(ErrorCode.NOT_PERMITTED, ErrorCode.LIMIT_REACHED, ErrorCode.TOO_LATE),
                delete(GROUP + "/messages/g1~1", all),
                Set.of(ErrorCode.NOT_PERMITTED, ErrorCode.LIMIT_REACHED, ErrorCode.TOO_LATE));
        var stub = api.conversations;
        api.conversations = (id, command) -> done(new ConversationReply.Refused(ErrorCode.NOT_A_MEMBER, "no"));
        api.ask(put(GROUP + "/read-positions/u9", all, "{\"messageSeq\":1}"));
        IntStream.rangeClosed(0, 500)
                .forEach(i -> api.members.add(new MemberRow("acme", "u500", "g" + i, 1, false, NOW)));
        api.ask(get("/v1/users/u500/conversations?order=recent", all));
        refused.forEach((request, codes) -> codes.forEach(code -> {
            api.conversations = (id, command) -> done(new ConversationReply.Refused(code, "no"));
            api.ask(request);
        }));
        answered(
                api,
                new ConversationReply.Created(false, false, view(Optional.empty())),
                credential -> key(
                        post(
                                "/v1/conversations",
                                credential,
                                "{\"type\":\"direct\",\"members\":[{\"userId\":\"u1\"},{\"userId\":\"u2\"}]}"),
                        "k"));
        answered(
                api,
                new ConversationReply.MemberSaved(true, new MemberView("u2", MemberRole.MEMBER, PushMode.ALL, NOW)),
                credential -> put(GROUP + "/members/u2", credential, "{}"));
        answered(
                api,
                new ConversationReply.Posted(1, NOW, true),
                credential -> post(GROUP + "/messages", credential, "{\"clientMessageId\":\"c1\"," + TEXT));
        api.conversations = stub;
    }

    private static void answered(TestApi api, ConversationReply reply, Function<String, HttpRequest> request) {
        api.conversations = (id, command) -> done(reply);
        api.ask(request.apply(api.tenantWithKey("acme", "*")));
    }
}
