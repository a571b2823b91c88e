package io.lanying.actors.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.persistence.testkit.PersistenceTestKitPlugin;
import akka.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import akka.persistence.testkit.javadsl.PersistenceTestKit;
import com.typesafe.config.ConfigFactory;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceCommand.TokenLost;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.reminder.Reminder;
import io.lanying.protocol.reminder.ReminderCommand;
import io.lanying.protocol.token.TokenOwnerCommand;
import io.lanying.protocol.token.TokenOwnerCommand.Claim;
import io.lanying.protocol.token.TokenOwnerCommand.Wake;
import io.lanying.protocol.token.TokenOwnerEvent;
import io.lanying.protocol.token.TokenOwnerEvent.LoserTold;
import io.lanying.protocol.token.TokenOwnerReply;
import io.lanying.protocol.token.TokenOwnerReply.Owner;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A vendor token belongs to one device, whatever is repeated, late or lost on the way. */
class TokenOwnerEntityTest {

    private static final ChannelId APNS = new ChannelId("apns", "production");
    private static final EntityId ID = TokenClaims.ownerOf("acme", APNS, "t1");
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

    private final ActorTestKit kit = ActorTestKit.create(PersistenceTestKitPlugin.config()
            .withFallback(PersistenceTestKitSnapshotPlugin.config())
            .withFallback(ConfigFactory.load()));
    private final PersistenceTestKit journal = PersistenceTestKit.create(kit.system());
    private final TestProbe<DeviceCommand> devices = kit.createTestProbe();
    private final TestProbe<TokenOwnerReply> claimant = kit.createTestProbe();
    private final TestProbe<ClusterSharding.ShardCommand> shard = kit.createTestProbe();
    private final List<ReminderCommand> reminders = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void theNewestClaimWinsAndTheLoserIsTold() {
        var token = spawn();
        assertThat(claim(token, "d1", T0)).isEqualTo("d1");
        devices.expectNoMessage(Duration.ofMillis(100));
        assertThat(claim(token, "d2", T0.minusSeconds(60)))
                .as("clocks of devices are not compared: it came later")
                .isEqualTo("d2");
        var lost = devices.expectMessageClass(TokenLost.class);
        assertThat(lost.since()).isEqualTo(T0);
        assertThat(reminders).hasAtLeastOneElementOfType(ReminderCommand.Remind.class);
        lost.replyTo().tell(new DeviceReply.Noted());
        await().until(() -> events().stream().anyMatch(LoserTold.class::isInstance));
    }

    @Test
    void aRepeatOfALostClaimDoesNotWinItBackButANewRegistrationDoes() {
        var token = spawn();
        claim(token, "d1", T0);
        claim(token, "d2", T0.plusSeconds(1));
        assertThat(claim(token, "d1", T0)).isEqualTo("d2");
        var next = restart(token);
        assertThat(claim(next, "d1", T0)).isEqualTo("d2");
        assertThat(claim(next, "d1", T0.plusSeconds(2))).isEqualTo("d1");
        assertThat(claim(next, "d2", T0.plusSeconds(1))).isEqualTo("d1");
    }

    @Test
    void aRepeatOfTheClaimThatHoldsWritesNothing() {
        var token = spawn();
        claim(token, "d1", T0);
        claim(token, "d1", T0);
        claim(restart(token), "d1", T0);
        assertThat(events()).hasSize(1);
        assertThat(reminders).isEmpty();
    }

    @Test
    void whoWasNotToldIsToldAfterARestart() {
        var token = spawn();
        claim(token, "d1", T0);
        claim(token, "d2", T0.plusSeconds(1));
        devices.expectMessageClass(TokenLost.class);
        var next = restart(token);
        next.tell(new Wake(1));
        devices.expectMessageClass(TokenLost.class).replyTo().tell(new DeviceReply.Noted());
        await().until(() -> events().stream().anyMatch(LoserTold.class::isInstance));
        next.tell(new Wake(1));
        await().until(() -> reminders.stream().anyMatch(ReminderCommand.Done.class::isInstance));
        devices.expectNoMessage(Duration.ofMillis(100));
    }

    @Test
    void remembersOnlySoManyLosers() {
        var state = TokenOwnerState.initial();
        for (int i = 0; i < 50; i++) {
            state = state.apply(new TokenOwnerEvent.TokenClaimed(T0, "d" + i, APNS, "t1", T0));
        }
        assertThat(state.snapshot().losers()).hasSize(TokenOwnerState.MAX_LOSERS);
        assertThat(state.snapshot().owner().orElseThrow().deviceId()).isEqualTo("d49");
    }

    private ActorRef<TokenOwnerCommand> spawn() {
        ActorRef<ReminderCommand> writer = kit.spawn(Behaviors.receiveMessage(command -> {
            reminders.add(command);
            if (command instanceof ReminderCommand.Remind remind) {
                remind.replyTo().tell(new Reminder(remind.due(), 1));
            }
            return Behaviors.same();
        }));
        return kit.spawn(TokenOwnerEntity.create(
                ID, shard.getRef(), device -> devices.getRef(), writer, Clock.fixed(T0, ZoneOffset.UTC)));
    }

    private ActorRef<TokenOwnerCommand> restart(ActorRef<TokenOwnerCommand> token) {
        kit.stop(token);
        return spawn();
    }

    private String claim(ActorRef<TokenOwnerCommand> token, String deviceId, Instant since) {
        token.tell(new Claim(deviceId, APNS, "t1", since, claimant.getRef()));
        return ((Owner) claimant.receiveMessage()).deviceId();
    }

    private List<TokenOwnerEvent> events() {
        return journal.persistedInStorage(EntityKind.TOKEN_OWNER.persistenceId(ID)).stream()
                .map(TokenOwnerEvent.class::cast)
                .toList();
    }
}
