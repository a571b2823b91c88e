package io.lanying.actors.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lanying.actors.position.PositionsFold;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.ConversationCommand.Change;
import io.lanying.protocol.conversation.ConversationCommand.GetReceipts;
import io.lanying.protocol.conversation.ConversationCommand.PutMember;
import io.lanying.protocol.conversation.ConversationCommand.RemoveMember;
import io.lanying.protocol.conversation.ConversationCommand.Report;
import io.lanying.protocol.conversation.ConversationCommand.SetRead;
import io.lanying.protocol.conversation.ConversationCommand.Wake;
import io.lanying.protocol.conversation.ConversationReply.ConversationView;
import io.lanying.protocol.conversation.ConversationReply.Gone;
import io.lanying.protocol.conversation.ConversationReply.MemberSaved;
import io.lanying.protocol.conversation.ConversationReply.PositionIs;
import io.lanying.protocol.conversation.ConversationReply.Reached;
import io.lanying.protocol.conversation.ConversationReply.ReceiptsAre;
import io.lanying.protocol.conversation.ConversationReply.Reported;
import io.lanying.protocol.conversation.MessageType;
import io.lanying.protocol.conversation.PositionReport;
import io.lanying.protocol.conversation.Receipt;
import io.lanying.protocol.conversation.SettingsChange;
import io.lanying.protocol.position.ConversationParts;
import io.lanying.protocol.position.Position;
import io.lanying.protocol.position.ReceiptChange;
import io.lanying.protocol.reminder.ReminderCommand;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a conversation has its companions tell senders, and when. */
class ReceiptsTest {

    private final ConversationRig rig = new ConversationRig();

    @AfterEach
    void stop() {
        rig.stop();
    }

    @Test
    void inADirectConversationTheReceiptRidesOnThePosition() {
        rig.direct("u1", "u2");
        rig.post("u1", "a");
        report(new PositionReport("u2", 0, 1, Optional.empty()));
        read("u2", 1);
        assertThat(rig.keeps()).hasSize(2).allSatisfy(keep -> assertThat(keep.changes())
                .hasSize(1));
        assertThat(receipts()).containsExactly(receipt(1, 1, 0, 1, 1, 0), receipt(1, 1, 1, 1, 1, 1));
        settles();
        assertThat(rig.keeps()).as("nothing was left to bring").hasSize(2);
    }

    @Test
    void whoAnswersHasRead() {
        rig.direct("u1", "u2");
        rig.post("u1", "a");
        rig.post("u2", "b");
        await().untilAsserted(() -> assertThat(receipts()).containsExactly(receipt(1, 1, 1, 1, 1, 1)));
        settles();
        assertThat(rig.keeps()).hasSize(1);
    }

    @Test
    void inAGroupWhatManyReadIsOneReceipt() {
        rig.group("u1", "u2", "u3", "u4");
        rig.post("u1", "a");
        report(
                new PositionReport("u2", 1, 0, Optional.empty()),
                new PositionReport("u3", 1, 0, Optional.empty()),
                new PositionReport("u4", 0, 1, Optional.empty()));
        await().untilAsserted(() -> assertThat(receipts()).containsExactly(receipt(1, 1, 0, 3, 3, 2)));
        settles();
        assertThat(rig.keeps()).as("the positions, and one receipt of them").hasSize(2);
        assertThat(rig.reminders).hasAtLeastOneElementOfType(ReminderCommand.Remind.class);
    }

    @Test
    void aMessageThatNobodyHasIsNotSpokenOfNorIsACommand() {
        rig.group("u1", "u2");
        rig.post("u1", "a");
        settles();
        assertThat(rig.keeps()).isEmpty();
        rig.ask(to -> new io.lanying.protocol.conversation.ConversationCommand.Post(
                "u2",
                "cmd",
                "f",
                MessageType.COMMAND,
                ConversationRig.content("cmd"),
                List.of(),
                Optional.empty(),
                true,
                to));
        read("u1", 2);
        await().untilAsserted(() -> assertThat(receipts()).containsExactly(receipt(1, 1, 1, 1, 1, 1)));
        settles();
        assertThat(rig.keeps().stream().flatMap(keep -> keep.receipts().stream()))
                .extracting(ReceiptChange::userId)
                .containsOnly("u1");
        assertThat(rig.refused(to -> new GetReceipts(2, Optional.empty(), Optional.empty(), 10, to)))
                .isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void whatADeadNodeDidNotBringTheNextOneDoes() {
        rig.group("u1", "u2", "u3");
        rig.post("u1", "a");
        read("u2", 1);
        rig.restart();
        assertThat(receipts()).isEmpty();
        rig.tell(new Wake(1));
        await().untilAsserted(() -> assertThat(receipts()).containsExactly(receipt(1, 0, 0, 2, 1, 1)));
        assertThat(rig.reminders).last().isInstanceOf(ReminderCommand.Rearm.class);
        settles();
        rig.tell(new Wake(2));
        await().untilAsserted(() -> assertThat(rig.reminders).last().isInstanceOf(ReminderCommand.Done.class));
        rig.restart();
        rig.tell(new Wake(3));
        settles();
        assertThat(receipts()).as("known is known").hasSize(1);
    }

    @Test
    void noPositionOfAGroupIsKeptWhoseReceiptsCouldBeForgotten() {
        rig.group("u1", "u2", "u3");
        rig.post("u1", "a");
        rig.restart(() -> rig.remindersAnswer = false);
        assertThat(rig.refused(to -> new SetRead("u2", 1, Optional.empty(), to)))
                .isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(rig.keeps()).isEmpty();
    }

    @Test
    void whatACompanionDidNotAnswerIsBroughtAgain() {
        rig.group("u1", "u2", "u3");
        rig.post("u1", "a");
        read("u2", 1);
        rig.companionsAnswer = false;
        settles();
        assertThat(receipts()).isEmpty();
        rig.companionsAnswer = true;
        rig.time = rig.time.plusSeconds(10);
        rig.tell(new Wake(1));
        await().untilAsserted(() -> assertThat(receipts()).containsExactly(receipt(1, 0, 0, 2, 1, 1)));
    }

    @Test
    void whoLeavesIsNotWaitedForAndToldNothingMore() {
        rig.group("u1", "u2", "u3");
        rig.post("u1", "a");
        rig.post("u3", "b");
        read("u2", 2);
        await().untilAsserted(() -> assertThat(owed()).containsExactlyInAnyOrder("u1", "u3"));
        rig.ask(Gone.class, to -> new RemoveMember("u3", 0, Optional.empty(), to));
        await().untilAsserted(() -> assertThat(owed()).containsExactly("u1"));
        assertThat(receipts()).last().satisfies(last -> assertThat(last.saysTheSameAs(receipt(1, 1, 1, 1, 1, 1)))
                .isTrue());
        rig.ask(MemberSaved.class, to -> new PutMember("u3", Optional.empty(), Optional.empty(), Optional.empty(), to));
        settles();
        assertThat(owed()).containsExactly("u1");
        assertThat(read("u3", 2).readSeq()).isEqualTo(2);
    }

    @Test
    void whereTheyAreSwitchedOffNobodyIsToldAndNobodyButTheServiceMayLook() {
        rig.group("u1", "u2", "u3");
        rig.post("u1", "a");
        read("u2", 1);
        await().untilAsserted(() -> assertThat(owed()).containsExactly("u1"));
        switchTo(false);
        await().untilAsserted(() -> assertThat(owed()).isEmpty());
        int keeps = rig.keeps().size();
        read("u3", 1);
        settles();
        assertThat(rig.keeps()).hasSize(keeps + 1).last().satisfies(keep -> assertThat(keep.receipts())
                .isEmpty());
        assertThat(rig.refused(to -> new GetReceipts(1, Optional.of("u1"), Optional.empty(), 10, to)))
                .isEqualTo(ErrorCode.NOT_PERMITTED);
        assertThat(look(1, Optional.empty()).read()).isEqualTo(2);
        switchTo(true);
        await().untilAsserted(() -> assertThat(receipts()).last().isEqualTo(receipt(1, 1, 1, 2, 2, 2)));
    }

    @Test
    void theSenderSeesWhoHasAMessagePageByPage() {
        rig.group("u1", "u2", "u3", "u4");
        rig.post("u1", "a");
        rig.ask(MemberSaved.class, to -> new PutMember("u5", Optional.empty(), Optional.empty(), Optional.empty(), to));
        read("u2", 1);
        report(new PositionReport("u4", 0, 1, Optional.empty()));
        assertThat(look(2, Optional.empty()))
                .isEqualTo(new ReceiptsAre(
                        3, 2, 1, List.of(new Reached("u2", true, true), new Reached("u3", false, false)), true));
        assertThat(look(2, Optional.of("u3")))
                .isEqualTo(new ReceiptsAre(3, 2, 1, List.of(new Reached("u4", true, false)), false));
        rig.restart();
        assertThat(rig.ask(ReceiptsAre.class, to -> new GetReceipts(1, Optional.of("u1"), Optional.empty(), 10, to))
                        .delivered())
                .isEqualTo(2);
        assertThat(rig.refused(to -> new GetReceipts(1, Optional.of("u2"), Optional.empty(), 10, to)))
                .isEqualTo(ErrorCode.NOT_PERMITTED);
        assertThat(rig.refused(to -> new GetReceipts(1, Optional.of("u9"), Optional.empty(), 10, to)))
                .isEqualTo(ErrorCode.NOT_A_MEMBER);
        assertThat(rig.refused(to -> new GetReceipts(9, Optional.empty(), Optional.empty(), 10, to)))
                .isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void manyMembersAreCountedOverAllTheirCompanionsAndTooManyAreNot() {
        var users = IntStream.range(0, 600).mapToObj("m%03d"::formatted).toArray(String[]::new);
        rig.group(users);
        rig.post("m000", "a");
        report(Arrays.stream(users)
                .skip(2)
                .map(user -> new PositionReport(user, 1, 0, Optional.empty()))
                .toArray(PositionReport[]::new));
        await().untilAsserted(() -> assertThat(receipts()).contains(receipt(1, 0, 0, 599, 598, 598)));
        read("m001", 1);
        await().untilAsserted(() -> assertThat(receipts()).contains(receipt(1, 1, 1, 599, 599, 599)));
        assertThat(rig.keeps().stream()
                        .filter(keep -> !keep.receipts().isEmpty())
                        .toList())
                .as("only the sender's companion is asked")
                .hasSizeLessThanOrEqualTo(3);
        rig.ask(
                MemberSaved.class,
                to -> new PutMember("m600", Optional.empty(), Optional.empty(), Optional.empty(), to));
        await().untilAsserted(() -> assertThat(owed()).isEmpty());
        assertThat(look(1, Optional.empty()).read()).isEqualTo(599);
    }

    private void switchTo(boolean receipts) {
        var change = new SettingsChange(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(receipts));
        rig.ask(
                ConversationView.class,
                to -> new Change(Optional.empty(), Optional.of(change), Optional.empty(), Optional.empty(), to));
    }

    /** More than long enough for what is gathered; nothing that could be awaited happens. */
    private static void settles() {
        await().pollDelay(Duration.ofMillis(1_200)).until(() -> true);
    }

    private Receipt receipt(long messageSeq, long deliveredSeq, long readSeq, int members, int delivered, int read) {
        return new Receipt(1, messageSeq, deliveredSeq, readSeq, members, delivered, read);
    }

    private List<Receipt> receipts() {
        return rig.keeps().stream()
                .flatMap(keep -> keep.receipts().stream())
                .filter(change ->
                        change.userId().equals("u1") || change.userId().equals("m000"))
                .flatMap(change -> change.receipt().stream())
                .toList();
    }

    /** Who is to be told something, as the companions have it. */
    private List<String> owed() {
        var none = new PositionsFold();
        return IntStream.range(0, 2)
                .mapToObj(part -> ConversationParts.id(ConversationRig.ID, part))
                .map((EntityId part) -> rig.companions.getOrDefault(part, none))
                .flatMap(part -> part.all().stream())
                .filter(Position::owesReceipt)
                .map(Position::userId)
                .toList();
    }

    private ReceiptsAre look(int limit, Optional<String> after) {
        return rig.ask(ReceiptsAre.class, to -> new GetReceipts(1, Optional.empty(), after, limit, to));
    }

    private PositionIs read(String userId, long messageSeq) {
        return rig.ask(PositionIs.class, to -> new SetRead(userId, messageSeq, Optional.empty(), to));
    }

    private void report(PositionReport... reports) {
        rig.ask(Reported.class, to -> new Report(List.of(reports), to));
    }
}
