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
import io.lanying.protocol.device.DeviceCommand.GetPush;
import io.lanying.protocol.device.DeviceCommand.Register;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceEvent.VendorOffered;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.Priority;
import io.lanying.protocol.device.PushOptions;
import io.lanying.protocol.device.Strategy;
import io.lanying.protocol.device.Target;
import io.lanying.protocol.device.VendorToken;
import io.lanying.protocol.reminder.ReminderCommand.Remind;
import io.lanying.protocol.session.SessionMessage;
import io.lanying.protocol.session.SessionMessage.Attached;
import io.lanying.protocol.session.SessionMessage.Deliver;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** A device with vendor tokens, its channels played by the test, and what such tests say. */
abstract class VendorTesting {

    static final Duration QUIET = Duration.ofMillis(200);
    static final PushOptions VENDOR_ONLY =
            new PushOptions(Strategy.VENDOR_ONLY, 10, List.of(), Category.STANDARD, Optional.empty());

    final Fixture fixture = new Fixture();

    @AfterEach
    void stop() {
        fixture.close();
    }

    ActorRef<DeviceCommand> registered(VendorToken... tokens) {
        var device = fixture.spawn();
        var profile = Fixture.profile().withTokens(Arrays.asList(tokens));
        fixture.ask(device, to -> new Register(Optional.of("alice"), profile, to));
        return device;
    }

    static VendorToken token(String channel, String fingerprint) {
        return new VendorToken(
                channel,
                Optional.empty(),
                Optional.empty(),
                Fixture.sealed("user:alice", "token " + fingerprint),
                fingerprint,
                Instant.EPOCH);
    }

    TestProbe<SessionMessage> attached(ActorRef<DeviceCommand> device, String sessionId) {
        var session = fixture.attach(device, sessionId, 0);
        session.expectMessageClass(Attached.class);
        return session;
    }

    void push(ActorRef<DeviceCommand> device, String id) {
        push(device, id, Priority.NORMAL, Optional.empty());
    }

    void push(ActorRef<DeviceCommand> device, String id, Priority priority, Optional<PushOptions> options) {
        var reply = fixture.ask(device, to -> {
            var plain = Fixture.pushOf(id, "body of " + id, 3600, priority, Optional.empty(), to);
            return with(plain, options, Optional.empty());
        });
        assertThat(reply).isInstanceOf(DeviceReply.PushAccepted.class);
    }

    static AcceptPush broadcast(String id, Target target, ActorRef<DeviceReply> to) {
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

    static AcceptPush with(AcceptPush push, Optional<PushOptions> options, Optional<Target> target) {
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

    static PushOptions badge(boolean relative, int value) {
        return new PushOptions(
                Strategy.COMBINED, 10, List.of(), Category.STANDARD, Optional.of(new Badge(relative, value)));
    }

    static void look(ActorRef<DeviceCommand> device) {
        device.tell(new DeviceMessage.VendorLook());
    }

    /** The next request to the channels; it is in the journal by then. */
    Send sent() {
        var send = fixture.channels.expectMessageClass(Send.class);
        assertThat(offers()).anyMatch(offer -> offer.itemSeq() == send.request().itemSeq());
        return send;
    }

    Send afterCancels() {
        ChannelCommand command = fixture.channels.receiveMessage();
        while (command instanceof Cancel) {
            command = fixture.channels.receiveMessage();
        }
        return (Send) command;
    }

    void nothingSent() {
        fixture.channels.expectNoMessage(QUIET);
    }

    static void answer(Send send, VendorOutcome outcome) {
        send.replyTo().tell(new Outcome(send.ref(), outcome));
    }

    static VendorOutcome accepted() {
        return new VendorOutcome(
                End.ACCEPTED,
                Optional.of(ResultClass.ACCEPTED),
                "accepted",
                Optional.of("vendor-1"),
                Optional.empty(),
                Optional.empty(),
                1);
    }

    static VendorOutcome refused(ResultClass result, String code) {
        return new VendorOutcome(
                End.REFUSED, Optional.of(result), code, Optional.empty(), Optional.empty(), Optional.empty(), 1);
    }

    static VendorOutcome invalid(Optional<Instant> since) {
        return new VendorOutcome(
                End.REFUSED,
                Optional.of(ResultClass.TOKEN_INVALID),
                "Unregistered",
                Optional.empty(),
                since,
                Optional.empty(),
                1);
    }

    <E extends DeviceEvent> List<E> events(Class<E> type) {
        return fixture.events().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    List<VendorOffered> offers() {
        return events(VendorOffered.class);
    }

    List<VendorToken> tokens() {
        return fixture.folded().registration().orElseThrow().profile().tokens();
    }

    Instant lastReminder() {
        return fixture.reminderCommands.stream()
                .filter(Remind.class::isInstance)
                .map(command -> ((Remind) command).due())
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    void awaitFate(ActorRef<DeviceCommand> device, String id, Fate fate) {
        await().untilAsserted(() -> assertThat(fixture.ask(device, to -> new GetPush(id, to)))
                .isInstanceOfSatisfying(DeviceReply.PushView.class, view -> assertThat(view.fate())
                        .isEqualTo(fate)));
    }

    static List<String> received(TestProbe<SessionMessage> session) {
        var ids = new java.util.ArrayList<String>();
        while (ids.size() < 4) {
            session.expectMessageClass(Deliver.class).items().forEach(item -> ids.add(item.id()));
        }
        return ids;
    }
}
