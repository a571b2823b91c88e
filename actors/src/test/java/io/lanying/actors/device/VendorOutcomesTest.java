package io.lanying.actors.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.TestProbe;
import io.lanying.protocol.channel.ChannelCommand.Cancel;
import io.lanying.protocol.channel.ResultClass;
import io.lanying.protocol.channel.VendorOutcome;
import io.lanying.protocol.channel.VendorOutcome.End;
import io.lanying.protocol.device.DeviceCommand.Ack;
import io.lanying.protocol.device.DeviceCommand.BadgeSeen;
import io.lanying.protocol.device.DeviceCommand.CancelPush;
import io.lanying.protocol.device.DeviceCommand.Register;
import io.lanying.protocol.device.DeviceCommand.TokenLost;
import io.lanying.protocol.device.DeviceCommand.Wake;
import io.lanying.protocol.device.DeviceEvent.ItemsEnded;
import io.lanying.protocol.device.DeviceEvent.TokenUnbound;
import io.lanying.protocol.device.DeviceEvent.VendorAnswered;
import io.lanying.protocol.device.DeviceEvent.VendorOffered;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.OfferCause;
import io.lanying.protocol.device.Priority;
import io.lanying.protocol.device.Target;
import io.lanying.protocol.device.VendorToken;
import io.lanying.protocol.session.SessionMessage.Deliver;
import io.lanying.protocol.session.SessionMessage.Gone;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What becomes of a device's items and tokens at the push vendors. */
class VendorOutcomesTest extends VendorTesting {

    @Test
    void aLateAcknowledgementTakesBackWhatIsUnderWay() {
        var device = registered(token("apns", "t1"));
        push(device, "n1");
        var send = sent();
        var session = attached(device, "s1");
        session.expectMessageClass(Deliver.class);
        device.tell(new Ack("s1", 1));
        assertThat(fixture.channels.receiveMessage())
                .isInstanceOfSatisfying(
                        Cancel.class, cancel -> assertThat(cancel.ref()).isEqualTo(send.ref()));
        answer(send, VendorOutcome.unsent(End.CANCELLED, "cancelled", 0));
        awaitFate(device, "n1", Fate.ACKNOWLEDGED);
        nothingSent();
    }

    @Test
    void aDeadTokenIsUnboundAndTheNextOneTried() {
        var device = registered(token("apns", "t1"), token("fcm", "t2"));
        push(device, "n1");
        answer(sent(), invalid(Optional.empty()));

        var next = sent();
        assertThat(next.request().token().fingerprint()).isEqualTo("t2");
        assertThat(offers()).extracting(VendorOffered::cause).containsExactly(OfferCause.AWAY, OfferCause.NEXT_TOKEN);
        assertThat(tokens()).extracting(VendorToken::fingerprint).containsExactly("t2");
        assertThat(events(TokenUnbound.class)).singleElement().satisfies(event -> assertThat(event.reason())
                .isEqualTo("vendor:Unregistered"));
    }

    @Test
    void aVendorsOldWordDoesNotUnbindATokenThatWasRegisteredSince() {
        var device = registered(token("apns", "t1"));
        push(device, "n1");
        answer(sent(), invalid(Optional.of(fixture.clock.instant().minusSeconds(1))));
        await().until(() -> !events(VendorAnswered.class).isEmpty());
        assertThat(tokens()).hasSize(1);
        nothingSent();
    }

    @Test
    void aTokenThatIsRegisteredAgainWhileTheVendorIsAskedSurvivesItsWord() {
        var device = registered(token("apns", "t1"));
        var since = tokens().get(0).since();
        push(device, "n1");
        var send = sent();
        fixture.clock.advance(Duration.ofSeconds(1));
        fixture.ask(
                device,
                to -> new Register(
                        Optional.of("alice"), Fixture.profile().withTokens(List.of(token("apns", "t1"))), to));
        assertThat(tokens()).singleElement().satisfies(token -> assertThat(token.since())
                .isAfter(since));
        answer(send, invalid(Optional.of(since)));
        await().until(() -> !events(VendorAnswered.class).isEmpty());
        assertThat(tokens()).hasSize(1);
    }

    @Test
    void aTokenThatIsRegisteredAgainAfterAnHourSurvivesWhatTheVendorSaysOfTheTimeBefore() {
        var register = List.of(token("apns", "t1"));
        var device = registered(register.get(0));
        var first = tokens().get(0).since();
        fixture.clock.advance(Duration.ofMinutes(61));
        fixture.ask(
                device,
                to -> new Register(Optional.of("alice"), Fixture.profile().withTokens(register), to));
        push(device, "n1");
        answer(sent(), invalid(Optional.of(first.plus(Duration.ofMinutes(60)))));
        await().until(() -> !events(VendorAnswered.class).isEmpty());
        assertThat(tokens()).hasSize(1);
    }

    @Test
    void aNewOwnersTokenSurvivesTheOldOnesOutcome() {
        var device = registered(token("apns", "t1"));
        push(device, "n1");
        var send = sent();
        fixture.ask(
                device,
                to -> new Register(Optional.of("bob"), Fixture.profile().withTokens(List.of(token("apns", "t2"))), to));
        assertThat(fixture.channels.receiveMessage()).isInstanceOf(Cancel.class);
        answer(send, invalid(Optional.empty()));
        nothingSent();
        assertThat(tokens()).extracting(VendorToken::fingerprint).containsExactly("t2");
        assertThat(events(VendorAnswered.class)).isEmpty();
    }

    @Test
    void whatMayHaveBeenDeliveredIsNotTriedOnAnotherChannel() {
        var device = registered(token("apns", "t1"), token("fcm", "t2"));
        push(device, "n1");
        answer(sent(), VendorOutcome.unsent(End.UNKNOWN, "timeout", 2));
        await().until(() -> !events(VendorAnswered.class).isEmpty());
        nothingSent();
        awaitFate(device, "n1", Fate.PENDING);
    }

    @Test
    void byVendorOnlyASessionNeverGetsItAndTheVendorsAnswerIsFinal() {
        var device = registered(token("apns", "t1"));
        var session = attached(device, "s1");
        push(device, "n1", Priority.NORMAL, Optional.of(VENDOR_ONLY));
        push(device, "n2");
        assertThat(session.expectMessageClass(Gone.class).toSeq()).isEqualTo(1);
        assertThat(session.expectMessageClass(Deliver.class).items().get(0).id())
                .isEqualTo("n2");
        device.tell(new Ack("s1", 2));
        awaitFate(device, "n2", Fate.ACKNOWLEDGED);
        awaitFate(device, "n1", Fate.PENDING);
        fixture.clock.advance(Duration.ofSeconds(1));
        look(device);

        answer(sent(), accepted());
        awaitFate(device, "n1", Fate.ACCEPTED_BY_VENDOR);
        assertThat(offers())
                .as("the acknowledgement of other numbers is nothing to its offer")
                .hasSize(1);
        push(device, "n3", Priority.NORMAL, Optional.of(VENDOR_ONLY));
        answer(sent(), refused(ResultClass.TOO_LARGE, "PayloadTooLarge"));
        awaitFate(device, "n3", Fate.REFUSED);
        assertThat(events(ItemsEnded.class)).last().satisfies(end -> assertThat(end.reason())
                .contains("PayloadTooLarge"));
        assertThat(fixture.folded().present().size()).isZero();
    }

    @Test
    void byVendorOnlyWithoutATokenIsRefused() {
        var device = registered();
        push(device, "n1", Priority.NORMAL, Optional.of(VENDOR_ONLY));
        awaitFate(device, "n1", Fate.REFUSED);
        assertThat(events(ItemsEnded.class)).last().satisfies(end -> assertThat(end.reason())
                .contains("noVendorToken"));
    }

    @Test
    void aBusyChannelIsAskedAgainLaterAndNothingIsJournaled() {
        var device = registered(token("apns", "t1"));
        push(device, "n1");
        answer(sent(), VendorOutcome.busy("full", Duration.ofSeconds(5)));
        look(device);
        nothingSent();
        fixture.clock.advance(Duration.ofSeconds(5));
        look(device);
        assertThat(sent().request().itemId()).isEqualTo("n1");
        assertThat(events(VendorAnswered.class)).isEmpty();
        assertThat(offers()).hasSize(1);
    }

    @Test
    void whatAVendorMayHaveIsRecalledNotCancelled() {
        var device = registered(token("apns", "t1"));
        push(device, "n1");
        sent();
        fixture.ask(device, to -> new CancelPush("n1", to));
        assertThat(fixture.channels.receiveMessage()).isInstanceOf(Cancel.class);
        awaitFate(device, "n1", Fate.RECALLED);
    }

    @Test
    void whatAVendorTookEndsAsTakenWhenItsTimeIsOver() {
        var device = registered(token("apns", "t1"));
        push(device, "n1");
        answer(sent(), accepted());
        awaitFate(device, "n1", Fate.ACCEPTED_BY_VENDOR);
        fixture.clock.advance(Duration.ofHours(2));
        device.tell(new Wake(1));
        await().until(() -> !events(ItemsEnded.class).isEmpty());
        awaitFate(device, "n1", Fate.ACCEPTED_BY_VENDOR);
        assertThat(events(ItemsEnded.class)).singleElement().satisfies(end -> assertThat(end.fate())
                .isEqualTo(Fate.ACCEPTED_BY_VENDOR));
    }

    @Test
    void badgesAreResolvedWhenSent() {
        var device = registered(token("apns", "t1"));
        push(device, "n1", Priority.NORMAL, Optional.of(badge(true, 2)));
        push(device, "n2", Priority.HIGH, Optional.of(badge(true, 1)));
        assertThat(sent().request().badge()).contains(2);
        assertThat(sent().request().badge()).contains(3);
        attached(device, "s1");
        device.tell(new BadgeSeen("s1", 1));
        await().until(() -> fixture.folded().present().badge().value(0) == 1);
        fixture.ask(device, to -> new CancelPush("n2", to));
        assertThat(fixture.folded().present().badge().value(0)).isZero();
    }

    @Test
    void anAudiencesPushIsCheckedAgain() {
        var device = registered();
        var bobs = new Target(Optional.of("bob"), Optional.empty(), List.of(), List.of(), List.of());
        assertThat(fixture.ask(device, to -> broadcast("n1", bobs, to))).isEqualTo(new DeviceReply.NotTargeted());
        assertThat(fixture.ask(device, to -> broadcast("n1", Target.WHOEVER, to)))
                .isEqualTo(new DeviceReply.PushAccepted("n1", 1, false));
        assertThat(fixture.ask(device, to -> broadcast("n1", bobs, to)))
                .as("a repeat gets the first answer")
                .isEqualTo(new DeviceReply.PushAccepted("n1", 1, true));
    }

    @Test
    void aTokenThatAnotherDeviceClaimedIsNotThisOnes() {
        fixture.claims = (id, token) -> CompletableFuture.completedFuture(false);
        var device = registered(token("apns", "t1"));
        await().untilAsserted(() -> assertThat(tokens()).isEmpty());
        push(device, "n1");
        nothingSent();
        assertThat(events(TokenUnbound.class)).singleElement().satisfies(event -> assertThat(event.reason())
                .isEqualTo("claimed"));
    }

    @Test
    void aTokenLostLaterIsUnboundUnlessItWasRegisteredAgain() {
        var device = registered(token("apns", "t1"));
        var since = tokens().get(0).since();
        var channel = tokens().get(0).channelId();
        fixture.ask(device, to -> new TokenLost(channel, "t1", since.minusSeconds(1), to));
        assertThat(tokens()).hasSize(1);
        assertThat(fixture.ask(device, to -> new TokenLost(channel, "t1", since, to)))
                .isEqualTo(new DeviceReply.Noted());
        assertThat(tokens()).isEmpty();
        assertThat(fixture.ask(device, to -> new TokenLost(channel, "t1", since, to)))
                .isEqualTo(new DeviceReply.Noted());
    }

    /** Else the token's next device would be shown what was for this one. */
    @Test
    void whatIsUnderWayToATokenThatIsLostIsTakenBackAndGoesToTheNextToken() {
        var device = registered(token("apns", "t1"));
        var lost = tokens().get(0);
        push(device, "n1");
        var send = sent();
        fixture.ask(device, to -> new TokenLost(lost.channelId(), "t1", lost.since(), to));
        assertThat(fixture.channels.receiveMessage())
                .isInstanceOfSatisfying(
                        Cancel.class, cancel -> assertThat(cancel.ref()).isEqualTo(send.ref()));
        answer(send, VendorOutcome.unsent(End.CANCELLED, "cancelled", 1));
        nothingSent();
        fixture.ask(
                device,
                to -> new Register(
                        Optional.of("alice"), Fixture.profile().withTokens(List.of(token("apns", "t2"))), to));
        assertThat(sent().request().token().fingerprint()).isEqualTo("t2");
    }

    @Test
    void aRegistrationIsAnsweredOnlyWhenItsTokensAreClaimed() {
        var held = new CompletableFuture<Boolean>();
        fixture.claims = (id, token) -> held;
        var device = fixture.spawn();
        TestProbe<DeviceReply> caller = fixture.kit.createTestProbe();
        device.tell(new Register(
                Optional.of("alice"), Fixture.profile().withTokens(List.of(token("apns", "t1"))), caller.getRef()));
        caller.expectNoMessage(QUIET);
        held.complete(true);
        caller.expectMessageClass(DeviceReply.Registered.class);
    }
}
