package io.lanying.actors.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.protocol.channel.VendorOutcome;
import io.lanying.protocol.channel.VendorOutcome.End;
import io.lanying.protocol.device.Category;
import io.lanying.protocol.device.DeviceCommand.Ack;
import io.lanying.protocol.device.DeviceCommand.Detach;
import io.lanying.protocol.device.DeviceCommand.Register;
import io.lanying.protocol.device.DeviceCommand.Wake;
import io.lanying.protocol.device.DeviceEvent.VendorOffered;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.OfferCause;
import io.lanying.protocol.device.Priority;
import io.lanying.protocol.device.PushOptions;
import io.lanying.protocol.device.Strategy;
import io.lanying.protocol.session.SessionMessage.Attached;
import io.lanying.protocol.session.SessionMessage.Deliver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When a device's items go to a push vendor. */
class FallbackTest extends VendorTesting {

    @Test
    void anAwayDeviceIsOfferedToItsVendorWithTheAcceptance() {
        var device = registered(token("apns", "t1"));
        push(device, "n1");

        var send = sent();
        assertThat(send.request().token().fingerprint()).isEqualTo("t1");
        assertThat(send.request().itemId()).isEqualTo("n1");
        assertThat(send.request().body()).isEqualTo(Fixture.sealed("user:alice", "body of n1"));
        assertThat(offers()).extracting(VendorOffered::cause).containsExactly(OfferCause.AWAY);
        assertThat(lastReminder()).isBefore(fixture.clock.instant().plusSeconds(61));

        answer(send, accepted());
        awaitFate(device, "n1", Fate.ACCEPTED_BY_VENDOR);
        assertThat(fixture.folded().present().open())
                .as("it can still be acknowledged")
                .containsKey(1L);
    }

    @Test
    void whatIsAcknowledgedInTimeNeverGoesToAVendor() {
        var device = registered(token("apns", "t1"));
        var session = attached(device, "s1");
        push(device, "n1");
        session.expectMessageClass(Deliver.class);
        fixture.clock.advance(Duration.ofSeconds(9));
        look(device);
        device.tell(new Ack("s1", 1));
        awaitFate(device, "n1", Fate.ACKNOWLEDGED);
        fixture.clock.advance(Duration.ofSeconds(60));
        look(device);
        nothingSent();
        assertThat(offers()).isEmpty();
    }

    @Test
    void aSilentSessionIsDoubtfulUntilItAnswers() {
        var device = registered(token("apns", "t1"));
        var session = attached(device, "s1");
        push(device, "n1");
        fixture.clock.advance(Duration.ofSeconds(6));
        push(device, "n2");
        fixture.clock.advance(Duration.ofSeconds(4));
        look(device); // 10 s after n1 was sent, 4 s after n2
        answer(sent(), accepted());

        var second = sent();
        assertThat(second.request().itemId()).isEqualTo("n2");
        assertThat(offers())
                .extracting(VendorOffered::cause)
                .containsExactly(OfferCause.ACK_TIMEOUT, OfferCause.DOUBTFUL);
        answer(second, accepted());
        push(device, "n3");
        answer(sent(), accepted());

        device.tell(new Ack("s1", 3));
        push(device, "n4");
        nothingSent();
        assertThat(received(session)).containsExactly("n1", "n2", "n3", "n4");
        awaitFate(device, "n1", Fate.ACKNOWLEDGED);
    }

    @Test
    void oneIsUnderWayForEachChannelAndPriority() {
        var device = registered(token("apns", "t1"));
        push(device, "n1");
        push(device, "n2");
        push(device, "n3", Priority.HIGH, Optional.empty());
        var first = sent();
        var urgent = sent();
        assertThat(List.of(first.request().itemId(), urgent.request().itemId())).containsExactly("n1", "n3");
        nothingSent();

        answer(first, accepted());
        assertThat(sent().request().itemId()).isEqualTo("n2");
        assertThat(fixture.events()).last().isInstanceOf(VendorOffered.class);
    }

    @Test
    void anOfferOfADeadNodeIsMadeAgainWithTheSameIds() {
        var device = registered(token("apns", "t1"));
        push(device, "n1");
        var before = sent();
        var next = fixture.restart(device);
        next.tell(new Wake(1));

        var again = afterCancels();
        assertThat(again.request()).isEqualTo(before.request());
        assertThat(offers()).hasSize(1);
        answer(again, accepted());
        awaitFate(next, "n1", Fate.ACCEPTED_BY_VENDOR);
    }

    @Test
    void nothingGoesToAVendorOnlyBecauseTheDeviceMoved() {
        var device = registered(token("apns", "t1"));
        var session = attached(device, "s1");
        push(device, "n1");
        session.expectMessageClass(Deliver.class);
        var next = fixture.restart(device);
        next.tell(new Wake(1));
        look(next);
        nothingSent();
        fixture.attach(next, "s1", 0).expectMessageClass(Attached.class);
        look(next);
        nothingSent();
    }

    @Test
    void aSessionThatDoesNotComeBackLeavesItsItemsToTheVendor() {
        var device = registered(token("apns", "t1"));
        attached(device, "s1").expectNoMessage(Duration.ZERO);
        push(device, "n1");
        var next = fixture.restart(device);
        next.tell(new Wake(1));
        nothingSent();
        assertThat(sent().request().itemId()).isEqualTo("n1"); // after session-return, 500 ms here
    }

    @Test
    void whatASessionHadWhenItEndedHasItsTimeStill() {
        var device = registered(token("apns", "t1"));
        attached(device, "s1");
        push(device, "n1");
        fixture.clock.advance(Duration.ofSeconds(4));
        device.tell(new Detach("s1", "closed"));
        nothingSent();
        push(device, "n2");
        assertThat(sent().request().itemId()).isEqualTo("n2");
        fixture.clock.advance(Duration.ofSeconds(6));
        look(device);
        nothingSent(); // n2 is under way
        assertThat(offers()).hasSize(1);
    }

    @Test
    void theCallersOrderOfChannelsComesFirst() {
        var device = registered(token("apns", "t1"), token("fcm", "t2"));
        var options = new PushOptions(Strategy.COMBINED, 10, List.of("fcm"), Category.STANDARD, Optional.empty());
        push(device, "n1", Priority.NORMAL, Optional.of(options));
        var first = sent();
        assertThat(first.request().token().channel()).isEqualTo("fcm");
        answer(first, VendorOutcome.unsent(End.NO_CHANNEL, "noCredential", 0));
        assertThat(sent().request().token().channel()).isEqualTo("apns");
    }

    @Test
    void socketOnlyNeverGoesToAVendor() {
        var device = registered(token("apns", "t1"));
        var options = new PushOptions(Strategy.SOCKET_ONLY, 1, List.of(), Category.STANDARD, Optional.empty());
        push(device, "n1", Priority.NORMAL, Optional.of(options));
        look(device);
        nothingSent();
    }

    @Test
    void aTokenRegisteredLaterTakesWhatWaits() {
        var device = registered();
        push(device, "n1");
        nothingSent();
        fixture.ask(
                device,
                to -> new Register(
                        Optional.of("alice"), Fixture.profile().withTokens(List.of(token("apns", "t1"))), to));
        assertThat(sent().request().itemId()).isEqualTo("n1");
    }

    @Test
    void transactionalPushesAreUrgentToTheVendor() {
        var device = registered(token("apns", "t1"));
        var options = new PushOptions(Strategy.COMBINED, 10, List.of(), Category.TRANSACTIONAL, Optional.empty());
        push(device, "n1", Priority.LOW, Optional.of(options));
        assertThat(sent().request().priority()).isEqualTo(Priority.HIGH);
    }
}
