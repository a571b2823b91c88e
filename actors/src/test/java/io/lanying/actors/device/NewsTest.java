package io.lanying.actors.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import io.lanying.actors.position.PositionReporter;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.conversation.Alert;
import io.lanying.protocol.conversation.ConversationNews;
import io.lanying.protocol.conversation.Counts;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.Notice;
import io.lanying.protocol.conversation.PositionReport;
import io.lanying.protocol.conversation.Receipt;
import io.lanying.protocol.conversation.StoredMessage;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceCommand.Ack;
import io.lanying.protocol.device.DeviceCommand.Delete;
import io.lanying.protocol.device.DeviceCommand.ReadInbox;
import io.lanying.protocol.device.DeviceCommand.ReadUpTo;
import io.lanying.protocol.device.DeviceCommand.Redeliver;
import io.lanying.protocol.device.DeviceCommand.Register;
import io.lanying.protocol.device.DeviceCommand.SetAside;
import io.lanying.protocol.device.DeviceCommand.TakeNews;
import io.lanying.protocol.device.DeviceCommand.Unreadable;
import io.lanying.protocol.device.DeviceCommand.Wake;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceEvent.ConversationNoted;
import io.lanying.protocol.device.DeviceEvent.ItemsBroughtBack;
import io.lanying.protocol.device.DeviceEvent.ItemsEnded;
import io.lanying.protocol.device.DeviceEvent.ItemsSetAside;
import io.lanying.protocol.device.DeviceEvent.NotedRange;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.DeviceReply.NewsLater;
import io.lanying.protocol.device.DeviceReply.NewsTaken;
import io.lanying.protocol.device.DeviceReply.OtherOwner;
import io.lanying.protocol.device.DeviceReply.Refused;
import io.lanying.protocol.device.DeviceSnapshot.GoneRange;
import io.lanying.protocol.device.DeviceSnapshot.OpenItem;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.device.Priority;
import io.lanying.protocol.device.Strategy;
import io.lanying.protocol.reminder.ReminderCommand;
import io.lanying.protocol.reminder.ReminderCommand.Remind;
import io.lanying.protocol.session.SessionMessage;
import io.lanying.protocol.session.SessionMessage.Attached;
import io.lanying.protocol.session.SessionMessage.Deliver;
import io.lanying.protocol.session.SessionMessage.Gone;
import io.lanying.protocol.session.SessionMessage.Item;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** News of conversations become items, once, in order; their messages are read when they are handed out. */
class NewsTest {

    private final Fixture fixture = new Fixture();
    private ActorRef<DeviceCommand> device = fixture.registered();

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void eachMessageIsAnItemThatShowsItAsItsConversationHasIt() {
        withoutReminder();
        assertThat(take(5, messages(5, 1, 2))).isEqualTo(new NewsTaken("team", 5));
        assertThat(noted()).hasSize(1);
        assertThat(lastReminder()).isEqualTo(fixture.clock.instant().plus(Duration.ofDays(28)));

        var session = attached("s1");
        var items = deliver(session, 2);
        assertThat(items).extracting(Item::itemSeq).containsExactly(1L, 2L);
        assertThat(items).extracting(Item::id).containsExactly("team~1", "team~2");
        assertThat(items.get(1).message()).contains(fixture.messages.stored(new MessageRef("team", 2, 1)));
        assertThat(items.get(1).sealed()).contains(Fixture.sealed("user:bob", "message 2 v1"));
        device.tell(new Ack("s1", 2));
        await().untilAsserted(
                        () -> assertThat(fixture.folded().present().open()).isEmpty());
    }

    @Test
    void whatCameWithTheNewsIsHandedOutWithoutAQuestion() {
        var session = attached("s1");
        var stored = fixture.messages.stored(new MessageRef("team", 1, 1));
        take(5, new Notice(5, ItemKind.MESSAGE, 1, 1, 1, Alert.ALERT, List.of(stored)));

        assertThat(deliver(session, 1).get(0).message()).contains(stored);
        assertThat(fixture.messages.asked).isEmpty();
        assertThat(fixture.events().toString())
                .as("a device never journals contents")
                .doesNotContain("origin of");
    }

    @Test
    void repeatedLateAndOverlappingNewsGiveOnlyWhatIsNew() {
        take(5, messages(5, 1, 3));
        assertThat(take(5, messages(5, 1, 3))).isEqualTo(new NewsTaken("team", 5));
        assertThat(take(3, messages(3, 1, 2))).as("late").isEqualTo(new NewsTaken("team", 5));
        assertThat(noted()).hasSize(1);

        take(9, messages(7, 2, 5), edit(8, 2, 2), read(9, 5));
        assertThat(open())
                .extracting(OpenItem::id)
                .containsExactly("team~1", "team~2", "team~3", "team~4", "team~5", "team~2", "team~5");
        take(9, messages(7, 2, 5), edit(8, 2, 2), read(9, 5));
        assertThat(noted()).hasSize(2);

        device = fixture.restart(device);
        take(9, messages(7, 2, 5), edit(8, 2, 2), read(9, 5));
        assertThat(noted()).as("the next incarnation knows it as well").hasSize(2);
        fixture.ask(device, to -> new TakeNews("alice", news("other", 1, messages(1, 1, 1)), to));
        assertThat(noted()).as("another conversation has its own position").hasSize(3);
    }

    @Test
    void whoIsFarBehindWouldRatherHearLaterUnlessSomebodyWaitsForIt() {
        take(5, messages(5, 1, 99));
        assertThat(offered(6, messages(6, 100, 100))).as("not that far").isInstanceOf(NewsTaken.class);
        assertThat(offered(7, messages(7, 101, 101))).isEqualTo(new NewsLater("team"));
        assertThat(noted()).hasSize(2);

        assertThat(take(7, messages(7, 101, 101))).as("must not wait").isInstanceOf(NewsTaken.class);
        assertThat(offered(8, edit(8, 100, 2))).as("no message").isInstanceOf(NewsTaken.class);
        assertThat(offered(9, messages(9, 102, 201))).as("many at once").isInstanceOf(NewsTaken.class);
        fixture.clock.advance(NewsDecisions.BUSY);
        assertThat(offered(10, messages(10, 202, 202))).as("seldom").isInstanceOf(NewsTaken.class);
        assertThat(offered(11, messages(11, 203, 203))).isInstanceOf(NewsLater.class);
        attached("s1");
        assertThat(offered(11, messages(11, 203, 203))).as("somebody is there").isInstanceOf(NewsTaken.class);
    }

    private DeviceReply offered(long upTo, Notice... notices) {
        return fixture.ask(device, to -> new TakeNews("alice", news("team", upTo, notices), true, to));
    }

    @Test
    void anotherOwnersNewsAreNotTaken() {
        take(5, messages(5, 1, 1));
        fixture.ask(device, to -> new Register(Optional.of("eve"), Fixture.profile(), to));
        assertThat(take(6, messages(6, 2, 2))).isEqualTo(new OtherOwner());
        assertThat(fixture.folded().present().unended()).isEmpty();
        assertThat(fixture.folded().conversations().byId()).isEmpty();

        fixture.ask(device, to -> new TakeNews("eve", news("team", 5, messages(5, 1, 1)), to));
        assertThat(open()).as("the new owner's own news begin anew").hasSize(1);
        fixture.ask(device, Delete::new);
        assertThat(fixture.ask(device, to -> new TakeNews("eve", news("team", 6, messages(6, 2, 2)), to)))
                .isEqualTo(new OtherOwner());
    }

    @Test
    void aRecallEndsWhatNobodyHasSeenAndIsSentOtherwise() {
        take(5, messages(5, 1, 1));
        take(6, recall(6, 1));
        assertThat(ended()).containsExactly(new ItemsEnded(now(), Fate.RECALLED, Optional.empty(), List.of(1L)));
        assertThat(open()).as("nobody needs to be told").isEmpty();
        take(6, recall(6, 1));
        assertThat(noted()).as("and the repeat knows").hasSize(2);

        take(7, messages(7, 2, 2));
        var session = attached("s1");
        deliver(session, 1);
        take(8, recall(8, 2));
        var recall = deliver(session, 1).get(0);
        assertThat(recall.kind()).isEqualTo(ItemKind.RECALL);
        assertThat(recall.id()).isEqualTo("team~2");
        assertThat(recall.ref()).contains(new MessageRef("team", 2, 0));
        assertThat(fixture.folded().present().endOf(2)).contains(Fate.RECALLED);
    }

    @Test
    void aMessageThatIsRecalledInTheSameNewsIsNeverShown() {
        var session = attached("s1");
        take(7, messages(5, 1, 2), edit(6, 1, 2), recall(7, 1));
        var shown = gather(session, 3);
        assertThat(shown).containsExactly("gone 1-1 recalled", "team~2", "gone 3-3 recalled");
    }

    @Test
    void theNewestReadPositionTakesThePlaceOfThoseBefore() {
        take(5, messages(5, 1, 3));
        take(6, read(6, 1));
        take(8, read(7, 2), read(8, 3));
        assertThat(open())
                .filteredOn(item -> item.kind() == ItemKind.READ)
                .extracting(OpenItem::id)
                .containsExactly("team~3");
        assertThat(fixture.folded().conversations().of("team").readSeq()).isEqualTo(3);
    }

    @Test
    void aReadPositionIsKnownByItsMessageWheneverItComes() {
        take(9, messages(9, 1, 3));
        take(0, read(0, 2));
        assertThat(fixture.folded().conversations().of("team").upTo()).isEqualTo(9);
        int before = noted().size();
        take(0, read(0, 1));
        take(0, read(0, 2));
        assertThat(noted()).hasSize(before);
        assertThat(fixture.folded().conversations().of("team").readSeq()).isEqualTo(2);
    }

    @Test
    void whoWritesHasReadWhatWasThereBefore() {
        take(9, messages(8, 1, 3), new Notice(9, ItemKind.MESSAGE, 4, 4, 1, Alert.OWN, List.of()));
        assertThat(fixture.folded().conversations().of("team").readSeq()).isEqualTo(4);
        assertThat(open()).hasSize(4).allMatch(item -> item.kind() == ItemKind.MESSAGE);
    }

    @Test
    void whatIsUnreadIsTheLeastThatBothSay() {
        counted(9, new Counts(3, 3, false), messages(9, 1, 3));
        assertThat(unread()).hasValue(3);
        counted(0, new Counts(1, 3, false), read(0, 2));
        assertThat(unread()).hasValue(1);
        counted(10, new Counts(4, 4, false), messages(10, 4, 4)); // counted before the reading was known there
        assertThat(unread()).hasValue(2);
        counted(11, new Counts(3, 5, true), messages(11, 5, 5));
        assertThat(unread()).as("muted").hasValue(0);
    }

    @Test
    void newsWithoutNoticesOnlyCount() {
        counted(5, new Counts(0, 9, true));
        assertThat(noted()).as("nothing was counted").isEmpty();
        counted(9, new Counts(3, 3, false), messages(9, 1, 3));
        counted(10, new Counts(3, 3, true));
        assertThat(unread()).as("muted").hasValue(0);
        counted(11, new Counts(0, 3, false));
        counted(11, new Counts(0, 3, false));
        assertThat(unread()).as("left").hasValue(0);
        assertThat(noted()).hasSize(3);
        assertThat(open()).hasSize(3);
    }

    @Test
    void anOldReadingDoesNotUndoThatItsReaderHasMutedSince() {
        counted(9, new Counts(3, 3, false), messages(9, 1, 3));
        counted(10, new Counts(3, 3, true));
        counted(0, new Counts(1, 3, false), read(0, 2)); // kept before that, and told late
        assertThat(unread()).as("muted").hasValue(0);
        counted(0, new Counts(0, 3, false));
        assertThat(unread()).as("muted").hasValue(0);
        counted(11, new Counts(0, 3, false));
        counted(12, new Counts(1, 4, false), messages(12, 4, 4));
        assertThat(unread()).as("heard again").hasValue(1);
    }

    private void counted(long upTo, Counts counts, Notice... notices) {
        var news = news("team", upTo, notices).with(Optional.of(counts));
        assertThat(fixture.ask(device, to -> new TakeNews("alice", news, to))).isInstanceOf(NewsTaken.class);
    }

    private OptionalLong unread() {
        return fixture.folded().conversations().unread();
    }

    @Test
    void whatIsAcknowledgedAndReadHereIsReportedInTheOwnersNameOnly() {
        take(9, messages(9, 1, 3));
        fixture.ask(device, to -> new TakeNews("alice", news("other", 9, messages(9, 1, 1)), to));
        deliver(attached("s1"), 4);
        device.tell(new ReadUpTo("nobody's", "team", 3));
        device.tell(new ReadUpTo("s1", "not an id", 3));
        device.tell(new ReadUpTo("s1", "team", 2));
        assertThat(fixture.positions.receiveMessage()).isEqualTo(said("team", 2, 0, Optional.of("d1")));
        device.tell(new Ack("s1", 2));
        assertThat(fixture.positions.receiveMessage()).isEqualTo(said("team", 0, 2, Optional.empty()));
        device.tell(new Ack("s1", 4));
        assertThat(List.of(fixture.positions.receiveMessage(), fixture.positions.receiveMessage()))
                .containsExactlyInAnyOrder(said("team", 0, 3, Optional.empty()), said("other", 0, 1, Optional.empty()));
        device.tell(new Ack("s1", 4));
        fixture.positions.expectNoMessage(Duration.ofMillis(100));
    }

    private static PositionReporter.Say said(
            String conversationId, long readSeq, long deliveredSeq, Optional<String> deviceId) {
        return new PositionReporter.Say(
                new EntityId(Fixture.ID.tenant(), conversationId),
                new PositionReport("alice", readSeq, deliveredSeq, deviceId));
    }

    @Test
    void aRecallBetweenTwoReadPositionsEndsItsOwnMessage() {
        take(5, read(0, 1), messages(3, 1, 2), recall(4, 1), read(5, 2));
        assertThat(open()).extracting(OpenItem::id).containsExactly("team~2", "team~2");
        assertThat(fixture.folded().present().endOf(1)).contains(Fate.SUPERSEDED);
        assertThat(fixture.folded().present().endOf(2)).contains(Fate.RECALLED);
    }

    @Test
    void ofMoreThanTheBacklogHoldsTheOlderPartIsGone() {
        take(9, messages(9, 1, 4_500));
        var stream = fixture.folded().present();
        assertThat(stream.lastSeq()).isEqualTo(4_500);
        assertThat(stream.open()).hasSize(1_000);
        assertThat(stream.open().firstKey()).isEqualTo(3_501);
        assertThat(stream.endOf(3_500)).contains(Fate.REFUSED);
        assertThat(noted()).as("no event holds more than 2,000").hasSize(3);
        assertThat(ended()).allMatch(end -> end.reason().equals(Optional.of("backlog")));

        fixture.push(device, "n1");
        take(10, messages(10, 4_501, 4_501));
        assertThat(fixture.folded().present().open()).hasSize(1_000).doesNotContainKey(3_502L);
    }

    @Test
    void nothingIsTakenThatNoReminderCovers() {
        withoutReminder();
        fixture.remindersAnswer = false;
        assertThat(take(5, messages(5, 1, 1))).isInstanceOf(Refused.class);
        assertThat(noted()).isEmpty();
    }

    @Test
    void whatASilentConversationDoesNotSayHoldsUpNobody() {
        fixture.messages.silent.add("team");
        take(5, messages(5, 1, 2));
        var session = attached("s1");
        fixture.push(device, "n1");
        assertThat(gather(session, 2)).containsExactly("gone 1-2 superseded", "n1");
        assertThat(events(ItemsSetAside.class)).hasSize(1);
        device.tell(new Ack("s1", 3));

        fixture.messages.silent.clear();
        assertThat(gather(session, 2)).containsExactly("team~1", "team~2");
        assertThat(events(ItemsBroughtBack.class)).hasSize(1);
        device.tell(new Ack("s1", 5));
        await().untilAsserted(() -> {
            assertThat(fixture.folded().present().unended()).isEmpty();
            assertThat(fixture.folded().present().ackedSeq()).isEqualTo(5);
        });
    }

    @Test
    void nothingOfAConversationPassesWhatIsSetAside() {
        fixture.messages.silent.add("team");
        take(5, messages(5, 1, 2));
        var session = attached("s1");
        assertThat(gather(session, 1)).containsExactly("gone 1-2 superseded");
        device.tell(new Ack("s1", 2));

        var stored = fixture.messages.stored(new MessageRef("team", 3, 1));
        take(6, new Notice(6, ItemKind.MESSAGE, 3, 3, 1, Alert.ALERT, List.of(stored)));
        assertThat(gather(session, 1)).containsExactly("gone 3-3 superseded");
        fixture.messages.silent.clear();
        assertThat(gather(session, 3)).containsExactly("team~1", "team~2", "team~3");
    }

    @Test
    void whatIsAtHandWaitsForWhatIsNot() {
        fixture.messages.silent.add("team");
        var session = attached("s1");
        var stored = fixture.messages.stored(new MessageRef("team", 2, 1));
        take(6, messages(5, 1, 1), new Notice(6, ItemKind.MESSAGE, 2, 2, 1, Alert.ALERT, List.of(stored)));
        assertThat(gather(session, 1)).containsExactly("gone 1-2 superseded");

        fixture.messages.silent.clear();
        assertThat(gather(session, 2)).containsExactly("team~1", "team~2");
    }

    @Test
    void anInboxHasOthersPassWhatItCannotRead() {
        take(5, messages(5, 1, 2));
        fixture.push(device, "n1");
        fixture.ask(device, to -> new ReadInbox(1, Optional.empty(), 10, 1_000_000, to));
        assertThat(fixture.ask(device, to -> new SetAside(1, List.of(1L, 2L, 3L, 9L), to)))
                .isEqualTo(new DeviceReply.Noted());
        assertThat(events(ItemsSetAside.class)).containsExactly(new ItemsSetAside(now(), List.of(1L, 2L)));
        var inbox =
                (DeviceReply.Inbox) fixture.ask(device, to -> new ReadInbox(1, Optional.empty(), 10, 1_000_000, to));
        assertThat(inbox.items()).extracting(OpenItem::id).containsExactly("n1", "team~1", "team~2");
        assertThat(inbox.gone()).containsExactly(new GoneRange(1, 2, Fate.SUPERSEDED));
        assertThat(fixture.folded().present().exposedSeq())
                .as("and may be acknowledged")
                .isEqualTo(5);

        attached("s1");
        fixture.ask(device, to -> new SetAside(1, List.of(4L), to));
        assertThat(events(ItemsSetAside.class)).as("a session reads for itself").hasSize(1);
        assertThat(fixture.ask(device, to -> new SetAside(7, List.of(4L), to))).isInstanceOf(Refused.class);
    }

    @Test
    void whatIsSetAsideComesWithTheNextSessionOfTheNextIncarnation() {
        fixture.messages.silent.add("team");
        take(5, messages(5, 1, 1));
        var first = attached("s1");
        assertThat(gather(first, 1)).containsExactly("gone 1-1 superseded");
        device = fixture.restart(device);
        fixture.messages.silent.clear();
        var next = attached("s2");
        assertThat(gather(next, 2)).containsExactly("gone 1-1 superseded", "team~1");
    }

    @Test
    void whatIsSetAsideIsRecalledAndSaidToBeAsAnEarlierSessionMayHaveHadIt() {
        fixture.messages.silent.add("team");
        take(5, messages(5, 1, 1));
        gather(attached("s1"), 1);
        take(6, recall(6, 1));
        assertThat(fixture.folded().present().unended())
                .extracting(OpenItem::kind)
                .containsExactly(ItemKind.RECALL);
        assertThat(ended()).containsExactly(new ItemsEnded(now(), Fate.RECALLED, Optional.empty(), List.of(1L)));
    }

    @Test
    void whatIsSetAsideEndsWithItsMessageOrItsConversation() {
        fixture.messages.silent.add("team");
        take(5, messages(5, 1, 2));
        var session = attached("s1");
        assertThat(gather(session, 1)).containsExactly("gone 1-2 superseded");
        fixture.messages.recalled.add(new MessageRef("team", 1, 1));
        fixture.messages.silent.clear();
        assertThat(gather(session, 1)).containsExactly("team~2");
        await().untilAsserted(() -> assertThat(ended())
                .containsExactly(new ItemsEnded(now(), Fate.RECALLED, Optional.empty(), List.of(1L))));

        fixture.messages.silent.add("team");
        take(6, messages(6, 3, 3));
        assertThat(gather(session, 1)).containsExactly("gone 4-4 superseded");
        fixture.messages.gone.add("team");
        fixture.messages.silent.clear();
        await().untilAsserted(() -> assertThat(ended())
                .last()
                .isEqualTo(new ItemsEnded(now(), Fate.REFUSED, Optional.of("conversationGone"), List.of(4L))));
        assertThat(fixture.folded().present().setAside()).isEmpty();
    }

    @Test
    void whatIsSetAsideDoesNotComeBackWhenItsTimeIsOver() {
        fixture.messages.silent.add("team");
        take(5, messages(5, 1, 1));
        var session = attached("s1");
        assertThat(gather(session, 1)).containsExactly("gone 1-1 superseded");
        fixture.clock.advance(NotedRange.DELIVERABLE_FOR.plusSeconds(1));
        fixture.messages.silent.clear();
        int asked = fixture.messages.asked.size();
        await().until(() -> fixture.messages.asked.size() > asked);
        await().during(Duration.ofMillis(200))
                .until(() -> events(ItemsBroughtBack.class).isEmpty());
        attached("s2");
        await().untilAsserted(() -> assertThat(ended())
                .containsExactly(new ItemsEnded(now(), Fate.EXPIRED, Optional.empty(), List.of(1L))));
    }

    @Test
    void aConversationThatIsGoneOrHasRecalledAMessageEndsItsItems() {
        fixture.messages.recalled.add(new MessageRef("team", 1, 1));
        take(5, messages(5, 1, 2));
        var session = attached("s1");
        assertThat(gather(session, 2)).containsExactly("gone 1-1 recalled", "team~2");

        fixture.messages.gone.add("team");
        take(6, messages(6, 3, 3));
        assertThat(gather(session, 1)).containsExactly("gone 3-3 refused");
        assertThat(ended()).last().extracting(ItemsEnded::reason).isEqualTo(Optional.of("conversationGone"));
    }

    @Test
    void anErasedSendersMessageEndsAsAPushWould() {
        take(5, messages(5, 1, 1));
        deliver(attached("s1"), 1);
        device.tell(new Unreadable("s1", 1));
        await().untilAsserted(() -> assertThat(ended())
                .containsExactly(new ItemsEnded(now(), Fate.REFUSED, Optional.of("erased"), List.of(1L))));
    }

    @Test
    void messagesAreRedeliveredByReferenceUnlessTheyWereRecalled() {
        take(5, messages(5, 1, 3));
        var session = attached("s1");
        deliver(session, 3);
        device.tell(new Ack("s1", 3));
        take(6, recall(6, 2));
        deliver(session, 1);
        var reply = fixture.ask(device, to -> new Redeliver(1, 3, "r1", "user:alice", "f", to));
        assertThat(reply).isEqualTo(new DeviceReply.Redelivered(5, 6, false));
        var again = deliver(session, 2);
        assertThat(again).extracting(Item::id).containsExactly("team~1", "team~3");
        assertThat(again).extracting(Item::redeliveryOf).containsExactly(Optional.of(1L), Optional.of(3L));
        assertThat(again.get(0).message()).contains(fixture.messages.stored(new MessageRef("team", 1, 1)));
    }

    @Test
    void theNewestReceiptTakesThePlaceOfTheOthersAndGoesToNoVendor() {
        take(0, receipt(1, 1, 0), receipt(1, 2, 1));
        take(0, receipt(2, 2, 1));
        assertThat(open()).singleElement().satisfies(item -> {
            assertThat(item.kind()).isEqualTo(ItemKind.RECEIPT);
            assertThat(item.id()).isEqualTo("team~7.r2.10");
            assertThat(item.priority()).isEqualTo(Priority.LOW);
            assertThat(item.howBrought().strategy()).isEqualTo(Strategy.SOCKET_ONLY);
        });
        assertThat(ended()).allSatisfy(ended -> {
            assertThat(ended.fate()).isEqualTo(Fate.SUPERSEDED);
            assertThat(ended.reason()).contains("receipt");
        });
        take(0, receipt(2, 2, 1), receipt(2, 1, 1), receipt(1, 3, 3));
        assertThat(noted()).as("nothing of this is news").hasSize(2);
        device = fixture.restart(device);
        take(0, receipt(2, 2, 1));
        assertThat(noted()).hasSize(2);
        var item = deliver(attached("s1"), 1).get(0);
        assertThat(item.receipt()).contains(said(2, 2, 1));
        device.tell(new Ack("s1", item.itemSeq()));
        take(0, receipt(2, 3, 3));
        assertThat(open()).last().extracting(OpenItem::receipt).isEqualTo(Optional.of(said(2, 3, 3)));
        assertThat(fixture.folded().conversations().of("team").readSeq()).isZero();
        assertThat(fixture.folded().conversations().unread()).isEmpty();
    }

    @Test
    void aPushOfHighPriorityStaysWhenMessagesFillTheBacklog() {
        fixture.ask(device, to -> Fixture.pushOf("n1", "body", 3_600, Priority.HIGH, Optional.empty(), to));
        fixture.ask(device, to -> Fixture.pushOf("n2", "body", 3_600, Priority.LOW, Optional.empty(), to));
        take(9, messages(9, 1, 1_000));
        assertThat(fixture.folded().present().open()).containsKey(1L).doesNotContainKeys(2L, 3L);
    }

    @Test
    void aRestartAfterEachKindOfNewsChangesNothing() {
        fixture.kit.stop(device);
        EventSourcedBehaviorTestKit<DeviceCommand, DeviceEvent, DeviceState> kit = EventSourcedBehaviorTestKit.create(
                fixture.kit.system(),
                fixture.behavior(),
                EventSourcedBehaviorTestKit.enabledSerializationSettings().withVerifyState(false));
        kit.<DeviceReply>runCommand(to -> new Register(Optional.of("alice"), Fixture.profile(), to));
        var all = List.of(
                news("team", 3, messages(3, 1, 3)),
                news("team", 4, edit(4, 2, 2)),
                news("team", 5, read(5, 3)),
                news("team", 6, recall(6, 1)),
                news("team", 6, receipt(1, 1, 0)));
        for (ConversationNews each : all) {
            var taken = kit.<DeviceReply>runCommand(to -> new TakeNews("alice", each, to));
            assertThat(taken.reply()).isEqualTo(new NewsTaken("team", each.upTo()));
            assertThat(taken.events().get(0)).isInstanceOf(ConversationNoted.class);
            var before = kit.getState().toSnapshot();
            assertThat(kit.restart().state().toSnapshot()).isEqualTo(before);
            assertThat(kit.<DeviceReply>runCommand(to -> new TakeNews("alice", each, to))
                            .hasNoEvents())
                    .isTrue();
        }
    }

    @Test
    void whatWasNotHeardOfForSevenDaysIsForgotten() {
        var known = KnownConversations.NONE;
        var start = fixture.clock.instant();
        for (int i = 0; i < KnownConversations.MAX + 5; i++) {
            known = known.plus(new ConversationNoted(start, "c" + i, 9, 4, 1, List.of(), 0), i + 1);
        }
        assertThat(known.byId()).hasSize(KnownConversations.MAX);
        assertThat(known.of("c4").upTo()).isZero();
        assertThat(known.of("c5").upTo()).isEqualTo(9);

        known = known.plus(new ConversationNoted(start.plus(Duration.ofDays(6)), "c5", 10, 5, 1, List.of(), 0), 9_000);
        known = known.plus(new ConversationNoted(start.plus(Duration.ofDays(8)), "c6", 10, 5, 1, List.of(), 0), 9_001);
        assertThat(known.byId()).containsOnlyKeys("c5", "c6");
        assertThat(KnownConversations.fromSnapshot(known.toSnapshot())).isEqualTo(known);
    }

    // --- what the tests say

    private DeviceReply take(long upTo, Notice... notices) {
        return fixture.ask(device, to -> new TakeNews("alice", news("team", upTo, notices), to));
    }

    private static ConversationNews news(String conversationId, long upTo, Notice... notices) {
        return new ConversationNews(conversationId, upTo, List.of(notices));
    }

    private static Notice messages(long eventSeq, long from, long to) {
        return new Notice(eventSeq, ItemKind.MESSAGE, from, to, 1, Alert.ALERT, List.<StoredMessage>of());
    }

    private static Notice edit(long eventSeq, long message, int version) {
        return new Notice(eventSeq, ItemKind.EDIT, message, message, version, Alert.NONE, List.of());
    }

    private static Notice recall(long eventSeq, long message) {
        return new Notice(eventSeq, ItemKind.RECALL, message, message, 0, Alert.NONE, List.of());
    }

    private static Notice read(long eventSeq, long message) {
        return new Notice(eventSeq, ItemKind.READ, message, message, 0, Alert.NONE, List.of());
    }

    private static Notice receipt(long membersAt, int delivered, int read) {
        return Notice.of(said(membersAt, delivered, read));
    }

    private static Receipt said(long membersAt, int delivered, int read) {
        return new Receipt(membersAt, 7, 4, 3, 3, delivered, read);
    }

    /** The registration's reminder has fired: nothing wakes the device any more. */
    private void withoutReminder() {
        device.tell(new Wake(1));
        await().until(() -> fixture.reminderCommands.stream().anyMatch(ReminderCommand.Done.class::isInstance));
    }

    private TestProbe<SessionMessage> attached(String sessionId) {
        var session = fixture.attach(device, sessionId, 0);
        session.expectMessageClass(Attached.class);
        return session;
    }

    private static List<Item> deliver(TestProbe<SessionMessage> session, int count) {
        var items = new ArrayList<Item>();
        while (items.size() < count) {
            var message = session.receiveMessage();
            if (message instanceof Deliver deliver) {
                items.addAll(deliver.items());
            }
        }
        return items;
    }

    /** Items by id, and ranges of gone ones, as many as that together. */
    private static List<String> gather(TestProbe<SessionMessage> session, int count) {
        var all = new ArrayList<String>();
        while (all.size() < count) {
            var message = session.receiveMessage();
            if (message instanceof Deliver deliver) {
                deliver.items().forEach(item -> all.add(item.id()));
            } else if (message instanceof Gone gone) {
                all.add("gone " + gone.fromSeq() + "-" + gone.toSeq() + " "
                        + gone.fate().wireName());
            }
        }
        return all;
    }

    private List<OpenItem> open() {
        return List.copyOf(fixture.folded().present().open().values());
    }

    private List<ConversationNoted> noted() {
        return events(ConversationNoted.class);
    }

    private List<ItemsEnded> ended() {
        return events(ItemsEnded.class);
    }

    private <E extends DeviceEvent> List<E> events(Class<E> type) {
        return fixture.events().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private Instant now() {
        return fixture.clock.instant();
    }

    private Instant lastReminder() {
        var reminders = fixture.reminderCommands.stream()
                .filter(Remind.class::isInstance)
                .map(command -> ((Remind) command).due())
                .toList();
        return reminders.get(reminders.size() - 1);
    }
}
