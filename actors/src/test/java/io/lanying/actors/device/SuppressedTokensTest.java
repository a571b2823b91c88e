package io.lanying.actors.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.channel.ChannelCommand.Cancel;
import io.lanying.protocol.channel.ChannelCommand.Send;
import io.lanying.protocol.channel.ResultClass;
import io.lanying.protocol.channel.VendorOutcome;
import io.lanying.protocol.channel.VendorOutcome.End;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceCommand.Register;
import io.lanying.protocol.device.DeviceCommand.Wake;
import io.lanying.protocol.device.DeviceEvent.TokenSuppressed;
import io.lanying.protocol.device.DeviceEvent.VendorAnswered;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.Priority;
import io.lanying.protocol.reminder.ReminderCommand.Rearm;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What follows when a vendor says that the person gets no notifications there now. */
class SuppressedTokensTest extends VendorTesting {

    private static final Duration WINDOW = Duration.ofMinutes(30);

    @Test
    void theTokenStaysAndGetsNothingUntilTheVendorsTime() {
        var device = registered(token("apns", "t1"));
        push(device, "n1");
        suppress(sent(), Optional.of(WINDOW));
        push(device, "n2");
        look(device);
        nothingSent();
        assertThat(tokens()).hasSize(1);
        assertThat(offers()).hasSize(1);

        fixture.clock.advance(WINDOW);
        look(device);
        var next = sent();
        assertThat(next.request().itemId())
                .as("the refused one is not tried again")
                .isEqualTo("n2");
        suppress(next, Optional.of(WINDOW));
        push(device, "n3");
        nothingSent();
    }

    @Test
    void theNextIncarnationKnowsItAndIsWokenWhenItIsOver() {
        var device = registered(token("apns", "t1"));
        push(device, "n1");
        suppress(sent(), Optional.of(WINDOW));
        push(device, "n2");
        device.tell(new Wake(1));
        var until = suppressions().get(0).until();
        await().until(() -> fixture.reminderCommands.stream()
                .anyMatch(
                        command -> command instanceof Rearm again && again.due().equals(until)));
        var next = fixture.restart(device);
        next.tell(new Wake(2));
        look(next);
        nothingSent();

        fixture.clock.advance(WINDOW);
        next.tell(new Wake(3));
        assertThat(sent().request().itemId()).isEqualTo("n2");
    }

    @Test
    void anotherTokenTakesOver() {
        var device = registered(token("apns", "t1"), token("fcm", "t2"));
        push(device, "n1");
        suppress(sent(), Optional.of(WINDOW));
        var same = sent();
        assertThat(same.request().itemId()).isEqualTo("n1");
        assertThat(same.request().token().fingerprint()).isEqualTo("t2");
        answer(same, accepted());
        push(device, "n2");
        assertThat(sent().request().token().fingerprint()).isEqualTo("t2");
    }

    @Test
    void byVendorOnlyTheAnswerIsFinalAndTheNextOneWaits() {
        var device = registered(token("apns", "t1"));
        push(device, "n1", Priority.NORMAL, Optional.of(VENDOR_ONLY));
        suppress(sent(), Optional.of(WINDOW));
        awaitFate(device, "n1", Fate.REFUSED);
        push(device, "n2", Priority.NORMAL, Optional.of(VENDOR_ONLY));
        nothingSent();
        awaitFate(device, "n2", Fate.PENDING);
        fixture.clock.advance(WINDOW);
        look(device);
        answer(sent(), accepted());
        awaitFate(device, "n2", Fate.ACCEPTED_BY_VENDOR);
    }

    @Test
    void aVendorThatNamesNoTimeIsLeftAloneForAnHourAndNoneForEver() {
        var device = registered(token("apns", "t1"));
        push(device, "n1");
        suppress(sent(), Optional.empty());
        push(device, "n2");
        fixture.clock.advance(Duration.ofHours(1).minusSeconds(1));
        look(device);
        nothingSent();
        assertThat(windowOfLast()).isEqualTo(Duration.ofHours(1));

        fixture.clock.advance(Duration.ofSeconds(1));
        push(device, "n3");
        suppress(sent(), Optional.of(Duration.ofDays(3_000)));
        assertThat(windowOfLast()).isEqualTo(Duration.ofDays(7));
    }

    @Test
    void theSameTokenRegisteredAgainIsStillLeftAloneAndAnotherOneIsNot() {
        var device = registered(token("apns", "t1"));
        push(device, "n1");
        suppress(sent(), Optional.of(WINDOW));
        register(device, "alice", "t1");
        push(device, "n2");
        nothingSent();
        register(device, "alice", "t2");
        assertThat(sent().request().token().fingerprint()).isEqualTo("t2");
        assertThat(fixture.folded().registration().orElseThrow().suppressed()).isEmpty();
    }

    @Test
    void anAnswerToAnEarlierOwnersPushSaysNothingAboutTheNextOnesToken() {
        var device = registered(token("apns", "t1"));
        push(device, "n1");
        var send = sent();
        register(device, "bob", "t2");
        assertThat(fixture.channels.receiveMessage()).isInstanceOf(Cancel.class);
        answer(send, suppressed(Optional.of(WINDOW)));
        nothingSent();
        assertThat(suppressions()).isEmpty();
    }

    private void register(ActorRef<DeviceCommand> device, String user, String t) {
        var profile = Fixture.profile().withTokens(List.of(token("apns", t)));
        fixture.ask(device, to -> new Register(Optional.of(user), profile, to));
    }

    private void suppress(Send send, Optional<Duration> wish) {
        int before = suppressions().size();
        answer(send, suppressed(wish));
        await().until(() -> suppressions().size() > before);
        assertThat(events(VendorAnswered.class)).isNotEmpty();
    }

    private static VendorOutcome suppressed(Optional<Duration> wish) {
        return new VendorOutcome(
                End.REFUSED,
                Optional.of(ResultClass.TARGET_SUPPRESSED),
                "inactive",
                Optional.empty(),
                Optional.empty(),
                wish,
                1);
    }

    private List<TokenSuppressed> suppressions() {
        return events(TokenSuppressed.class);
    }

    private Duration windowOfLast() {
        var last = suppressions().get(suppressions().size() - 1);
        return Duration.between(last.at(), last.until());
    }
}
