package io.lanying.protocol;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.conversation.Alert;
import io.lanying.protocol.conversation.ConversationCommand;
import io.lanying.protocol.conversation.ConversationEvent;
import io.lanying.protocol.conversation.ConversationNews;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationSettings;
import io.lanying.protocol.conversation.ConversationSnapshot;
import io.lanying.protocol.conversation.ConversationType;
import io.lanying.protocol.conversation.Counts;
import io.lanying.protocol.conversation.HistoryFrom;
import io.lanying.protocol.conversation.MemberRole;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.NewMember;
import io.lanying.protocol.conversation.Notice;
import io.lanying.protocol.conversation.PushMode;
import io.lanying.protocol.conversation.Receipt;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceSnapshot;
import io.lanying.protocol.device.DeviceSnapshot.KnownConversation;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.position.Position;
import io.lanying.protocol.position.PositionsCommand;
import io.lanying.protocol.position.PositionsEvent;
import io.lanying.protocol.position.PositionsReply;
import io.lanying.protocol.position.PositionsSnapshot;
import io.lanying.protocol.position.ReceiptChange;
import io.lanying.protocol.session.SessionMessage;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@link Examples} of receipts, under the same rule: never changed once their golden files are there. */
final class ReceiptExamples {

    private static final Receipt RECEIPT = new Receipt(4, 12, 11, 9, 7, 6, 3);
    private static final ReceiptChange CHANGE = new ReceiptChange(501, "u1", 4, Optional.of(RECEIPT));
    private static final ConversationSettings SETTINGS = new ConversationSettings(
            MemberRole.MEMBER,
            MemberRole.ADMIN,
            MemberRole.ADMIN,
            HistoryFrom.JOINING,
            600,
            120,
            true,
            Optional.of(false));

    private ReceiptExamples() {}

    static Map<String, Persisted> grown() {
        return Map.of(
                "PositionsEvent.PositionsMoved.v2",
                new PositionsEvent.PositionsMoved(
                        Examples.AT,
                        "g1",
                        List.of(),
                        List.of(CHANGE, new ReceiptChange(502, "u2", 4, Optional.empty()))),
                "PositionsEvent.ReadsTold.v2",
                new PositionsEvent.ReadsTold(
                        Examples.AT, List.of(), List.of(new PositionsEvent.ToldReceipt(501, "u1", RECEIPT))),
                "PositionsSnapshot.v2",
                new PositionsSnapshot(
                        5,
                        Examples.AT,
                        Optional.of("g1"),
                        List.of(new Position(501, "u1", 4, 9, 11, 9, Optional.of("d1"), new Counts(3, 12, true))
                                .withReceipt(Optional.of(RECEIPT), Optional.of(RECEIPT)))),
                "ConversationSnapshot.v3",
                new ConversationSnapshot(
                        40,
                        Examples.AT,
                        Optional.empty(),
                        Optional.empty(),
                        17,
                        List.of(new ConversationSnapshot.Member(
                                "u1",
                                MemberRole.OWNER,
                                PushMode.ALL,
                                Examples.AT,
                                1,
                                2,
                                Optional.of(new ConversationSnapshot.Seat(
                                        3, 12, true, Optional.of(new ConversationSnapshot.Said(11, 8)))))),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        new ConversationSnapshot.News(30, 38, List.of(), 4)),
                "ConversationEvent.ConversationCreated.v2",
                new ConversationEvent.ConversationCreated(
                        Examples.AT,
                        ConversationType.GROUP,
                        Optional.empty(),
                        SETTINGS,
                        List.of(new NewMember("u1", MemberRole.OWNER)),
                        "k1",
                        "f1"),
                "ConversationEvent.ConversationChanged.v2",
                new ConversationEvent.ConversationChanged(
                        Examples.AT, Optional.empty(), SETTINGS, false, Optional.empty()),
                "DeviceEvent.ConversationNoted.v3",
                new DeviceEvent.ConversationNoted(
                        Examples.AT,
                        "team",
                        12,
                        7,
                        43,
                        List.of(new DeviceEvent.NotedRange(
                                ItemKind.RECEIPT, 12, 12, 0, Alert.NONE, Optional.empty(), Optional.of(RECEIPT))),
                        41),
                "DeviceEvent.ItemsRedelivered.v3",
                new DeviceEvent.ItemsRedelivered(
                        Examples.AT,
                        "rabc~d1",
                        "user:u1",
                        "ZmluZ2VycHJpbnQ",
                        List.of(new DeviceEvent.Redelivered(
                                48,
                                43,
                                RECEIPT.itemId("team"),
                                ItemKind.RECEIPT,
                                0,
                                128,
                                Optional.of(new MessageRef("team", 12, 0)),
                                Optional.of(RECEIPT))),
                        Examples.LATER,
                        41),
                "DeviceSnapshot.v7",
                new DeviceSnapshot(
                        99,
                        Examples.AT,
                        2,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        List.of(new KnownConversation(
                                "team", 12, 7, 5, 98, Examples.AT, Optional.empty(), Optional.of(RECEIPT)))));
    }

    static List<Object> messages(ActorRef<PositionsReply> positions, ActorRef<ConversationReply> conversation) {
        return List.of(
                RECEIPT,
                new PositionsCommand.Keep("g1", List.of(), List.of(CHANGE), positions),
                new ConversationCommand.GetReceipts(12, Optional.of("u1"), Optional.of("u3"), 50, conversation),
                new ConversationReply.ReceiptsAre(
                        7, 6, 3, List.of(new ConversationReply.Reached("u4", true, false)), true),
                new ConversationNews("g1", 0, List.of(Notice.of(RECEIPT))),
                new SessionMessage.Item(
                        47,
                        RECEIPT.itemId("g1"),
                        ItemKind.RECEIPT,
                        Examples.AT,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(new MessageRef("g1", 12, 0)),
                        Optional.empty(),
                        Optional.of(RECEIPT)));
    }
}
