package io.lanying.actors.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.Done;
import akka.actor.typed.ActorRef;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.ConversationCommand.Delete;
import io.lanying.protocol.conversation.ConversationCommand.GetMembership;
import io.lanying.protocol.conversation.ConversationCommand.PutMember;
import io.lanying.protocol.conversation.ConversationCommand.RemoveMember;
import io.lanying.protocol.conversation.ConversationCommand.Report;
import io.lanying.protocol.conversation.ConversationCommand.SetRead;
import io.lanying.protocol.conversation.ConversationCommand.Wake;
import io.lanying.protocol.conversation.ConversationEvent.MemberRemoved;
import io.lanying.protocol.conversation.ConversationEvent.MembersAdded;
import io.lanying.protocol.conversation.ConversationEvent.PinSet;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationReply.Gone;
import io.lanying.protocol.conversation.ConversationReply.MemberSaved;
import io.lanying.protocol.conversation.ConversationReply.Membership;
import io.lanying.protocol.conversation.ConversationReply.PositionIs;
import io.lanying.protocol.conversation.ConversationReply.Reported;
import io.lanying.protocol.conversation.Counts;
import io.lanying.protocol.conversation.PositionReport;
import io.lanying.protocol.conversation.PushMode;
import io.lanying.protocol.position.PositionsCommand;
import io.lanying.protocol.reminder.ReminderCommand;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a conversation makes of positions, and that lists find it. */
class PositionsTest {

    private final ConversationRig rig = new ConversationRig();

    @BeforeEach
    void begin() {
        rig.group("u1", "u2", "u3");
        for (String text : List.of("a", "b", "c")) {
            rig.post("u1", text);
        }
    }

    @AfterEach
    void stop() {
        rig.stop();
    }

    @Test
    void aPositionIsKeptByTheCompanionAndKnownToTheNextIncarnation() {
        assertThat(read("u2", 2)).isEqualTo(new PositionIs(2, 2, 1, 3));
        assertThat(read("u2", 1)).as("positions only grow").isEqualTo(new PositionIs(2, 2, 1, 3));
        rig.restart();
        assertThat(position("u2")).isEqualTo(new PositionIs(2, 2, 1, 3));
        assertThat(position("u1")).as("who writes has read").isEqualTo(new PositionIs(3, 3, 0, 3));
        assertThat(read("u3", 99)).as("no more than there is").isEqualTo(new PositionIs(3, 3, 0, 3));
        assertThat(keeps()).isEqualTo(2);
    }

    @Test
    void aRepeatCostsNoCompanionAnything() {
        read("u2", 2);
        long before = keeps();
        read("u2", 2);
        read("u2", 0);
        read("u1", 3);
        assertThat(keeps()).isEqualTo(before);
    }

    @Test
    void onlyMembersHavePositions() {
        assertThat(rig.refused(to -> new SetRead("u9", 1, Optional.empty(), to)))
                .isEqualTo(ErrorCode.NOT_A_MEMBER);
        assertThat(rig.refused(to -> new GetMembership("u9", to))).isEqualTo(ErrorCode.NOT_A_MEMBER);
        var reports = List.of(
                new PositionReport("u9", 3, 3, Optional.empty()), new PositionReport("u2", 0, 2, Optional.empty()));
        assertThat(rig.ask(Reported.class, to -> new Report(reports, to)).members())
                .isEqualTo(1);
        assertThat(position("u2")).isEqualTo(new PositionIs(0, 2, 3, 3));
        rig.ask(Gone.class, to -> new Delete(Optional.empty(), to));
        assertThat(rig.refused(to -> new SetRead("u2", 1, Optional.empty(), to)))
                .isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(rig.refused(to -> new Report(reports, to))).isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void whoComesBackHasNothingUnreadAndWhoTakesThePlaceInheritsNothing() {
        read("u2", 2);
        rig.ask(Gone.class, to -> new RemoveMember("u2", 0, Optional.empty(), to));
        rig.ask(MemberSaved.class, to -> new PutMember("u4", Optional.empty(), Optional.empty(), Optional.empty(), to));
        rig.ask(MemberSaved.class, to -> new PutMember("u2", Optional.empty(), Optional.empty(), Optional.empty(), to));
        assertThat(position("u4")).isEqualTo(new PositionIs(3, 3, 0, 3));
        rig.post("u1", "d");
        assertThat(position("u2")).isEqualTo(new PositionIs(3, 3, 1, 4));
        assertThat(read("u4", 4)).isEqualTo(new PositionIs(4, 4, 0, 4));
        assertThat(position("u2").unread()).isEqualTo(1);
    }

    @Test
    void newsSayWhatIsUnread() {
        read("u2", 2);
        rig.told.clear();
        rig.post("u3", "d");
        await().until(() -> rig.told.size() == 3);
        assertThat(rig.told).allSatisfy(told -> assertThat(told.news().counts())
                .contains(new Counts(
                        told.userId().equals("u2") ? 2 : told.userId().equals("u1") ? 1 : 0, 4, false)));
    }

    @Test
    void whatIsNotKeptIsRefusedAndNobodyIsLeftUntold() {
        rig.companionsAnswer = false;
        rig.restart();
        assertThat(rig.refused(to -> new SetRead("u2", 1, Optional.empty(), to)))
                .isEqualTo(ErrorCode.UNAVAILABLE);
        rig.told.clear();
        rig.post("u1", "d");
        for (String user : List.of("u1", "u2", "u3")) {
            await().until(() -> rig.messagesToldTo(user).contains(4L));
        }
        assertThat(rig.told).allMatch(told -> told.news().counts().isEmpty());
    }

    @Test
    void whoMutesOrLeavesIsToldThatTheIconCountsOtherwise() {
        await().until(() -> rig.messagesToldTo("u2").contains(3L));
        rig.told.clear();
        rig.ask(
                MemberSaved.class,
                to -> new PutMember("u2", Optional.empty(), Optional.of(PushMode.NONE), Optional.empty(), to));
        await().untilAsserted(() -> assertThat(countsToldTo("u2")).contains(new Counts(3, 3, true)));
        rig.ask(Gone.class, to -> new RemoveMember("u2", 0, Optional.empty(), to));
        await().untilAsserted(() -> assertThat(countsToldTo("u2")).contains(new Counts(0, 3, false)));
        assertThat(rig.told)
                .as("nobody else is told")
                .noneMatch(told ->
                        told.userId().equals("u3") && told.news().notices().isEmpty());
    }

    @Test
    void aMemberPinsForItselfAndKeepsThatOverARestart() {
        assertThat(rig.refused(to -> pin("u2", true, Optional.of("u1"), to))).isEqualTo(ErrorCode.NOT_PERMITTED);
        assertThat(rig.ask(MemberSaved.class, to -> pin("u2", true, Optional.of("u2"), to))
                        .member()
                        .pinned())
                .isTrue();
        rig.post("u2", "d");
        int events = rig.events().size();
        rig.ask(MemberSaved.class, to -> pin("u2", true, Optional.of("u2"), to));
        assertThat(rig.events().subList(events, rig.events().size())).noneMatch(PinSet.class::isInstance);
        rig.restart();
        assertThat(membership("u2").member().pinned()).isTrue();
        assertThat(membership("u3").member().pinned()).isFalse();
    }

    private static PutMember pin(
            String userId, boolean pinned, Optional<String> by, ActorRef<ConversationReply> replyTo) {
        return new PutMember(userId, Optional.empty(), Optional.empty(), Optional.of(pinned), by, replyTo);
    }

    private List<Counts> countsToldTo(String userId) {
        return rig.told.stream()
                .filter(told -> told.userId().equals(userId))
                .flatMap(told -> told.news().counts().stream())
                .toList();
    }

    @Test
    void aMembershipShowsTheLastMessageThatTheMemberMayRead() {
        var mine = membership("u2");
        assertThat(ConversationRig.text(mine.last().orElseThrow().content())).isEqualTo("c");
        assertThat(mine.position().unread()).isEqualTo(3);
        rig.ask(MemberSaved.class, to -> new PutMember("u4", Optional.empty(), Optional.empty(), Optional.empty(), to));
        assertThat(membership("u4").last()).isEmpty();
    }

    @Test
    void listsHaveWhoIsInBeforeItIsAnswered() {
        assertThat(rig.listed()).containsExactly("u1", "u2", "u3");
        rig.ask(Gone.class, to -> new RemoveMember("u2", 0, Optional.empty(), to));
        assertThat(rig.listed()).containsExactly("u1", "u3");
        rig.ask(Gone.class, to -> new Delete(Optional.empty(), to));
        assertThat(rig.listed()).isEmpty();
    }

    @Test
    void whoComesWhileRowsAreWrittenIsInTheNextWrite() {
        var registry = new CompletableFuture<Done>();
        rig.registryBegins = registry;
        rig.rowsWritten.clear();
        var answers = rig.kit.<ConversationReply>createTestProbe();
        for (int i = 10; i < 30; i++) {
            rig.tell(new PutMember("u" + i, Optional.empty(), Optional.empty(), Optional.empty(), answers.ref()));
        }
        await().until(() ->
                rig.events().stream().filter(MembersAdded.class::isInstance).count() >= 20);
        answers.expectNoMessage(Duration.ofMillis(100));
        registry.complete(Done.getInstance());
        assertThat(answers.receiveSeveralMessages(20, Duration.ofSeconds(5))).allMatch(MemberSaved.class::isInstance);
        assertThat(rig.rowsWritten).as("not all rows for each of them").containsExactly(1, 19);
        assertThat(rig.listed()).hasSize(23);
    }

    @Test
    void rowsThatADeadNodeDidNotWriteAreWrittenByTheNext() {
        rig.registryAnswers = false;
        rig.tell(new RemoveMember("u2", 0, Optional.empty(), rig.kit.system().ignoreRef()));
        await().until(() -> rig.events().stream().anyMatch(MemberRemoved.class::isInstance));
        rig.restart(() -> rig.registryAnswers = true);
        rig.tell(new Wake(1));
        await().untilAsserted(() -> assertThat(rig.listed()).containsExactly("u1", "u3"));
        rig.tell(new Wake(2));
        await().untilAsserted(() -> assertThat(rig.reminders).last().isInstanceOf(ReminderCommand.Done.class));
    }

    @Test
    void aRepeatOfWhatMayBeUnlistedListsIt() {
        rig.registryAnswers = false;
        rig.tell(new RemoveMember("u2", 0, Optional.empty(), rig.kit.system().ignoreRef()));
        await().until(() -> rig.events().stream().anyMatch(MemberRemoved.class::isInstance));
        rig.registryAnswers = true;
        rig.ask(Gone.class, to -> new RemoveMember("u2", 0, Optional.empty(), to));
        assertThat(rig.listed()).containsExactly("u1", "u3");
    }

    private PositionIs read(String userId, long messageSeq) {
        return rig.ask(PositionIs.class, to -> new SetRead(userId, messageSeq, Optional.empty(), to));
    }

    private PositionIs position(String userId) {
        return membership(userId).position();
    }

    private Membership membership(String userId) {
        return rig.ask(Membership.class, to -> new GetMembership(userId, to));
    }

    private long keeps() {
        return rig.companionAsks.stream()
                .filter(PositionsCommand.Keep.class::isInstance)
                .count();
    }
}
