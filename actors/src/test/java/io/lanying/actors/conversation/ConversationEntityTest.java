package io.lanying.actors.conversation;

import static io.lanying.actors.conversation.ConversationRig.content;
import static io.lanying.actors.conversation.ConversationRig.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import com.typesafe.config.ConfigFactory;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.ConversationCommand;
import io.lanying.protocol.conversation.ConversationCommand.CheckEdit;
import io.lanying.protocol.conversation.ConversationCommand.CheckPost;
import io.lanying.protocol.conversation.ConversationCommand.Delete;
import io.lanying.protocol.conversation.ConversationCommand.Edit;
import io.lanying.protocol.conversation.ConversationCommand.PutMember;
import io.lanying.protocol.conversation.ConversationCommand.ReadHistory;
import io.lanying.protocol.conversation.ConversationCommand.ReadVersions;
import io.lanying.protocol.conversation.ConversationCommand.Recall;
import io.lanying.protocol.conversation.ConversationCommand.RemoveMember;
import io.lanying.protocol.conversation.ConversationEvent;
import io.lanying.protocol.conversation.ConversationEvent.MessageEdited;
import io.lanying.protocol.conversation.ConversationEvent.MessagePosted;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationReply.Edited;
import io.lanying.protocol.conversation.ConversationReply.History;
import io.lanying.protocol.conversation.ConversationReply.Messages;
import io.lanying.protocol.conversation.ConversationSettings;
import io.lanying.protocol.conversation.MemberRole;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.MessageType;
import io.lanying.protocol.conversation.StoredMessage;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Posting, changing, taking back and reading, over restarts and from the journal. */
class ConversationEntityTest {

    private final ConversationRig rig = new ConversationRig();

    @AfterEach
    void stop() {
        rig.stop();
    }

    @Test
    void survivesARestartAfterEachCommand() {
        var own = ActorTestKit.create(EventSourcedBehaviorTestKit.config().withFallback(ConfigFactory.load()));
        try {
            var tested = EventSourcedBehaviorTestKit.<ConversationCommand, ConversationEvent, ConversationState>create(
                    own.system(),
                    ConversationEntity.create(
                            ConversationRig.ID,
                            own.<ClusterSharding.ShardCommand>createTestProbe().ref(),
                            rig.ports(own),
                            ConversationRig.settings(
                                    100, 100, java.time.Duration.ofSeconds(1), java.time.Duration.ofHours(1))),
                    EventSourcedBehaviorTestKit.enabledSerializationSettings().withVerifyState(false));
            List<Function<ActorRef<ConversationReply>, ConversationCommand>> commands = List.of(
                    to -> ConversationRig.create(ConversationSettings.DEFAULT, "k1", to, "u1", "u2"),
                    to -> ConversationRig.message("u1", "hello", to),
                    to -> ConversationRig.message("u2", "there", to),
                    to -> new RemoveMember("u2", 60, Optional.empty(), to),
                    to -> new PutMember("u3", Optional.of(MemberRole.ADMIN), Optional.empty(), Optional.empty(), to),
                    to -> ConversationRig.message("u3", "third", to),
                    to -> new Delete(Optional.empty(), to));
            for (var command : commands) {
                tested.<ConversationReply>runCommand(command::apply);
                var restarted = tested.restart().state();
                var folded = ConversationState.initial()
                        .applyAll(tested.persistenceTestKit().persistedInStorage("Conversation|acme:g1").stream()
                                .map(ConversationEvent.class::cast)
                                .toList());
                assertThat(restarted.toSnapshot()).isEqualTo(folded.toSnapshot());
                assertThat(ConversationState.fromSnapshot(restarted.toSnapshot())
                                .toSnapshot())
                        .isEqualTo(restarted.toSnapshot());
            }
        } finally {
            own.shutdownTestKit();
        }
    }

    @Test
    void aRepeatedPostGetsTheFirstAnswerAlsoAfterARestart() {
        rig.group("u1", "u2");
        var first = rig.post("u1", "a");
        assertThat(first.messageSeq()).isEqualTo(1);
        rig.time = ConversationRig.NOW.plusSeconds(60);
        rig.restart();
        var again = rig.post("u1", "a");
        assertThat(again.messageSeq()).isEqualTo(1);
        assertThat(again.sentAt()).isEqualTo(first.sentAt());
        assertThat(again.repeated()).isTrue();
        assertThat(rig.post("u2", "a").messageSeq())
                .as("another sender's id is another message")
                .isEqualTo(2);
        assertThat(rig.events().stream().filter(MessagePosted.class::isInstance))
                .hasSize(2);
    }

    @Test
    void aLookWhetherAMessageWouldBeTakenChangesNothingAndSaysWhatIsKnown() {
        rig.group("u1", "u2");
        Function<ActorRef<ConversationReply>, ConversationCommand> look =
                to -> new CheckPost(ConversationRig.message("u1", "a", to));
        assertThat(rig.ask(look)).isEqualTo(new ConversationReply.Acceptable());
        assertThat(rig.refused(to -> new CheckPost(ConversationRig.message("stranger", "a", to))))
                .isEqualTo(ErrorCode.NOT_A_MEMBER);
        assertThat(rig.events()).noneMatch(MessagePosted.class::isInstance);

        var first = rig.post("u1", "a");
        assertThat(rig.ask(ConversationReply.Posted.class, look))
                .isEqualTo(new ConversationReply.Posted(first.messageSeq(), first.sentAt(), true));
        assertThat(rig.ask(to -> new CheckEdit(edit("u1", 1, "b", to)))).isEqualTo(new ConversationReply.Acceptable());
        edit("u1", 1, "b");
        assertThat(rig.ask(Edited.class, to -> new CheckEdit(edit("u1", 1, "b", to)))
                        .version())
                .isEqualTo(2);
        assertThat(rig.refused(to -> new CheckEdit(edit("u1", 9, "b", to)))).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(rig.events().stream().filter(MessageEdited.class::isInstance))
                .hasSize(1);
    }

    @Test
    void nothingIsAcceptedThatNoReminderCovers() {
        rig.group("u1", "u2");
        rig.restart(() -> rig.remindersAnswer = false);
        assertThat(rig.refused(to -> ConversationRig.message("u1", "a", to))).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(rig.events()).noneMatch(MessagePosted.class::isInstance);
    }

    @Test
    void historyIsReadFromTheJournalWhereverItIs() {
        rig.group("u1", "u2");
        for (int i = 1; i <= 250; i++) {
            rig.post("u1", "m" + i);
        }
        edit("u1", 3, "edited");
        edit("u1", 249, "late");
        rig.restart();

        assertThat(texts(history(Optional.empty(), 0L, null, 4))).containsExactly("m1", "m2", "edited", "m4");
        assertThat(texts(history(Optional.empty(), null, null, 3))).containsExactly("m248", "late", "m250");
        assertThat(texts(history(Optional.empty(), null, 102L, 3))).containsExactly("m99", "m100", "m101");
        assertThat(texts(history(Optional.empty(), 99L, 103L, 200))).containsExactly("m100", "m101", "m102");
        assertThat(history(Optional.empty(), 0L, null, 200).more()).isTrue();
        assertThat(history(Optional.empty(), 200L, null, 200).more()).isFalse();
        assertThat(history(Optional.empty(), 250L, null, 10).messages()).isEmpty();
        assertThat(history(Optional.empty(), null, null, 3).lastSeq()).isEqualTo(250);
    }

    @Test
    void whatWasJustPostedIsReadWithoutTheJournal() {
        rig.group("u1", "u2");
        rig.post("u1", "a");
        rig.post("u1", "b");
        int before = rig.journalReads.get();
        assertThat(texts(history(Optional.empty(), 0L, null, 4))).containsExactly("a", "b");
        assertThat(rig.journalReads).hasValue(before);
    }

    @Test
    void anAnswerIsBoundedAndSaysThatThereIsMore() {
        rig.group("u1", "u2");
        for (int i = 1; i <= 12; i++) {
            rig.post("u1", i + "x".repeat(16_000));
        }
        rig.restart();
        var first = history(Optional.empty(), 0L, null, 50);
        assertThat(first.messages()).hasSize(8);
        assertThat(first.more()).isTrue();
        var last = history(Optional.empty(), null, null, 50);
        assertThat(last.messages().get(last.messages().size() - 1).messageSeq())
                .as("the newest first, where the newest are asked for")
                .isEqualTo(12);
        assertThat(last.messages().get(0).messageSeq()).isEqualTo(5);
    }

    @Test
    void aMemberReadsFromItsJoiningOn() {
        rig.group("u1", "u2");
        rig.post("u1", "before");
        put("u3");
        rig.post("u1", "after");
        assertThat(texts(history(Optional.of("u3"), 0L, null, 10))).containsExactly("after");
        assertThat(texts(history(Optional.of("u2"), 0L, null, 10))).containsExactly("before", "after");
        assertThat(rig.refused(to -> new ReadHistory(Optional.of("u9"), Optional.empty(), Optional.empty(), 5, to)))
                .isEqualTo(ErrorCode.NOT_A_MEMBER);
        rig.ask(to -> new RemoveMember("u2", 0, Optional.empty(), to));
        put("u2");
        assertThat(texts(history(Optional.of("u2"), 0L, null, 10)))
                .as("who comes back has not seen what was posted meanwhile")
                .isEmpty();
    }

    @Test
    void devicesReadTheVersionsTheyHold() {
        rig.group("u1", "u2");
        rig.post("u1", "one");
        rig.post("u1", "two");
        edit("u1", 1, "one again");
        edit("u1", 1, "one for good");
        rig.restart();
        assertThat(versions(1, 1, 2, 1, 1, 2, 1, 3)).containsExactly("one", "two", "one again", "one for good");
        assertThat(rig.ask(Messages.class, to -> new ReadVersions(List.of(new MessageRef("g1", 99, 1)), to))
                        .messages())
                .isEmpty();
    }

    @Test
    void whatIsRecalledIsReadNoMoreInAnyVersion() {
        rig.group("u1", "u2");
        rig.post("u1", "secret");
        edit("u1", 1, "still secret");
        rig.ask(ConversationReply.Recalled.class, to -> new Recall(1, Optional.of("u1"), to));
        assertThat(versions(1, 1, 1, 2)).containsExactly("-", "-");
        assertThat(texts(history(Optional.empty(), 0L, null, 10))).containsExactly("-");
        rig.restart();
        assertThat(versions(1, 1, 1, 2)).containsExactly("-", "-");
        var message = history(Optional.of("u2"), 0L, null, 10).messages().get(0);
        assertThat(message.recalledAt()).contains(ConversationRig.NOW);
        assertThat(rig.refused(to -> edit("u1", 1, "again", to))).isEqualTo(ErrorCode.MESSAGE_RECALLED);
    }

    @Test
    void theSameEditAgainIsNoFurtherVersion() {
        rig.group("u1", "u2");
        rig.post("u1", "a");
        assertThat(edit("u1", 1, "b").version()).isEqualTo(2);
        assertThat(edit("u1", 1, "b").version()).isEqualTo(2);
        assertThat(edit("u1", 1, "c").version()).isEqualTo(3);
        assertThat(rig.refused(to -> edit("u2", 1, "mine", to))).isEqualTo(ErrorCode.NOT_PERMITTED);
        assertThat(rig.refused(to -> edit("u1", 2, "none", to))).isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void whatWasBeforeADeletionStaysUnreadableAndNumbersGoOn() {
        rig.group("u1", "u2");
        rig.post("u1", "old");
        rig.ask(ConversationReply.Gone.class, to -> new Delete(Optional.empty(), to));
        assertThat(rig.refused(to -> ConversationRig.message("u1", "x", to))).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(rig.refused(to -> new ReadVersions(List.of(new MessageRef("g1", 1, 1)), to)))
                .isEqualTo(ErrorCode.NOT_FOUND);
        rig.ask(
                ConversationReply.Created.class,
                to -> ConversationRig.create(ConversationSettings.DEFAULT, "k2", to, "u1"));
        assertThat(rig.post("u1", "new").messageSeq()).isEqualTo(2);
        assertThat(texts(history(Optional.empty(), 0L, null, 10))).containsExactly("new");
        assertThat(versions(1, 1)).containsExactly("-");
    }

    @Test
    void aJournalThatCannotBeReadIsUnavailableAndNothingElse() {
        rig.group("u1", "u2");
        rig.post("u1", "a");
        await().until(() -> rig.messagesToldTo("u2").contains(1L));
        rig.restart();
        rig.journalReadable = false;
        assertThat(rig.refused(to -> new ReadHistory(Optional.empty(), Optional.empty(), Optional.empty(), 5, to)))
                .isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(rig.refused(to -> edit("u1", 1, "b", to))).isEqualTo(ErrorCode.UNAVAILABLE);
        rig.journalReadable = true;
        assertThat(texts(history(Optional.empty(), 0L, null, 5))).containsExactly("a");
    }

    private Edited edit(String sender, long seq, String text) {
        return rig.ask(Edited.class, to -> edit(sender, seq, text, to));
    }

    private static Edit edit(String sender, long seq, String text, ActorRef<ConversationReply> replyTo) {
        return new Edit(seq, sender, "f-" + text, MessageType.TEXT, content(text), List.of(), replyTo);
    }

    private void put(String userId) {
        rig.ask(
                ConversationReply.MemberSaved.class,
                to -> new PutMember(userId, Optional.empty(), Optional.empty(), Optional.empty(), to));
    }

    private History history(Optional<String> userId, Long after, Long before, int limit) {
        return rig.ask(
                History.class,
                to -> new ReadHistory(userId, Optional.ofNullable(after), Optional.ofNullable(before), limit, to));
    }

    private List<String> versions(long... seqsAndVersions) {
        var refs = new java.util.ArrayList<MessageRef>();
        for (int i = 0; i < seqsAndVersions.length; i += 2) {
            refs.add(new MessageRef("g1", seqsAndVersions[i], (int) seqsAndVersions[i + 1]));
        }
        return rig.ask(Messages.class, to -> new ReadVersions(refs, to)).messages().stream()
                .map(message -> text(message.content()))
                .toList();
    }

    private static List<String> texts(History history) {
        return history.messages().stream()
                .map(StoredMessage::content)
                .map(ConversationRig::text)
                .toList();
    }
}
