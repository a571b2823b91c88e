package io.lanying.actors.device;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceCommand.AckItems;
import io.lanying.protocol.device.DeviceCommand.BindTokens;
import io.lanying.protocol.device.DeviceCommand.CancelPush;
import io.lanying.protocol.device.DeviceCommand.NoteOpened;
import io.lanying.protocol.device.DeviceCommand.ReadInbox;
import io.lanying.protocol.device.DeviceCommand.Register;
import io.lanying.protocol.device.DeviceEvent.Acknowledged;
import io.lanying.protocol.device.DeviceEvent.ItemOpened;
import io.lanying.protocol.device.DeviceEvent.ProfileChanged;
import io.lanying.protocol.device.DeviceEvent.SessionAttached;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.DeviceReply.Inbox;
import io.lanying.protocol.device.DeviceReply.Noted;
import io.lanying.protocol.device.DeviceReply.Position;
import io.lanying.protocol.device.DeviceReply.PushView;
import io.lanying.protocol.device.DeviceReply.Refused;
import io.lanying.protocol.device.DeviceReply.Registered;
import io.lanying.protocol.device.DeviceReply.SealedForOther;
import io.lanying.protocol.device.DeviceSnapshot.GoneRange;
import io.lanying.protocol.device.DeviceSnapshot.OpenItem;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.VendorToken;
import io.lanying.protocol.session.SessionMessage;
import io.lanying.protocol.session.SessionMessage.Attached;
import io.lanying.protocol.session.SessionMessage.Deliver;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A device asked by its app on short connections: the same stream, the same numbers, the same position. */
class AppCallsTest {

    private Fixture fixture;
    private ActorRef<DeviceCommand> device;

    @BeforeEach
    void start() {
        fixture = new Fixture();
        device = fixture.registered();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void readsWhatWaitsWithoutMovingAnything() {
        fixture.push(device, "n1");
        fixture.push(device, "n2");
        assertThat(seqs(read(Optional.empty(), 10))).containsExactly(1L, 2L);
        assertThat(seqs(read(Optional.of(1L), 10))).containsExactly(2L);
        assertThat(seqs(read(Optional.of(0L), 1))).containsExactly(1L);
        var inbox = read(Optional.of(9L), 10);
        assertThat(inbox.items()).isEmpty();
        assertThat(inbox.ackedSeq()).isZero();
        assertThat(inbox.lastSeq()).isEqualTo(2);
        assertThat(inbox.eventSeq()).isEqualTo(fixture.folded().eventSeq());
        assertThat(fixture.events().stream().filter(SessionAttached.class::isInstance))
                .as("journaled once, for what was new")
                .hasSize(1);
        assertThat(fixture.folded().attachment()).isEmpty();
    }

    @Test
    void boundsAReadByBytesButAlwaysGivesOneItem() {
        fixture.push(device, "n1");
        fixture.push(device, "n2");
        var inbox = (Inbox) fixture.ask(device, to -> new ReadInbox(1, Optional.empty(), 10, 1, to));
        assertThat(seqs(inbox)).containsExactly(1L);
    }

    @Test
    void whatWasReadIsRecalledNotCancelledAndSaidToBeGone() {
        fixture.push(device, "n1");
        fixture.push(device, "n2");
        read(Optional.empty(), 10);
        var view = (PushView) fixture.ask(device, to -> new CancelPush("n1", to));
        assertThat(view.fate()).isEqualTo(Fate.RECALLED);
        var inbox = read(Optional.empty(), 10);
        assertThat(inbox.gone()).containsExactly(new GoneRange(1, 1, Fate.RECALLED));
        assertThat(seqs(inbox)).containsExactly(2L, 3L);
    }

    @Test
    void whatExpiredIsGone() {
        fixture.push(device, "n1");
        fixture.clock.advance(java.time.Duration.ofHours(2));
        var inbox = read(Optional.empty(), 10);
        assertThat(inbox.items()).isEmpty();
        assertThat(inbox.gone()).containsExactly(new GoneRange(1, 1, Fate.EXPIRED));
    }

    @Test
    void acknowledgesWhatWasReadAndNothingAbove() {
        fixture.push(device, "n1");
        fixture.push(device, "n2");
        assertThat(ack(streamId(), 1)).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.code())
                .isEqualTo(ErrorCode.ACK_ABOVE_SENT));
        read(Optional.empty(), 10);
        fixture.push(device, "n3");
        assertThat(ack(streamId(), 3)).isInstanceOf(Refused.class);
        assertThat(ack(streamId(), 2)).isEqualTo(new Position(streamId(), 2, 3));
        assertThat(fixture.folded().present().ackedSeq())
                .as("in the journal before the answer")
                .isEqualTo(2);
        assertThat(ack(streamId(), 1)).as("never back").isEqualTo(new Position(streamId(), 2, 3));
        assertThat(fixture.events().stream().filter(Acknowledged.class::isInstance))
                .hasSize(1);
    }

    @Test
    void numbersAndPositionOutliveTheIncarnation() {
        fixture.push(device, "n1");
        fixture.push(device, "n2");
        read(Optional.empty(), 10);
        device = fixture.restart(device);
        assertThat(ack(streamId(), 1)).as("known to have been seen").isEqualTo(new Position(streamId(), 1, 2));
        device = fixture.restart(device);
        assertThat(seqs(read(Optional.empty(), 10))).containsExactly(2L);
    }

    @Test
    void refusesAnotherStreamAndAnEarlierBinding() {
        fixture.push(device, "n1");
        read(Optional.empty(), 10);
        assertThat(ack("another", 1)).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.code())
                .isEqualTo(ErrorCode.STREAM_CHANGED));
        fixture.ask(device, to -> new Register(Optional.of("bob"), Fixture.profile(), to));
        int events = fixture.events().size();
        List<DeviceReply> answers = List.of(
                fixture.ask(device, to -> new ReadInbox(1, Optional.empty(), 10, 1000, to)),
                ack(streamId(), 1),
                fixture.ask(device, to -> new BindTokens(1, List.of(), to)),
                fixture.ask(device, to -> new NoteOpened(1, "n1", to)));
        assertThat(answers)
                .allSatisfy(answer -> assertThat(((Refused) answer).code()).isEqualTo(ErrorCode.UNAUTHORIZED));
        assertThat(fixture.events()).hasSize(events);
    }

    @Test
    void anAckOnAShortConnectionOpensTheWindowOfTheSocket() {
        TestProbe<SessionMessage> session = fixture.attach(device, "s1", 0);
        session.expectMessageClass(Attached.class);
        for (int i = 1; i <= 5; i++) {
            fixture.push(device, "n" + i);
        }
        for (int i = 1; i <= 4; i++) {
            assertThat(session.expectMessageClass(Deliver.class).items()).hasSize(1);
        }
        session.expectNoMessage();
        assertThat(ack(streamId(), 2)).isEqualTo(new Position(streamId(), 2, 5));
        assertThat(session.expectMessageClass(Deliver.class).items().get(0).itemSeq())
                .isEqualTo(5);
    }

    @Test
    void aNextOwnersTokenIsTheOneSealedForThatOwnerThoughItIsTheSame() {
        fixture.ask(device, to -> new BindTokens(1, List.of(token("user:alice", "f1")), to));
        var profile = Fixture.profile().withTokens(List.of(token("user:bob", "f1")));
        fixture.ask(device, to -> new Register(Optional.of("bob"), profile, to));
        assertThat(fixture.folded().registration().orElseThrow().profile().tokens())
                .extracting(each -> each.token().subject())
                .containsExactly("user:bob");
    }

    @Test
    void bindsTokensSealedForTheOwnerAndKeepsTheTimeOfKnownOnes() {
        var first = token("user:alice", "f1");
        var registered = (Registered) fixture.ask(device, to -> new BindTokens(1, List.of(first), to));
        var since = registered.device().profile().tokens().get(0).since();
        assertThat(since).isEqualTo(fixture.clock.instant());
        fixture.clock.advance(java.time.Duration.ofMinutes(59));
        fixture.ask(device, to -> new BindTokens(1, List.of(token("user:alice", "f2"), first), to));
        var tokens = fixture.folded().registration().orElseThrow().profile().tokens();
        assertThat(tokens).extracting(VendorToken::fingerprint).containsExactly("f2", "f1");
        assertThat(tokens.get(1).since()).isEqualTo(since);
        assertThat(tokens.get(0).since()).isAfter(since);

        int events = fixture.events().size();
        fixture.ask(device, to -> new BindTokens(1, List.of(token("user:alice", "f2"), first), to));
        assertThat(fixture.ask(device, to -> new BindTokens(1, List.of(token("user:bob", "f2")), to)))
                .isEqualTo(new SealedForOther("user:alice"));
        assertThat(fixture.events()).hasSize(events);
        assertThat(fixture.events().stream().filter(ProfileChanged.class::isInstance))
                .hasSize(2);
    }

    @Test
    void notesAnOpeningOnce() {
        fixture.push(device, "n1");
        assertThat(fixture.ask(device, to -> new NoteOpened(1, "n1", to))).isEqualTo(new Noted());
        assertThat(fixture.ask(device, to -> new NoteOpened(1, "n1", to))).isEqualTo(new Noted());
        assertThat(fixture.events().stream().filter(ItemOpened.class::isInstance))
                .hasSize(1);
        assertThat(fixture.ask(device, to -> new NoteOpened(1, "n2", to))).isInstanceOf(Refused.class);
    }

    private VendorToken token(String subject, String fingerprint) {
        return new VendorToken(
                "fcm",
                Optional.empty(),
                Optional.empty(),
                Fixture.sealed(subject, "token"),
                fingerprint,
                fixture.clock.instant());
    }

    private String streamId() {
        return fixture.streamId().orElseThrow();
    }

    private Inbox read(Optional<Long> afterSeq, int limit) {
        return (Inbox) fixture.ask(device, to -> new ReadInbox(1, afterSeq, limit, 1_000_000, to));
    }

    private DeviceReply ack(String streamId, long itemSeq) {
        return fixture.ask(device, to -> new AckItems(1, streamId, itemSeq, to));
    }

    private static List<Long> seqs(Inbox inbox) {
        return inbox.items().stream().map(OpenItem::itemSeq).toList();
    }
}
