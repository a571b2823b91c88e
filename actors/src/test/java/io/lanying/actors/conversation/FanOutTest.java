package io.lanying.actors.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lanying.protocol.EntityKind;
import io.lanying.protocol.conversation.ConversationCommand.PutMember;
import io.lanying.protocol.conversation.ConversationCommand.Recall;
import io.lanying.protocol.conversation.ConversationCommand.RemoveMember;
import io.lanying.protocol.conversation.ConversationCommand.Report;
import io.lanying.protocol.conversation.ConversationCommand.Wake;
import io.lanying.protocol.conversation.ConversationEvent.MessagePosted;
import io.lanying.protocol.conversation.ConversationEvent.NewsCaughtUp;
import io.lanying.protocol.conversation.ConversationEvent.NewsGivenUp;
import io.lanying.protocol.conversation.ConversationEvent.NewsTold;
import io.lanying.protocol.conversation.ConversationNews;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.PositionReport;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.reminder.ReminderCommand;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Everybody is told of everything that was posted while they were members, whatever dies and whoever is slow. */
class FanOutTest {

    private ConversationRig rig = new ConversationRig();

    @AfterEach
    void stop() {
        rig.stop();
    }

    @Test
    void everyMemberIsToldAndThatIsAnEventOfItsOwnWhenNoMessageFollows() {
        rig.group("u1", "u2", "u3");
        rig.post("u1", "a");
        await().untilAsserted(() ->
                assertThat(rig.events()).last().isEqualTo(new NewsTold(ConversationRig.NOW, 2, List.of())));
        assertThat(rig.told).extracting(ConversationRig.Told::userId).containsExactlyInAnyOrder("u1", "u2", "u3");
        assertThat(rig.told).allSatisfy(told -> {
            assertThat(told.news().upTo()).isEqualTo(2);
            assertThat(told.news().notices()).singleElement().satisfies(notice -> {
                assertThat(notice.kind()).isEqualTo(ItemKind.MESSAGE);
                assertThat(ConversationRig.text(notice.messages().get(0).content()))
                        .isEqualTo("a");
            });
        });
    }

    @Test
    void theEndOfARoundRidesOnTheNextMessage() {
        rig.stop();
        rig = new ConversationRig(Duration.ofSeconds(1), Duration.ofHours(1));
        rig.group("u1", "u2");
        rig.post("u1", "a");
        await().until(() -> rig.told.size() == 2);
        await().untilAsserted(() -> {
            var last = rig.post("u1", "b" + rig.events().size());
            assertThat(((MessagePosted) rig.events().get(rig.events().size() - 1)).toldUpTo())
                    .isGreaterThanOrEqualTo(2);
            assertThat(last.repeated()).isFalse();
        });
        assertThat(rig.events()).noneMatch(NewsTold.class::isInstance);
    }

    @Test
    void aMemberThatNeverAnswersHoldsUpNobody() {
        rig.silent.add("u2");
        rig.group("u1", "u2", "u3");
        for (int i = 1; i <= 3; i++) {
            rig.post("u1", "m" + i);
        }
        await().untilAsserted(() -> assertThat(rig.messagesToldTo("u3")).contains(1L, 2L, 3L));
        await().until(() -> rig.events().stream()
                .anyMatch(
                        event -> event instanceof NewsTold told && told.missed().equals(List.of("u2"))));
        rig.post("u1", "m4");
        await().untilAsserted(() -> assertThat(rig.messagesToldTo("u3")).contains(4L));
        rig.time = ConversationRig.NOW.plusSeconds(60);
        await().until(() -> rig.messagesToldTo("u2").size() > 5);

        answerAgain();
        await().until(() -> rig.events().stream().anyMatch(NewsCaughtUp.class::isInstance));
        rig.post("u1", "m5");
        await().untilAsserted(() -> assertThat(rig.messagesToldTo("u2")).contains(1L, 2L, 3L, 4L, 5L));
        await().untilAsserted(() -> assertThat(state().news().behind()).isEmpty());
    }

    @Test
    void whatIsSaidWhileSomebodyIsFarBehindIsToldAtOnceLater() {
        rig.later.add("u2");
        rig.group("u1", "u2");
        rig.post("u1", "m1");
        await().until(() -> rig.messagesToldTo("u2").equals(List.of(1L)));
        for (int i = 2; i <= 30; i++) {
            rig.post("u1", "m" + i);
        }
        await().untilAsserted(() -> assertThat(rig.messagesToldTo("u1")).contains(30L));
        assertThat(rig.messagesToldTo("u2"))
                .as("not asked while it is gathered")
                .containsExactly(1L);

        rig.later.clear();
        rig.time = ConversationRig.NOW.plus(Latecomers.GATHER);
        rig.post("u1", "m31");
        await().untilAsserted(() -> assertThat(toldTo("u2"))
                .as("all of it in one")
                .element(1)
                .satisfies(news -> assertThat(news.notices()).hasSize(1)));
        await().untilAsserted(() -> assertThat(rig.messagesToldTo("u2")).contains(2L, 15L, 30L, 31L));
        await().untilAsserted(() -> assertThat(state().news().behind()).isEmpty());
        long written = rig.events().stream()
                .filter(event -> event instanceof NewsCaughtUp
                        || (event instanceof NewsTold told && !told.missed().isEmpty()))
                .count();
        assertThat(written).as("for 30 messages").isLessThanOrEqualTo(3);
    }

    @Test
    void whoComesBackNeedNotWaitForTheRest() {
        rig.later.add("u2");
        rig.group("u1", "u2");
        rig.post("u1", "m1");
        rig.post("u1", "m2");
        await().untilAsserted(() -> assertThat(state().news().behind()).containsKey("u2"));
        rig.later.clear();
        rig.ask(
                ConversationReply.Reported.class,
                to -> new Report(List.of(new PositionReport("u2", 0, 1, Optional.of("d2"))), to));
        await().untilAsserted(() -> assertThat(rig.messagesToldTo("u2")).contains(1L, 2L));
        await().untilAsserted(() -> assertThat(state().news().behind()).isEmpty());
    }

    private List<ConversationNews> toldTo(String userId) {
        return rig.told.stream()
                .filter(told -> told.userId().equals(userId))
                .map(ConversationRig.Told::news)
                .toList();
    }

    @Test
    void aRoundThatDiedIsToldAgainByTheNextIncarnation() {
        rig.silent.addAll(List.of("u1", "u2"));
        rig.stop();
        rig = new ConversationRig(Duration.ofSeconds(30), Duration.ofHours(1));
        rig.silent.addAll(List.of("u2"));
        rig.group("u1", "u2");
        rig.post("u1", "a");
        await().until(() -> rig.messagesToldTo("u2").equals(List.of(1L)));
        assertThat(rig.reminders).anyMatch(ReminderCommand.Remind.class::isInstance);

        rig.silent.clear();
        rig.restart();
        rig.tell(new Wake(7));
        await().untilAsserted(() -> assertThat(rig.messagesToldTo("u2")).containsExactly(1L, 1L));
        await().untilAsserted(() -> assertThat(rig.reminders)
                .filteredOn(ReminderCommand.Rearm.class::isInstance)
                .hasSize(1));
    }

    @Test
    void aWakeWithoutWorkEndsTheReminder() {
        rig.group("u1", "u2");
        rig.post("u1", "a");
        await().until(() -> rig.events().stream().anyMatch(NewsTold.class::isInstance));
        rig.tell(new Wake(7));
        await().until(() ->
                rig.reminders.contains(new ReminderCommand.Done(EntityKind.CONVERSATION, ConversationRig.ID, 7)));
    }

    @Test
    void whoLeavesGetsWhatWasPostedBeforeAndNothingAfter() {
        rig.silent.add("u2");
        rig.group("u1", "u2", "u3");
        rig.post("u1", "before");
        rig.ask(ConversationReply.Gone.class, to -> new RemoveMember("u2", 0, Optional.of("u2"), to));
        rig.post("u1", "after");
        await().untilAsserted(() -> assertThat(rig.messagesToldTo("u3")).contains(1L, 2L));
        await("the round is over").until(() -> rig.events().stream()
                .anyMatch(event -> event instanceof NewsTold noted && noted.upTo() >= 4));
        rig.told.clear();
        answerAgain();
        await("told again, and answered")
                .untilAsserted(() -> assertThat(rig.messagesToldTo("u2")).contains(1L));
        await().until(() -> state().news().behind().isEmpty());
        assertThat(rig.messagesToldTo("u2")).doesNotContain(2L);
    }

    @Test
    void whoLeavesBeforeTheRoundReachesItIsToldByTheNextIncarnation() {
        rig.silent.addAll(List.of("u1", "u2"));
        rig.group("u1", "u2");
        rig.post("u1", "before");
        rig.ask(ConversationReply.Gone.class, to -> new RemoveMember("u2", 0, Optional.of("u2"), to));
        rig.restart(() -> {
            rig.told.clear();
            rig.silent.clear();
        });
        rig.tell(new Wake(1));
        await().untilAsserted(() -> assertThat(rig.messagesToldTo("u2")).contains(1L));
        await().until(() -> state().news().behind().isEmpty());
        assertThat(rig.told)
                .filteredOn(told -> told.userId().equals("u2"))
                .last()
                .satisfies(told -> assertThat(told.news().upTo()).isLessThanOrEqualTo(4));
        assertThat(rig.messagesToldTo("u2")).contains(1L);
    }

    @Test
    void whoComesAndGoesWhileSilentIsToldOfItsOwnTimesOnly() {
        rig.silent.add("u2");
        rig.group("u1", "u2");
        rig.post("u1", "in 1");
        rig.ask(ConversationReply.Gone.class, to -> new RemoveMember("u2", 0, Optional.empty(), to));
        rig.post("u1", "out 2");
        rig.ask(
                ConversationReply.MemberSaved.class,
                to -> new PutMember("u2", Optional.empty(), Optional.empty(), Optional.empty(), to));
        rig.post("u1", "in 3");
        rig.ask(ConversationReply.Recalled.class, to -> new Recall(2, Optional.empty(), to));
        answerAgain();
        await().untilAsserted(() -> assertThat(rig.messagesToldTo("u2")).contains(1L, 3L));
        await().until(() -> state().news().behind().isEmpty());
        assertThat(rig.messagesToldTo("u2")).doesNotContain(2L);
        assertThat(rig.messagesToldTo("u2").lastIndexOf(1L))
                .isLessThan(rig.messagesToldTo("u2").lastIndexOf(3L));
    }

    @Test
    void aNewMemberIsNotToldOfWhatWasBefore() {
        rig.group("u1", "u2");
        rig.post("u1", "before");
        rig.ask(
                ConversationReply.MemberSaved.class,
                to -> new PutMember("u3", Optional.empty(), Optional.empty(), Optional.empty(), to));
        rig.ask(ConversationReply.Recalled.class, to -> new Recall(1, Optional.empty(), to));
        rig.post("u1", "after");
        await().untilAsserted(() -> assertThat(rig.messagesToldTo("u3")).contains(2L));
        assertThat(rig.messagesToldTo("u3"))
                .as("neither the message nor its recall")
                .doesNotContain(1L);
    }

    @Test
    void manyMessagesComeInPagesFromTheJournalAndNothingIsLeftOut() {
        rig.silent.add("u2");
        rig.group("u1", "u2");
        for (int i = 1; i <= 450; i++) {
            rig.post("u1", "m" + i);
        }
        rig.restart(rig.silent::clear);
        rig.tell(new Wake(1));
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(rig.messagesToldTo("u2"))
                .containsAll(
                        IntStream.rangeClosed(1, 450).mapToObj(Long::valueOf).toList()));
    }

    @Test
    void fewerThanAllAreAskedAtATime() {
        String[] users = IntStream.range(0, 200).mapToObj(i -> "u" + i).toArray(String[]::new);
        rig.stop();
        rig = new ConversationRig(Duration.ofSeconds(2), Duration.ofHours(1));
        rig.silent.addAll(List.of(users));
        rig.group(users);
        rig.post("u0", "a");
        await().until(() -> rig.told.size() == FanOutWindow.FIRST);
        await().during(Duration.ofMillis(300)).until(() -> rig.told.size() == FanOutWindow.FIRST);
    }

    @Test
    void whoDoesNotAnswerForSixDaysIsGivenUpAndCounted() {
        rig.silent.add("u2");
        rig.group("u1", "u2");
        rig.post("u1", "a");
        await().until(() -> !state().news().behind().isEmpty());
        rig.time = ConversationRig.NOW.plus(Duration.ofDays(6).minusSeconds(1));
        rig.tell(new Wake(1));
        rig.time = ConversationRig.NOW.plus(Duration.ofDays(6));
        rig.tell(new Wake(2));
        await().until(() -> rig.events().stream()
                .anyMatch(event ->
                        event instanceof NewsGivenUp given && given.userIds().equals(List.of("u2"))));
        assertThat(state().news().givenUp()).isEqualTo(1);
        rig.silent.clear();
        rig.post("u1", "b");
        await().untilAsserted(() -> assertThat(rig.messagesToldTo("u2")).contains(2L));
    }

    /** From now on everybody answers, and the pauses before they are told again are over. */
    private void answerAgain() {
        rig.silent.clear();
        rig.time = rig.time.plusSeconds(600);
    }

    private ConversationState state() {
        return ConversationState.initial().applyAll(rig.events());
    }
}
