package io.lanying.actors.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.channel.ResultClass;
import io.lanying.protocol.channel.VendorRequest.ShownMessage;
import io.lanying.protocol.conversation.Alert;
import io.lanying.protocol.conversation.ConversationNews;
import io.lanying.protocol.conversation.Counts;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.MessageType;
import io.lanying.protocol.conversation.Notice;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceCommand.Ack;
import io.lanying.protocol.device.DeviceCommand.ApplyUserSettings;
import io.lanying.protocol.device.DeviceCommand.Get;
import io.lanying.protocol.device.DeviceCommand.TakeNews;
import io.lanying.protocol.device.DeviceCommand.Wake;
import io.lanying.protocol.device.DeviceEvent.ItemsEnded;
import io.lanying.protocol.device.DeviceEvent.VendorAnswered;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.DeviceReply.NewsLater;
import io.lanying.protocol.device.DeviceReply.NewsTaken;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.device.Priority;
import io.lanying.protocol.session.SessionMessage.Deliver;
import io.lanying.protocol.user.QuietHours;
import io.lanying.protocol.user.QuietMode;
import io.lanying.protocol.user.UserSettings;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When messages go to a push vendor, and with what. */
class MessageFallbackTest extends VendorTesting {

    @Test
    void anAwayPersonsMessageGoesToTheVendorWithTheNews() {
        var device = registered(token("apns", "t1"));
        take(device, 5, messages(5, 1, 1, Alert.ALERT));

        var send = sent();
        assertThat(send.request().itemId()).isEqualTo("team~1");
        assertThat(send.request().collapseKey()).contains("team");
        assertThat(send.request().body()).isEqualTo(Fixture.sealed("user:bob", "message 1 v1"));
        assertThat(send.request().badge()).isEmpty();
        assertThat(send.request().message())
                .contains(new ShownMessage(
                        new MessageRef("team", 1, 1),
                        "origin of team~1",
                        MessageType.TEXT,
                        Optional.empty(),
                        true,
                        Optional.of("bob"),
                        Optional.empty()));
        assertThat(lastReminder()).isBefore(fixture.clock.instant().plusSeconds(61));

        answer(send, accepted());
        await().untilAsserted(() -> assertThat(events(VendorAnswered.class)).hasSize(1));
        assertThat(fixture.folded().present().open())
                .as("it can still be acknowledged")
                .containsKey(1L);
    }

    @Test
    void whatGoesToAVendorDoesNotWaitHoweverFarBehindTheAppIs() {
        var device = registered(token("apns", "t1"));
        take(device, 5, messages(5, 1, 100, Alert.NONE));
        assertThat(offered(device, 6, messages(6, 101, 101, Alert.ALERT))).isEqualTo(new NewsTaken("team", 6));
        assertThat(offered(device, 7, messages(7, 102, 102, Alert.NONE))).isEqualTo(new NewsLater("team"));
    }

    private DeviceReply offered(ActorRef<DeviceCommand> device, long upTo, Notice... notices) {
        var news = new ConversationNews("team", upTo, List.of(notices));
        return fixture.ask(device, to -> new TakeNews("alice", news, true, to));
    }

    @Test
    void nobodyIsAlertedOfWhatTheySentThemselves() {
        var device = registered(token("apns", "t1"));
        take(device, 6, messages(5, 1, 1, Alert.NONE), edit(6, 1));
        look(device);
        nothingSent();
        assertThat(offers()).isEmpty();
    }

    @Test
    void aMentionPassesMuteAndQuietHoursAndAnAlertDoesNot() {
        var device = registered(token("apns", "t1"));
        settings(device, 1, new UserSettings(true, Optional.empty()));
        take(device, 5, messages(5, 1, 1, Alert.ALERT));
        nothingSent();
        take(device, 6, messages(6, 2, 2, Alert.MENTION));
        var mention = sent();
        assertThat(mention.request().itemId()).isEqualTo("team~2");
        answer(mention, accepted());

        settings(device, 2, quiet(QuietMode.SILENT));
        take(device, 7, messages(7, 3, 3, Alert.ALERT));
        var silent = sent();
        assertThat(silent.request().silent()).isTrue();
        answer(silent, accepted());
        take(device, 8, messages(8, 4, 4, Alert.MENTION));
        assertThat(sent().request().silent()).isFalse();
    }

    @Test
    void quietHoursThatDropPushesLeaveMessagesToTheOwnConnection() {
        var device = registered(token("apns", "t1"));
        settings(device, 1, quiet(QuietMode.DROP));
        take(device, 5, messages(5, 1, 1, Alert.ALERT));
        nothingSent();
        assertThat(fixture.folded().present().open()).containsKey(1L);
        assertThat(attached(device, "s1").expectMessageClass(Deliver.class).items())
                .hasSize(1);
    }

    @Test
    void quietHoursThatDeferAreWaitedFor() {
        var device = registered(token("apns", "t1"));
        settings(device, 1, quiet(QuietMode.DEFER));
        take(device, 5, messages(5, 1, 1, Alert.ALERT));
        nothingSent();
        fixture.clock.advance(Duration.ofHours(2));
        look(device);
        assertThat(sent().request().itemId()).isEqualTo("team~1");
    }

    @Test
    void whatWasReadElsewhereIsShownByNoVendor() {
        var device = registered(token("apns", "t1"));
        settings(device, 1, quiet(QuietMode.DEFER));
        take(device, 5, messages(5, 1, 2, Alert.ALERT));
        take(device, 6, new Notice(6, ItemKind.READ, 1, 1, 0, Alert.NONE, List.of()));
        fixture.clock.advance(Duration.ofHours(2));
        look(device);
        assertThat(sent().request().itemId()).isEqualTo("team~2");
        nothingSent();
    }

    @Test
    void theIconShowsWhatIsUnreadAndWhatPushesAdded() {
        var device = registered(token("apns", "t1"));
        counted(device, 5, new Counts(7, 5, false), messages(5, 5, 5, Alert.ALERT));
        var first = sent();
        assertThat(first.request().badge()).contains(7);
        answer(first, accepted());
        push(device, "n1", Priority.NORMAL, Optional.of(badge(true, 2)));
        var push = sent();
        assertThat(push.request().badge()).contains(9);
        answer(push, accepted());
        counted(device, 0, new Counts(2, 5, false), new Notice(0, ItemKind.READ, 3, 3, 0, Alert.NONE, List.of()));
        counted(device, 6, new Counts(3, 6, false), messages(6, 6, 6, Alert.ALERT));
        assertThat(sent().request().badge()).contains(5);
    }

    private void counted(ActorRef<DeviceCommand> device, long upTo, Counts counts, Notice... notices) {
        var news = new ConversationNews("team", upTo, List.of(notices)).with(Optional.of(counts));
        assertThat(fixture.ask(device, to -> new TakeNews("alice", news, to))).isInstanceOf(NewsTaken.class);
    }

    @Test
    void anOfferOfADeadNodeThatWasReadElsewhereSinceHoldsUpNoOther() {
        var device = registered(token("apns", "t1"));
        take(device, 5, messages(5, 1, 1, Alert.ALERT));
        sent();
        device = fixture.restart(device);
        take(device, 6, new Notice(6, ItemKind.READ, 1, 1, 0, Alert.NONE, List.of()));
        take(device, 7, messages(7, 2, 2, Alert.ALERT));
        var again = afterCancels();
        assertThat(again.request().itemId()).isEqualTo("team~1");
        answer(again, accepted());
        assertThat(sent().request().itemId()).isEqualTo("team~2");
    }

    @Test
    void anOfferOfADeadNodeIsMadeAgainWithTheSameIds() {
        var device = registered(token("apns", "t1"));
        take(device, 5, messages(5, 1, 1, Alert.ALERT));
        var before = sent();
        var next = fixture.restart(device);
        next.tell(new Wake(1));
        assertThat(afterCancels().request()).isEqualTo(before.request());
        assertThat(offers()).hasSize(1);
    }

    @Test
    void aSilentConversationIsAskedAgainForTheVendor() {
        fixture.messages.silent.add("team");
        var device = registered(token("apns", "t1"));
        take(device, 5, messages(5, 1, 1, Alert.ALERT));
        nothingSent();
        assertThat(offers()).hasSize(1);
        fixture.messages.silent.clear();
        fixture.clock.advance(Duration.ofSeconds(2));
        look(device);
        assertThat(sent().request().itemId()).isEqualTo("team~1");
    }

    @Test
    void whatIsRecalledOrHasNothingToShowIsNotSentAndEndsTheOffer() {
        fixture.messages.recalled.add(new MessageRef("team", 1, 1));
        var device = registered(token("apns", "t1"));
        take(device, 5, messages(5, 1, 1, Alert.ALERT));
        await().untilAsserted(() -> assertThat(events(VendorAnswered.class))
                .extracting(answered -> answered.outcome().code())
                .containsExactly("nothingToShow"));
        nothingSent();
    }

    @Test
    void aRecallTakesAnOfferBackAndIsSentToTheApp() {
        var device = registered(token("apns", "t1"));
        take(device, 5, messages(5, 1, 1, Alert.ALERT));
        answer(sent(), accepted());
        await().untilAsserted(() -> assertThat(events(VendorAnswered.class)).hasSize(1));
        take(device, 6, new Notice(6, ItemKind.RECALL, 1, 1, 0, Alert.NONE, List.of()));
        assertThat(events(ItemsEnded.class))
                .containsExactly(new ItemsEnded(fixture.clock.instant(), Fate.RECALLED, Optional.empty(), List.of(1L)));
        assertThat(fixture.folded().present().open().get(2L).kind()).isEqualTo(ItemKind.RECALL);
    }

    @Test
    void aMessageThatTheSessionDoesNotAcknowledgeGoesToTheVendor() {
        var device = registered(token("apns", "t1"));
        var session = attached(device, "s1");
        take(device, 5, messages(5, 1, 2, Alert.ALERT));
        session.expectMessageClass(Deliver.class);
        device.tell(new Ack("s1", 1));
        fixture.ask(device, Get::new); // the acknowledgement is taken before its time is over
        fixture.clock.advance(Duration.ofSeconds(11));
        look(device);
        var late = sent();
        assertThat(late.request().itemId()).isEqualTo("team~2");
        answer(late, refused(ResultClass.TOKEN_INVALID, "Unregistered"));
        await().untilAsserted(() -> assertThat(tokens()).isEmpty());
    }

    private void take(ActorRef<DeviceCommand> device, long upTo, Notice... notices) {
        var news = new ConversationNews("team", upTo, List.of(notices));
        assertThat(fixture.ask(device, to -> new TakeNews("alice", news, to))).isEqualTo(new NewsTaken("team", upTo));
    }

    private static Notice messages(long eventSeq, long from, long to, Alert alert) {
        return new Notice(eventSeq, ItemKind.MESSAGE, from, to, 1, alert, List.of());
    }

    private static Notice edit(long eventSeq, long message) {
        return new Notice(eventSeq, ItemKind.EDIT, message, message, 2, Alert.ALERT, List.of());
    }

    private void settings(ActorRef<DeviceCommand> device, long version, UserSettings settings) {
        fixture.ask(device, to -> new ApplyUserSettings("alice", version, settings, Optional.empty(), to));
    }

    /** From an hour before now, which is midnight, to an hour after. */
    private static UserSettings quiet(QuietMode mode) {
        return new UserSettings(
                false, Optional.of(new QuietHours(LocalTime.of(23, 0), LocalTime.of(1, 0), Optional.of("UTC"), mode)));
    }
}
