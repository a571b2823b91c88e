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
import io.lanying.protocol.conversation.MemberRole;
import io.lanying.protocol.conversation.PositionReport;
import io.lanying.protocol.conversation.PushMode;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceSnapshot;
import io.lanying.protocol.device.DeviceSnapshot.KnownConversation;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.position.Position;
import io.lanying.protocol.position.PositionChange;
import io.lanying.protocol.position.PositionsCommand;
import io.lanying.protocol.position.PositionsEvent;
import io.lanying.protocol.position.PositionsReply;
import io.lanying.protocol.position.PositionsSnapshot;
import io.lanying.protocol.user.UserCommand;
import io.lanying.protocol.user.UserReply;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@link Examples} of positions, under the same rule: never changed once their golden files are there. */
final class PositionExamples {

    private static final Counts COUNTS = new Counts(3, 12, true);
    private static final PositionChange CHANGE = new PositionChange(501, "u1", 4, 9, 11, Optional.of("d1"), COUNTS);
    private static final Position POSITION = new Position(501, "u1", 4, 9, 11, 7, Optional.of("d1"), COUNTS);
    private static final Position BARE = new Position(0, "u2", 1, 0, 2, 0, Optional.empty(), new Counts(0, 0, false));

    private PositionExamples() {}

    static List<Persisted> events() {
        return List.of(
                new ConversationEvent.PinSet(Examples.AT, "u2", true, Optional.of("u2")),
                new PositionsEvent.PositionsMoved(Examples.AT, "g1", List.of(CHANGE)),
                new PositionsEvent.ReadsTold(Examples.AT, List.of(new PositionsEvent.ToldRead(501, "u1", 9))));
    }

    static List<Persisted> bareEvents() {
        return List.of(new ConversationEvent.PinSet(Examples.AT, "u2", false, Optional.empty()));
    }

    static List<Persisted> snapshots() {
        return List.of(new PositionsSnapshot(5, Examples.AT, Optional.of("g1"), List.of(BARE, POSITION)));
    }

    static List<Persisted> bareSnapshots() {
        return List.of(new PositionsSnapshot(0, Examples.AT, Optional.empty(), List.of()));
    }

    static Map<String, Persisted> grown() {
        return Map.of(
                "ConversationSnapshot.v2",
                new ConversationSnapshot(
                        40,
                        Examples.AT,
                        Optional.empty(),
                        Optional.empty(),
                        17,
                        List.of(new ConversationSnapshot.Member(
                                "u1",
                                MemberRole.OWNER,
                                PushMode.MENTIONS,
                                Examples.AT,
                                1,
                                2,
                                Optional.of(new ConversationSnapshot.Seat(3, 12, true)))),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        new ConversationSnapshot.News(30, 38, List.of(), 4),
                        List.of(new ConversationSnapshot.CommandWord(0, 0, -9_223_372_036_854_775_806L)),
                        Optional.of(31L)),
                "DeviceEvent.ConversationNoted.v2",
                new DeviceEvent.ConversationNoted(
                        Examples.AT,
                        "team",
                        12,
                        7,
                        43,
                        List.of(new DeviceEvent.NotedRange(ItemKind.MESSAGE, 5, 7, 1, Alert.OWN, Optional.empty())),
                        41,
                        Optional.of(COUNTS)),
                "DeviceSnapshot.v6",
                new DeviceSnapshot(
                        99,
                        Examples.AT,
                        2,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        List.of(new KnownConversation("team", 12, 7, 5, 98, Examples.AT, Optional.of(COUNTS)))));
    }

    static List<Remoted> messages(
            ActorRef<PositionsReply> positions, ActorRef<ConversationReply> conversation, ActorRef<UserReply> user) {
        var report = new PositionReport("u1", 9, 11, Optional.of("d1"));
        var news = new ConversationNews("g1", 0, List.of(), Optional.of(COUNTS));
        return List.of(
                new PositionsCommand.Keep("g1", List.of(CHANGE), positions),
                new PositionsCommand.Get(positions),
                new PositionsCommand.Wake(5),
                new ConversationCommand.Report(List.of(report), conversation),
                new ConversationCommand.SetRead("u1", 9, Optional.of("d1"), conversation),
                new ConversationCommand.GetMembership("u1", conversation),
                new UserCommand.BringNews(news, Optional.of("d1"), user),
                new DeviceCommand.ReadUpTo("s1", "g1", 9));
    }

    static List<Remoted> answers() {
        var view = new ConversationReply.ConversationView(
                ConversationType.GROUP,
                Optional.empty(),
                ConversationSettings.DEFAULT,
                true,
                2,
                17,
                Examples.AT,
                Examples.LATER);
        var member = new ConversationReply.MemberView("u2", MemberRole.ADMIN, PushMode.ALL, Examples.AT);
        var position = new ConversationReply.PositionIs(9, 11, 3, 12);
        return List.of(
                new PositionsReply.PositionsAre(List.of(POSITION, BARE)),
                new PositionsReply.Refused(ErrorCode.UNAVAILABLE, "not now"),
                position,
                new ConversationReply.Reported(2),
                new ConversationReply.Membership(view, member, position, Optional.empty()));
    }
}
