package io.lanying.actors.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.persistence.testkit.PersistenceTestKitPlugin;
import akka.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import akka.persistence.testkit.javadsl.PersistenceTestKit;
import com.typesafe.config.ConfigFactory;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.Counts;
import io.lanying.protocol.conversation.Receipt;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.position.ConversationParts;
import io.lanying.protocol.position.Position;
import io.lanying.protocol.position.PositionChange;
import io.lanying.protocol.position.PositionsCommand;
import io.lanying.protocol.position.PositionsCommand.Keep;
import io.lanying.protocol.position.PositionsCommand.Wake;
import io.lanying.protocol.position.PositionsEvent.PositionsMoved;
import io.lanying.protocol.position.PositionsEvent.ReadsTold;
import io.lanying.protocol.position.PositionsReply;
import io.lanying.protocol.position.PositionsReply.PositionsAre;
import io.lanying.protocol.position.ReceiptChange;
import io.lanying.protocol.reminder.Reminder;
import io.lanying.protocol.reminder.ReminderCommand;
import io.lanying.protocol.user.UserCommand;
import io.lanying.protocol.user.UserCommand.BringNews;
import io.lanying.protocol.user.UserReply.NewsBrought;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a companion keeps, and that the person's other devices come to know it, whatever dies. */
class PositionsEntityTest {

    private static final EntityId ID = new EntityId("acme", "g1~0");

    private final ActorTestKit kit = ActorTestKit.create(PersistenceTestKitPlugin.config()
            .withFallback(PersistenceTestKitSnapshotPlugin.config())
            .withFallback(ConfigFactory.load()));
    private final PersistenceTestKit journal = PersistenceTestKit.create(kit.system());
    private final List<BringNews> brought = new CopyOnWriteArrayList<>();
    private final List<ReminderCommand> reminders = new CopyOnWriteArrayList<>();
    private volatile boolean usersAnswer = true;
    private volatile boolean remindersAnswer = true;
    private ActorRef<PositionsCommand> companion = spawn();

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void readingIsToldToTheOtherDevicesAndNotedOnce() {
        assertThat(keep(read(0, "u1", 9))).singleElement().satisfies(position -> {
            assertThat(position.readSeq()).isEqualTo(9);
            assertThat(position.deliveredSeq()).isEqualTo(9);
        });
        await().untilAsserted(() -> assertThat(events()).last().isInstanceOf(ReadsTold.class));
        assertThat(brought).singleElement().satisfies(news -> {
            assertThat(news.exceptDevice()).contains("d-u1");
            assertThat(news.news().conversationId()).isEqualTo("g1");
            assertThat(news.news().counts()).contains(new Counts(1, 10, false));
            assertThat(news.news().notices()).singleElement().satisfies(notice -> {
                assertThat(notice.kind()).isEqualTo(ItemKind.READ);
                assertThat(notice.toSeq()).isEqualTo(9);
            });
        });
        assertThat(reminders).hasAtLeastOneElementOfType(ReminderCommand.Remind.class);
    }

    @Test
    void repeatsAndLowerPositionsAndEarlierMembershipsCostNoEvent() {
        keep(read(0, "u1", 9));
        await().untilAsserted(() -> assertThat(events()).hasSize(2));
        keep(read(0, "u1", 9));
        keep(read(0, "u1", 4));
        assertThat(keep(new PositionChange(0, "u0", 1, 99, 99, Optional.empty(), counts())))
                .singleElement()
                .satisfies(position -> assertThat(position.userId()).isEqualTo("u1"));
        assertThat(events()).hasSize(2);
    }

    @Test
    void deliveriesAreKeptTogetherAndToldToNobody() {
        keep(delivered(0, "u1", 3), delivered(1, "u2", 4), delivered(2, "u3", 5));
        assertThat(events()).singleElement().isInstanceOf(PositionsMoved.class);
        assertThat(brought).isEmpty();
        assertThat(reminders).isEmpty();
    }

    @Test
    void whoTakesOverAPlaceBeginsAnew() {
        keep(read(0, "u1", 9));
        assertThat(keep(new PositionChange(0, "u2", 8, 0, 10, Optional.empty(), counts())))
                .singleElement()
                .satisfies(position -> {
                    assertThat(position.userId()).isEqualTo("u2");
                    assertThat(position.readSeq()).isZero();
                    assertThat(position.deliveredSeq()).isEqualTo(10);
                });
    }

    @Test
    void whatWasNotToldIsToldByTheNextIncarnationAndOnlyTheNewest() {
        usersAnswer = false;
        keep(read(0, "u1", 5));
        keep(read(0, "u1", 9));
        await().until(() -> !brought.isEmpty());
        kit.stop(companion);
        usersAnswer = true;
        brought.clear();
        companion = spawn();
        companion.tell(new Wake(1));
        await().untilAsserted(() -> assertThat(events()).last().isInstanceOf(ReadsTold.class));
        assertThat(brought)
                .allSatisfy(
                        news -> assertThat(news.news().notices().get(0).toSeq()).isEqualTo(9));
        companion.tell(new Wake(2));
        await().untilAsserted(() -> assertThat(reminders).last().isInstanceOf(ReminderCommand.Done.class));
    }

    @Test
    void nothingIsKeptThatCouldBeForgotten() {
        remindersAnswer = false;
        TestProbe<PositionsReply> probe = kit.createTestProbe();
        companion.tell(new Keep("g1", List.of(read(0, "u1", 5)), probe.ref()));
        var refused = probe.expectMessageClass(PositionsReply.Refused.class, Duration.ofSeconds(6));
        assertThat(refused.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(events()).isEmpty();
    }

    @Test
    void aReceiptIsToldToAllDevicesAndNotedInOneEventWithTheReadingItFollowsFrom() {
        keep(List.of(read(1, "u2", 9)), List.of(owed(1, 9, 1)));
        await().untilAsserted(() -> assertThat(events()).hasSize(2));
        assertThat(events()).last().isInstanceOfSatisfying(ReadsTold.class, told -> {
            assertThat(told.told()).hasSize(1);
            assertThat(told.receipts()).hasSize(1);
        });
        assertThat(brought)
                .filteredOn(news -> news.exceptDevice().isEmpty())
                .singleElement()
                .satisfies(news -> {
                    assertThat(news.news().counts()).isEmpty();
                    assertThat(news.news().notices()).singleElement().satisfies(notice -> {
                        assertThat(notice.kind()).isEqualTo(ItemKind.RECEIPT);
                        assertThat(notice.receipt()).contains(receipt(9, 1));
                    });
                });
        keep(List.of(), List.of(owed(1, 9, 1), owed(1, 8, 1)));
        keep(List.of(), List.of(new ReceiptChange(0, "u0", 1, Optional.of(receipt(10, 1)))));
        assertThat(events())
                .as("what is known, older, or of an earlier membership")
                .hasSize(2);
    }

    @Test
    void aReceiptThatWasNotToldIsToldByTheNextIncarnationAndOnlyTheNewest() {
        usersAnswer = false;
        keep(List.of(), List.of(owed(1, 5, 1)));
        keep(List.of(), List.of(owed(1, 9, 2)));
        await().until(() -> !brought.isEmpty());
        assertThat(reminders).hasAtLeastOneElementOfType(ReminderCommand.Remind.class);
        kit.stop(companion);
        usersAnswer = true;
        brought.clear();
        companion = spawn();
        companion.tell(new Wake(1));
        await().untilAsserted(() -> assertThat(events()).last().isInstanceOf(ReadsTold.class));
        assertThat(brought)
                .allSatisfy(news ->
                        assertThat(news.news().notices().get(0).receipt()).contains(receipt(9, 2)));
        companion.tell(new Wake(2));
        await().untilAsserted(() -> assertThat(reminders).last().isInstanceOf(ReminderCommand.Done.class));
    }

    @Test
    void whatIsCalledOffIsNotToldAnyMore() {
        usersAnswer = false;
        keep(List.of(), List.of(owed(1, 5, 1)));
        await().until(() -> !brought.isEmpty());
        var off = new ReceiptChange(0, "u1", 2, Optional.empty());
        assertThat(keep(List.of(), List.of(off)))
                .singleElement()
                .satisfies(position -> assertThat(position.owesReceipt()).isFalse());
        keep(List.of(), List.of(off));
        assertThat(events()).hasSize(2);
        kit.stop(companion);
        brought.clear();
        companion = spawn();
        companion.tell(new Wake(1));
        await().untilAsserted(() -> assertThat(reminders).last().isInstanceOf(ReminderCommand.Done.class));
        assertThat(brought).isEmpty();
    }

    @Test
    void companionsOfLongIdsAreNobodyElses() {
        var conversation = new EntityId("acme", "c".repeat(64));
        assertThat(ConversationParts.id(conversation, 19).id()).hasSize(44).doesNotContain("~");
        assertThat(ConversationParts.id(new EntityId("acme", "c".repeat(59)), 19)
                        .id())
                .isEqualTo("c".repeat(59) + "~19");
    }

    private static PositionChange read(int place, String userId, long readSeq) {
        return new PositionChange(place, userId, 2, readSeq, 0, Optional.of("d-" + userId), counts());
    }

    private static PositionChange delivered(int place, String userId, long deliveredSeq) {
        return new PositionChange(place, userId, 2, 0, deliveredSeq, Optional.empty(), counts());
    }

    private static Counts counts() {
        return new Counts(1, 10, false);
    }

    private static ReceiptChange owed(long membersAt, long messageSeq, int read) {
        return new ReceiptChange(0, "u1", 2, Optional.of(new Receipt(membersAt, messageSeq, 1, 1, 2, 2, read)));
    }

    private static Receipt receipt(long messageSeq, int read) {
        return new Receipt(1, messageSeq, 1, 1, 2, 2, read);
    }

    private List<Position> keep(PositionChange... changes) {
        return keep(List.of(changes), List.of());
    }

    private List<Position> keep(List<PositionChange> changes, List<ReceiptChange> receipts) {
        TestProbe<PositionsReply> probe = kit.createTestProbe();
        companion.tell(new Keep("g1", changes, receipts, probe.ref()));
        return probe.expectMessageClass(PositionsAre.class, Duration.ofSeconds(6))
                .positions();
    }

    private List<Object> events() {
        return journal.persistedInStorage(EntityKind.POSITIONS.persistenceId(ID));
    }

    private ActorRef<PositionsCommand> spawn() {
        return kit.spawn(PositionsEntity.create(
                ID,
                kit.<ClusterSharding.ShardCommand>createTestProbe().ref(),
                user -> kit.<UserCommand>spawn(Behaviors.receiveMessage(command -> {
                    var bring = (BringNews) command;
                    brought.add(bring);
                    if (usersAnswer) {
                        bring.replyTo().tell(new NewsBrought(bring.news().conversationId(), 0));
                    }
                    return Behaviors.same();
                })),
                kit.spawn(reminders()),
                Clock.systemUTC()));
    }

    private Behavior<ReminderCommand> reminders() {
        var versions = new AtomicLong();
        return Behaviors.receiveMessage(command -> {
            reminders.add(command);
            if (command instanceof ReminderCommand.Remind remind && remindersAnswer) {
                remind.replyTo().tell(new Reminder(remind.due(), versions.incrementAndGet()));
            }
            return Behaviors.same();
        });
    }
}
