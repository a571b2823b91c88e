package io.lanying.protocol;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.conversation.Alert;
import io.lanying.protocol.conversation.ConversationCommand;
import io.lanying.protocol.conversation.ConversationEvent;
import io.lanying.protocol.conversation.ConversationName;
import io.lanying.protocol.conversation.ConversationNews;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationSettings;
import io.lanying.protocol.conversation.ConversationSnapshot;
import io.lanying.protocol.conversation.ConversationType;
import io.lanying.protocol.conversation.HistoryFrom;
import io.lanying.protocol.conversation.MemberRole;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.MessageType;
import io.lanying.protocol.conversation.NewMember;
import io.lanying.protocol.conversation.Notice;
import io.lanying.protocol.conversation.PushMode;
import io.lanying.protocol.conversation.SealedContent;
import io.lanying.protocol.conversation.SettingsChange;
import io.lanying.protocol.conversation.StoredMessage;
import io.lanying.protocol.device.ItemKind;
import java.util.List;
import java.util.Optional;

/** {@link Examples} of conversations, under the same rule: never changed once their golden files are there. */
final class ConversationExamples {

    private static final ConversationName NAME = new ConversationName(Examples.SEALED, "ZmluZ2VycHJpbnQ");
    private static final ConversationSettings SETTINGS = new ConversationSettings(
            MemberRole.ADMIN, MemberRole.MEMBER, MemberRole.OWNER, HistoryFrom.START, 600, 120, true);
    private static final SealedContent CONTENT = new SealedContent("mabc", Examples.SEALED, 41);
    private static final List<NewMember> MEMBERS =
            List.of(new NewMember("u1", MemberRole.OWNER), new NewMember("u2", MemberRole.MEMBER));
    private static final Optional<String> BY = Optional.of("u1");
    private static final Optional<String> NOBODY = Optional.empty();

    private ConversationExamples() {}

    static List<Persisted> events() {
        return List.of(
                new ConversationEvent.ConversationCreated(
                        Examples.AT, ConversationType.GROUP, Optional.of(NAME), SETTINGS, MEMBERS, "k1", "f1"),
                new ConversationEvent.ConversationChanged(Examples.AT, Optional.of(NAME), SETTINGS, true, BY),
                new ConversationEvent.ConversationDeleted(Examples.AT, BY),
                new ConversationEvent.MembersAdded(Examples.AT, MEMBERS, BY),
                new ConversationEvent.MemberRemoved(Examples.AT, "u2", Optional.of(Examples.LATER), BY),
                new ConversationEvent.RolesChanged(Examples.AT, MEMBERS, BY),
                new ConversationEvent.PushModeSet(Examples.AT, "u2", PushMode.MENTIONS, BY),
                new ConversationEvent.MessagePosted(
                        Examples.AT,
                        7,
                        "u1",
                        "c1",
                        "f1",
                        MessageType.TEXT,
                        CONTENT,
                        List.of("u2", "*"),
                        Optional.of(3L),
                        true,
                        11),
                new ConversationEvent.MessageEdited(Examples.AT, 7, 2, "u1", "f2", CONTENT, List.of("u2")),
                new ConversationEvent.MessageRecalled(Examples.AT, 7, BY),
                new ConversationEvent.NewsTold(Examples.AT, 12, List.of("u2")),
                new ConversationEvent.NewsCaughtUp(Examples.AT, List.of(new ConversationEvent.CaughtUp("u2", 12))),
                new ConversationEvent.NewsGivenUp(Examples.AT, List.of("u2")));
    }

    static List<Persisted> bareEvents() {
        return List.of(
                new ConversationEvent.ConversationCreated(
                        Examples.AT,
                        ConversationType.DIRECT,
                        Optional.empty(),
                        ConversationSettings.DEFAULT,
                        List.of(),
                        "k1",
                        "f1"),
                new ConversationEvent.ConversationChanged(Examples.AT, Optional.empty(), SETTINGS, false, NOBODY),
                new ConversationEvent.ConversationDeleted(Examples.AT, NOBODY),
                new ConversationEvent.MembersAdded(Examples.AT, List.of(), NOBODY),
                new ConversationEvent.MemberRemoved(Examples.AT, "u2", Optional.empty(), NOBODY),
                new ConversationEvent.RolesChanged(Examples.AT, List.of(), NOBODY),
                new ConversationEvent.PushModeSet(Examples.AT, "u2", PushMode.NONE, NOBODY),
                new ConversationEvent.MessagePosted(
                        Examples.AT,
                        1,
                        "u1",
                        "c1",
                        "f1",
                        MessageType.COMMAND,
                        CONTENT,
                        List.of(),
                        Optional.empty(),
                        false,
                        0),
                new ConversationEvent.MessageEdited(Examples.AT, 7, 2, "u1", "f2", CONTENT, List.of()),
                new ConversationEvent.MessageRecalled(Examples.AT, 7, NOBODY),
                new ConversationEvent.NewsTold(Examples.AT, 12, List.of()));
    }

    static List<Persisted> snapshots() {
        return List.of(new ConversationSnapshot(
                40,
                Examples.AT,
                Optional.of(new ConversationSnapshot.Head(
                        ConversationType.GROUP, Optional.of(NAME), SETTINGS, true, Examples.AT, Examples.LATER, 2)),
                Optional.of(new ConversationSnapshot.Creation("k1", "f1", Examples.AT)),
                17,
                List.of(new ConversationSnapshot.Member("u1", MemberRole.OWNER, PushMode.MENTIONS, Examples.AT, 1, 2)),
                List.of(new ConversationSnapshot.Ban("u9", Examples.LATER)),
                List.of(new ConversationSnapshot.Indexed(1, 2)),
                List.of(new ConversationSnapshot.ChangedMessage(
                        7, List.of(9L), Optional.of("f2"), Optional.of(Examples.AT), Optional.of(Examples.LATER))),
                List.of(new ConversationSnapshot.RememberedPost("h1", "f1", 7, Examples.AT)),
                new ConversationSnapshot.News(
                        30,
                        38,
                        List.of(new ConversationSnapshot.Behind(
                                "u2", Examples.AT, List.of(new ConversationSnapshot.Owed(12, Optional.of(25L), 4)))),
                        4)));
    }

    static List<Persisted> bareSnapshots() {
        return List.of(new ConversationSnapshot(
                0,
                Examples.AT,
                Optional.empty(),
                Optional.empty(),
                0,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                new ConversationSnapshot.News(0, 0, List.of(), 0)));
    }

    static List<Remoted> messages(ActorRef<ConversationReply> replyTo) {
        var change = new SettingsChange(
                Optional.of(MemberRole.MEMBER),
                Optional.empty(),
                Optional.empty(),
                Optional.of(HistoryFrom.JOINING),
                Optional.of(60L),
                Optional.empty(),
                Optional.of(false));
        return List.of(
                new ConversationCommand.Create(
                        ConversationType.GROUP, Optional.of(NAME), SETTINGS, MEMBERS, "k1", "f1", replyTo),
                new ConversationCommand.Get(replyTo),
                new ConversationCommand.Change(
                        Optional.of(new ConversationCommand.NameChange(Optional.of(NAME))),
                        Optional.of(change),
                        Optional.of(true),
                        BY,
                        replyTo),
                new ConversationCommand.Delete(BY, replyTo),
                new ConversationCommand.PutMember(
                        "u2", Optional.of(MemberRole.ADMIN), Optional.of(PushMode.NONE), BY, replyTo),
                new ConversationCommand.RemoveMember("u2", 60, BY, replyTo),
                new ConversationCommand.ListMembers(Optional.of("u1"), 50, replyTo),
                new ConversationCommand.Post(
                        "u1", "c1", "f1", MessageType.TEXT, CONTENT, List.of("u2"), Optional.of(3L), true, replyTo),
                new ConversationCommand.Edit(7, "u1", "f2", MessageType.TEXT, CONTENT, List.of("u2"), replyTo),
                new ConversationCommand.CheckPost(new ConversationCommand.Post(
                        "u1", "c1", "f1", MessageType.TEXT, CONTENT, List.of("u2"), Optional.of(3L), true, replyTo)),
                new ConversationCommand.CheckEdit(
                        new ConversationCommand.Edit(7, "u1", "f2", MessageType.TEXT, CONTENT, List.of("u2"), replyTo)),
                new ConversationCommand.Recall(7, BY, replyTo),
                new ConversationCommand.ReadHistory(BY, Optional.of(3L), Optional.of(9L), 50, replyTo),
                new ConversationCommand.ReadVersions(List.of(new MessageRef("g1", 7, 2)), replyTo),
                new ConversationCommand.Admit(BY, true, replyTo),
                new ConversationCommand.Wake(5));
    }

    static List<Remoted> answers() {
        var view = new ConversationReply.ConversationView(
                ConversationType.GROUP, Optional.of(NAME), SETTINGS, true, 2, 17, Examples.AT, Examples.LATER);
        var member = new ConversationReply.MemberView("u2", MemberRole.ADMIN, PushMode.ALL, Examples.AT);
        return List.of(
                new ConversationReply.Created(true, false, view),
                view,
                new ConversationReply.Admitted(Examples.AT),
                new ConversationReply.Gone(),
                new ConversationReply.MemberSaved(true, member),
                new ConversationReply.Members(List.of(member), true),
                new ConversationReply.Posted(7, Examples.AT, true),
                new ConversationReply.Acceptable(),
                new ConversationReply.Edited(7, 2, Examples.AT),
                new ConversationReply.Recalled(7, Examples.AT),
                new ConversationReply.History(List.of(message()), true, 17),
                new ConversationReply.Messages(Optional.of(Examples.SEALED), true, List.of(message())),
                new ConversationReply.Refused(ErrorCode.NOT_FOUND, "no such conversation"),
                new ConversationNews(
                        "g1",
                        12,
                        List.of(new Notice(12, ItemKind.MESSAGE, 7, 7, 1, Alert.MENTION, List.of(message())))));
    }

    private static StoredMessage message() {
        return new StoredMessage(
                7,
                2,
                "u1",
                MessageType.TEXT,
                Optional.of(CONTENT),
                List.of("u2"),
                Optional.of("g1~3"),
                Examples.AT,
                Optional.of(Examples.LATER),
                Optional.of(Examples.LATER));
    }
}
