package io.lanying.protocol;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.conversation.Alert;
import io.lanying.protocol.conversation.ConversationCommand;
import io.lanying.protocol.conversation.ConversationEvent;
import io.lanying.protocol.conversation.ConversationNews;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.MessageType;
import io.lanying.protocol.conversation.Notice;
import io.lanying.protocol.conversation.SealedContent;
import io.lanying.protocol.conversation.StoredMessage;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.DeviceSnapshot;
import io.lanying.protocol.device.DeviceSnapshot.KnownConversation;
import io.lanying.protocol.device.DeviceSnapshot.OpenItem;
import io.lanying.protocol.device.DeviceSnapshot.Quiet;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.device.Priority;
import io.lanying.protocol.device.Restraint;
import io.lanying.protocol.session.SessionMessage;
import io.lanying.protocol.tenant.Quotas;
import io.lanying.protocol.tenant.TenantEvent;
import io.lanying.protocol.user.UserCommand;
import io.lanying.protocol.user.UserReply;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@link Examples} of what devices hold of conversations, under the same rule: never changed once their golden files are there. */
final class ItemExamples {

    private static final MessageRef REF = new MessageRef("team", 7, 2);
    private static final SealedContent CONTENT = new SealedContent("c0ffee", Examples.SEALED, 300);
    private static final StoredMessage MESSAGE = new StoredMessage(
            7,
            2,
            "u1",
            MessageType.TEXT,
            Optional.of(CONTENT),
            List.of("u2", "*"),
            Optional.of("team~3"),
            Examples.AT,
            Optional.of(Examples.LATER),
            Optional.of(Examples.LATER));
    private static final DeviceEvent.NotedRange RANGE =
            new DeviceEvent.NotedRange(ItemKind.MESSAGE, 5, 7, 1, Alert.ALERT, Optional.empty());

    private ItemExamples() {}

    static List<Persisted> events() {
        return List.of(
                new DeviceEvent.ConversationNoted(
                        Examples.AT,
                        "team",
                        12,
                        7,
                        43,
                        List.of(
                                new DeviceEvent.NotedRange(
                                        ItemKind.MESSAGE,
                                        5,
                                        7,
                                        1,
                                        Alert.ALERT,
                                        Optional.of(new Quiet(Restraint.DEFERRED, Optional.of(Examples.LATER)))),
                                new DeviceEvent.NotedRange(ItemKind.EDIT, 4, 4, 2, Alert.NONE, Optional.empty())),
                        41),
                new DeviceEvent.ItemsSetAside(Examples.AT, List.of(43L, 44L)),
                new DeviceEvent.ItemsBroughtBack(
                        Examples.AT, List.of(new DeviceEvent.BroughtBack(43, messageItem(47)))));
    }

    static List<Persisted> bareEvents() {
        return List.of(new DeviceEvent.ConversationNoted(Examples.AT, "team", 12, 7, 43, List.of(), 0));
    }

    static Map<String, Persisted> grown() {
        return Map.of(
                "ConversationEvent.MessagePosted.v2",
                new ConversationEvent.MessagePosted(
                        Examples.AT,
                        7,
                        "u1",
                        "c1",
                        "f1",
                        MessageType.TEXT,
                        new SealedContent("c0ffee", Examples.SEALED, 41, Optional.of(Examples.SEALED)),
                        List.of(),
                        Optional.empty(),
                        false,
                        12),
                "TenantEvent.QuotasChanged.v2",
                new TenantEvent.QuotasChanged(
                        Examples.AT, new Quotas(Optional.empty(), Optional.empty(), Optional.of(200), Optional.of(5))),
                "DeviceEvent.ItemsRedelivered.v2",
                new DeviceEvent.ItemsRedelivered(
                        Examples.AT,
                        "rabc~d1",
                        "user:u1",
                        "ZmluZ2VycHJpbnQ",
                        List.of(new DeviceEvent.Redelivered(
                                48, 43, "team~7", ItemKind.MESSAGE, 0, 128, Optional.of(REF))),
                        Examples.LATER,
                        41),
                "DeviceSnapshot.v5",
                new DeviceSnapshot(
                        99,
                        Examples.AT,
                        2,
                        Optional.empty(),
                        Optional.of(new DeviceSnapshot.Stream(
                                "s2",
                                41,
                                47,
                                43,
                                List.of(messageItem(47)),
                                List.of(),
                                List.of(),
                                List.of(),
                                Optional.empty(),
                                List.of(messageItem(44)))),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        List.of(new KnownConversation("team", 12, 7, 5, 98, Examples.AT))));
    }

    static List<Remoted> messages(
            ActorRef<DeviceReply> device, ActorRef<UserReply> user, ActorRef<ConversationReply> conversation) {
        var news = new ConversationNews(
                "team", 12, List.of(new Notice(12, ItemKind.MESSAGE, 5, 7, 1, Alert.MENTION, List.of(MESSAGE))));
        return List.of(
                new ConversationCommand.ReadVersions(List.of(REF), conversation),
                new ConversationCommand.Wake(5),
                new DeviceCommand.TakeNews("u1", news, device),
                new DeviceCommand.TakeNews("u1", news, true, device),
                new UserCommand.BringNews(news, user),
                new DeviceCommand.SetAside(2, List.of(43L, 44L), device),
                new DeviceReply.NewsTaken("team", 12),
                new DeviceReply.NewsLater("team"),
                new UserReply.NewsBrought("team", 12),
                new UserReply.NewsLater("team"),
                new ConversationReply.Messages(Optional.of(Examples.SEALED), true, List.of(MESSAGE)),
                new ConversationReply.Refused(ErrorCode.NOT_FOUND, "no such conversation"));
    }

    static List<Object> parts(ActorRef<DeviceCommand> device) {
        return List.of(
                RANGE,
                REF,
                new SessionMessage.Deliver(
                        device,
                        List.of(new SessionMessage.Item(
                                47,
                                "team~7",
                                ItemKind.MESSAGE,
                                Examples.AT,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(REF),
                                Optional.of(MESSAGE)))));
    }

    private static OpenItem messageItem(long itemSeq) {
        return new OpenItem(
                itemSeq,
                90,
                0,
                "team~7",
                ItemKind.MESSAGE,
                128,
                Examples.AT,
                Examples.LATER,
                Priority.NORMAL,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(REF));
    }
}
