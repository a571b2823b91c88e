package io.lanying.actors.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import io.lanying.protocol.channel.ChannelCommand;
import io.lanying.protocol.channel.ChannelCommand.Cancel;
import io.lanying.protocol.channel.ChannelCommand.Outcome;
import io.lanying.protocol.channel.ChannelCommand.Send;
import io.lanying.protocol.channel.ResultClass;
import io.lanying.protocol.channel.VendorOutcome;
import io.lanying.protocol.channel.VendorOutcome.End;
import io.lanying.protocol.device.Badge;
import io.lanying.protocol.device.Category;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceCommand.AcceptPush;
import io.lanying.protocol.device.DeviceCommand.Ack;
import io.lanying.protocol.device.DeviceCommand.BadgeSeen;
import io.lanying.protocol.device.DeviceCommand.CancelPush;
import io.lanying.protocol.device.DeviceCommand.Detach;
import io.lanying.protocol.device.DeviceCommand.GetPush;
import io.lanying.protocol.device.DeviceCommand.Register;
import io.lanying.protocol.device.DeviceCommand.TokenLost;
import io.lanying.protocol.device.DeviceCommand.Wake;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceEvent.ItemsEnded;
import io.lanying.protocol.device.DeviceEvent.TokenUnbound;
import io.lanying.protocol.device.DeviceEvent.VendorAnswered;
import io.lanying.protocol.device.DeviceEvent.VendorOffered;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.OfferCause;
import io.lanying.protocol.device.Priority;
import io.lanying.protocol.device.PushOptions;
import io.lanying.protocol.device.Strategy;
import io.lanying.protocol.device.Target;
import io.lanying.protocol.device.VendorToken;
import io.lanying.protocol.reminder.ReminderCommand.Remind;
import io.lanying.protocol.session.SessionMessage;
import io.lanying.protocol.session.SessionMessage.Attached;
import io.lanying.protocol.session.SessionMessage.Deliver;
import io.lanying.protocol.session.SessionMessage.Gone;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a device's items go to a push vendor, and what becomes of them there. */
class FallbackTest {

    private static final Duration QUIET = Duration.ofMillis(200);
    private static final PushOptions VENDOR_ONLY =
            new PushOptions(Strategy.VENDOR_ONLY, 10, List.of(), Category.STANDARD, Optional.empty());

    private final Fixture fixture = new Fixture();

    @AfterEach
    void stop() {
        fixture.close();
    }

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
    void socketOnlyNeverGoesToAVendor() {
        var device = registered(token("apns", "t1"));
        var options = new PushOptions(Strategy.SOCKET_ONLY, 1, List.of(), Category.STANDARD, Optional.empty());
        push(device, "n1", Priority.NORMAL, Optional.of(options));
        look(device);
        nothingSent();
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
    void badgesAreResolvedWhenSent() {
        var device = registered(token("apns", "t1"));
        push(device, "n1", Priority.NORMAL, Optional.of(badge(true, 2)));
        push(device, "n2", Priority.HIGH, Optional.of(badge(true, 1)));
        assertThat(sent().request().badge()).contains(2);
        assertThat(sent().request().badge()).contains(3);
        attached(device, "s1");
        device.tell(new BadgeSeen("s1", 1));
        await().until(() -> fixture.folded().present().badge().value() == 1);
        fixture.ask(device, to -> new CancelPush("n2", to));
        assertThat(fixture.folded().present().badge().value()).isZero();
    }

    @Test
    void transactionalPushesAreUrgentToTheVendor() {
        var device = registered(token("apns", "t1"));
        var options = new PushOptions(Strategy.COMBINED, 10, List.of(), Category.TRANSACTIONAL, Optional.empty());
        push(device, "n1", Priority.LOW, Optional.of(options));
        assertThat(sent().request().priority()).isEqualTo(Priority.HIGH);
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

    // --- what the tests say

    private ActorRef<DeviceCommand> registered(VendorToken... tokens) {
        var device = fixture.spawn();
        var profile = Fixture.profile().withTokens(Arrays.asList(tokens));
        fixture.ask(device, to -> new Register(Optional.of("alice"), profile, to));
        return device;
    }

    private static VendorToken token(String channel, String fingerprint) {
        return new VendorToken(
                channel,
                Optional.empty(),
                Optional.empty(),
                Fixture.sealed("user:alice", "token " + fingerprint),
                fingerprint,
                Instant.EPOCH);
    }

    private TestProbe<SessionMessage> attached(ActorRef<DeviceCommand> device, String sessionId) {
        var session = fixture.attach(device, sessionId, 0);
        session.expectMessageClass(Attached.class);
        return session;
    }

    private void push(ActorRef<DeviceCommand> device, String id) {
        push(device, id, Priority.NORMAL, Optional.empty());
    }

    private void push(ActorRef<DeviceCommand> device, String id, Priority priority, Optional<PushOptions> options) {
        var reply = fixture.ask(device, to -> {
            var plain = Fixture.pushOf(id, "body of " + id, 3600, priority, Optional.empty(), to);
            return with(plain, options, Optional.empty());
        });
        assertThat(reply).isInstanceOf(DeviceReply.PushAccepted.class);
    }

    private static AcceptPush broadcast(String id, Target target, ActorRef<DeviceReply> to) {
        var plain = Fixture.pushOf(id, "for all", 3600, Priority.NORMAL, Optional.empty(), to);
        var sealed = new AcceptPush(
                id,
                Fixture.sealed("tenant", "for all"),
                plain.fingerprint(),
                plain.bytes(),
                plain.ttlSeconds(),
                plain.priority(),
                plain.collapseKey(),
                plain.options(),
                plain.vendorBlocks(),
                Optional.empty(),
                to);
        return with(sealed, Optional.empty(), Optional.of(target));
    }

    private static AcceptPush with(AcceptPush push, Optional<PushOptions> options, Optional<Target> target) {
        return new AcceptPush(
                push.notificationId(),
                push.body(),
                push.fingerprint(),
                push.bytes(),
                push.ttlSeconds(),
                push.priority(),
                push.collapseKey(),
                options,
                push.vendorBlocks(),
                target,
                push.replyTo());
    }

    private static PushOptions badge(boolean relative, int value) {
        return new PushOptions(
                Strategy.COMBINED, 10, List.of(), Category.STANDARD, Optional.of(new Badge(relative, value)));
    }

    private static void look(ActorRef<DeviceCommand> device) {
        device.tell(new DeviceMessage.VendorLook());
    }

    /** The next request to the channels; it is in the journal by then. */
    private Send sent() {
        var send = fixture.channels.expectMessageClass(Send.class);
        assertThat(offers()).anyMatch(offer -> offer.itemSeq() == send.request().itemSeq());
        return send;
    }

    private Send afterCancels() {
        ChannelCommand command = fixture.channels.receiveMessage();
        while (command instanceof Cancel) {
            command = fixture.channels.receiveMessage();
        }
        return (Send) command;
    }

    private void nothingSent() {
        fixture.channels.expectNoMessage(QUIET);
    }

    private static void answer(Send send, VendorOutcome outcome) {
        send.replyTo().tell(new Outcome(send.ref(), outcome));
    }

    private static VendorOutcome accepted() {
        return new VendorOutcome(
                End.ACCEPTED,
                Optional.of(ResultClass.ACCEPTED),
                "accepted",
                Optional.of("vendor-1"),
                Optional.empty(),
                Optional.empty(),
                1);
    }

    private static VendorOutcome refused(ResultClass result, String code) {
        return new VendorOutcome(
                End.REFUSED, Optional.of(result), code, Optional.empty(), Optional.empty(), Optional.empty(), 1);
    }

    private static VendorOutcome invalid(Optional<Instant> since) {
        return new VendorOutcome(
                End.REFUSED,
                Optional.of(ResultClass.TOKEN_INVALID),
                "Unregistered",
                Optional.empty(),
                since,
                Optional.empty(),
                1);
    }

    private <E extends DeviceEvent> List<E> events(Class<E> type) {
        return fixture.events().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private List<VendorOffered> offers() {
        return events(VendorOffered.class);
    }

    private List<VendorToken> tokens() {
        return fixture.folded().registration().orElseThrow().profile().tokens();
    }

    private Instant lastReminder() {
        return fixture.reminderCommands.stream()
                .filter(Remind.class::isInstance)
                .map(command -> ((Remind) command).due())
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    private void awaitFate(ActorRef<DeviceCommand> device, String id, Fate fate) {
        await().untilAsserted(() -> assertThat(fixture.ask(device, to -> new GetPush(id, to)))
                .isInstanceOfSatisfying(DeviceReply.PushView.class, view -> assertThat(view.fate())
                        .isEqualTo(fate)));
    }

    private static List<String> received(TestProbe<SessionMessage> session) {
        var ids = new java.util.ArrayList<String>();
        while (ids.size() < 4) {
            session.expectMessageClass(Deliver.class).items().forEach(item -> ids.add(item.id()));
        }
        return ids;
    }
}
