package io.lanying.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import io.lanying.actors.Reminders.Cover;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.reminder.Reminder;
import io.lanying.protocol.reminder.ReminderCommand;
import io.lanying.protocol.reminder.ReminderCommand.Done;
import io.lanying.protocol.reminder.ReminderCommand.Rearm;
import io.lanying.protocol.reminder.ReminderCommand.Remind;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A reminder is stored before the work it covers, whatever crosses on the way. */
class RemindersTest {

    private static final EntityId ID = new EntityId("acme", "d1");
    private static final Instant SOON = Instant.parse("2026-01-01T00:00:10Z");
    private static final Instant SOONER = SOON.minusSeconds(5);
    private static final Instant LATER = SOON.plusSeconds(5);

    private interface Message {}

    /** Something done to the reminders inside their actor. */
    private record Run(Function<Reminders<Message>, Object> action, ActorRef<Object> replyTo) implements Message {}

    private record Answered(Reminders.Answer answer) implements Message {}

    private final ActorTestKit kit = ActorTestKit.create();
    private final TestProbe<ReminderCommand> writer = kit.createTestProbe();
    private final TestProbe<Object> caller = kit.createTestProbe();
    private final TestProbe<Reminders.Answer> answers = kit.createTestProbe();
    private ActorRef<Message> entity;

    @BeforeEach
    void start() {
        entity = kit.spawn(entity());
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    private Behavior<Message> entity() {
        return Behaviors.setup(context -> {
            var reminders = new Reminders<Message>(
                    EntityKind.DEVICE, ID, context, writer.getRef(), Duration.ofMillis(200), Answered::new);
            return Behaviors.receive(Message.class)
                    .onMessage(Run.class, run -> {
                        run.replyTo().tell(run.action().apply(reminders));
                        return Behaviors.same();
                    })
                    .onMessage(Answered.class, answered -> {
                        reminders.answered(answered.answer());
                        answers.getRef().tell(answered.answer());
                        return Behaviors.same();
                    })
                    .build();
        });
    }

    private Object run(Function<Reminders<Message>, Object> action) {
        entity.tell(new Run(action, caller.getRef()));
        return caller.receiveMessage();
    }

    private Object require(Instant due) {
        return run(reminders -> reminders.require(due));
    }

    private void stored(Instant due, long version) {
        writer.expectMessageClass(Remind.class).replyTo().tell(new Reminder(due, version));
        answers.receiveMessage();
    }

    private void done(long version) {
        run(reminders -> {
            reminders.done(version);
            return "done";
        });
        assertThat(writer.receiveMessage()).isEqualTo(new Done(EntityKind.DEVICE, ID, version));
    }

    @Test
    void workIsOpenedOnlyOnceTheRowIsStored() {
        assertThat(require(SOON)).isEqualTo(Cover.ASKED);
        assertThat(require(SOON)).isEqualTo(Cover.ASKED);
        stored(SOON, 1);
        writer.expectNoMessage(Duration.ofMillis(50));
        assertThat(require(SOON)).isEqualTo(Cover.STORED);
        assertThat(require(LATER)).isEqualTo(Cover.STORED);
    }

    @Test
    void anEarlierDeadlineIsAskedForAgain() {
        require(SOON);
        stored(SOON, 1);

        assertThat(require(SOONER)).isEqualTo(Cover.ASKED);
        assertThat(writer.expectMessageClass(Remind.class).due()).isEqualTo(SOONER);
    }

    @Test
    void afterDoneOrRearmNothingIsKnown() {
        require(SOON);
        stored(SOON, 1);
        done(1);
        assertThat(require(LATER)).isEqualTo(Cover.ASKED);
        stored(LATER, 2);

        run(reminders -> {
            reminders.rearm(2, LATER);
            return "rearmed";
        });
        assertThat(writer.receiveMessage()).isEqualTo(new Rearm(EntityKind.DEVICE, ID, 2, LATER));
        assertThat(require(LATER)).isEqualTo(Cover.ASKED);
    }

    @Test
    void anAnswerThatCrossedADoneIsNotTrusted() {
        assertThat(require(SOON)).isEqualTo(Cover.ASKED);
        Remind asked = writer.expectMessageClass(Remind.class);
        done(1); // the wake of the row that the answer under way names
        asked.replyTo().tell(new Reminder(SOON, 1));
        answers.receiveMessage();

        assertThat(require(SOON)).isEqualTo(Cover.ASKED);
        stored(SOON, 2);
        assertThat(require(SOON)).isEqualTo(Cover.STORED);
    }

    @Test
    void withoutAnAnswerWorkIsRefusedAWhile() {
        require(SOON);
        assertThat(answers.receiveMessage().reminder()).isEmpty();

        assertThat(require(SOON)).isEqualTo(Cover.UNAVAILABLE);
        await().atMost(Duration.ofSeconds(5)).until(() -> require(SOON) == Cover.ASKED);
    }

    @Test
    void afterARestartAnAnswerOfBeforeIsNotTrusted() {
        require(SOON);
        Remind before = writer.expectMessageClass(Remind.class);
        run(reminders -> {
            reminders.reset();
            return "reset";
        });
        assertThat(require(SOON)).isEqualTo(Cover.ASKED);
        before.replyTo().tell(new Reminder(SOON, 1));
        answers.receiveMessage();

        assertThat(require(SOON)).isEqualTo(Cover.ASKED);
        stored(SOON, 2);
        assertThat(require(SOON)).isEqualTo(Cover.STORED);
    }

    @Test
    void aReminderNoLongerNeededIsTakenBack() {
        run(reminders -> {
            reminders.release();
            return "nothing to release";
        });
        require(SOON);
        stored(SOON, 7);
        run(reminders -> {
            reminders.release();
            return "released";
        });
        assertThat(writer.receiveMessage()).isEqualTo(new Done(EntityKind.DEVICE, ID, 7));
        assertThat(require(SOON)).isEqualTo(Cover.ASKED);
    }
}
