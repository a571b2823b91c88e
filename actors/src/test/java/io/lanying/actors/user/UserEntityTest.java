package io.lanying.actors.user;

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
import akka.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import akka.persistence.testkit.javadsl.PersistenceTestKit;
import com.typesafe.config.ConfigFactory;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.Alert;
import io.lanying.protocol.conversation.ConversationNews;
import io.lanying.protocol.conversation.Counts;
import io.lanying.protocol.conversation.Notice;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceCommand.ApplyUserSettings;
import io.lanying.protocol.device.DeviceCommand.TakeNews;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.reminder.Reminder;
import io.lanying.protocol.reminder.ReminderCommand;
import io.lanying.protocol.sealing.Sealed;
import io.lanying.protocol.user.QuietHours;
import io.lanying.protocol.user.QuietMode;
import io.lanying.protocol.user.UserCommand;
import io.lanying.protocol.user.UserCommand.BringNews;
import io.lanying.protocol.user.UserCommand.Delete;
import io.lanying.protocol.user.UserCommand.Get;
import io.lanying.protocol.user.UserCommand.Join;
import io.lanying.protocol.user.UserCommand.Leave;
import io.lanying.protocol.user.UserCommand.Put;
import io.lanying.protocol.user.UserCommand.Wake;
import io.lanying.protocol.user.UserEvent;
import io.lanying.protocol.user.UserEvent.DeviceLeft;
import io.lanying.protocol.user.UserEvent.SettingsHandedOver;
import io.lanying.protocol.user.UserEvent.UserDeleted;
import io.lanying.protocol.user.UserEvent.UserPut;
import io.lanying.protocol.user.UserName;
import io.lanying.protocol.user.UserReply;
import io.lanying.protocol.user.UserReply.Refused;
import io.lanying.protocol.user.UserReply.Saved;
import io.lanying.protocol.user.UserReply.SettingsAre;
import io.lanying.protocol.user.UserReply.UserView;
import io.lanying.protocol.user.UserSettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A user keeps what was put, and tells every device until it has answered. */
class UserEntityTest {

    private static final EntityId ID = new EntityId("acme", "u1");
    private static final String PERSISTENCE_ID = EntityKind.USER.persistenceId(ID);
    private static final Instant NOW = Instant.parse("2026-11-20T08:00:00Z");
    private static final UserSettings MUTED = new UserSettings(true, Optional.empty());
    private static final UserSettings QUIET = new UserSettings(
            false,
            Optional.of(new QuietHours(LocalTime.of(22, 0), LocalTime.of(7, 0), Optional.empty(), QuietMode.DEFER)));

    private final ActorTestKit kit = ActorTestKit.create(PersistenceTestKitPlugin.config()
            .withFallback(PersistenceTestKitSnapshotPlugin.config())
            .withFallback(ConfigFactory.load()));
    private final PersistenceTestKit journal = PersistenceTestKit.create(kit.system());
    private final TestProbe<DeviceCommand> devices = kit.createTestProbe();
    private final List<ReminderCommand> reminders = new CopyOnWriteArrayList<>();
    private volatile boolean remindersAnswer = true;
    private ActorRef<UserCommand> user = spawn();

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void survivesARestartAfterEachCommand() {
        var config = EventSourcedBehaviorTestKit.config().withFallback(ConfigFactory.load());
        var own = ActorTestKit.create(config);
        try {
            var tested = EventSourcedBehaviorTestKit.<UserCommand, UserEvent, UserState>create(
                    own.system(),
                    UserEntity.create(
                            ID,
                            own.<ClusterSharding.ShardCommand>createTestProbe().ref(),
                            device -> own.<DeviceCommand>createTestProbe().ref(),
                            own.spawn(reminders()),
                            Clock.fixed(NOW, ZoneOffset.UTC)),
                    EventSourcedBehaviorTestKit.enabledSerializationSettings().withVerifyState(false));
            List<Function<ActorRef<UserReply>, UserCommand>> commands = List.of(
                    to -> new Put(Optional.of(name("Ada")), QUIET, to),
                    to -> new Join("d1", 1, to),
                    Get::new,
                    Delete::new,
                    to -> new Join("d2", 4, to));
            for (var command : commands) {
                tested.<UserReply>runCommand(command::apply);
                var before = tested.getState();
                assertThat(tested.restart().state()).isEqualTo(before);
            }
        } finally {
            own.shutdownTestKit();
        }
    }

    @Test
    void whatIsPutIsThereAndSaidOnce() {
        assertThat(ask(Get::new)).isInstanceOf(Refused.class);
        assertThat(((Saved) put(Optional.of(name("Ada")), QUIET)).created()).isTrue();
        assertThat(((Saved) put(Optional.of(name("Ada")), QUIET)).created()).isFalse();
        assertThat(events()).as("the same again is no event").hasSize(1);

        put(Optional.of(name("Eva")), QUIET);
        var view = (UserView) ask(Get::new);
        assertThat(view.name()).map(UserName::fingerprint).contains("Eva");
        assertThat(events().get(1))
                .as("the settings did not change")
                .extracting("version")
                .isEqualTo(1L);
        assertThat(view.createdAt()).isEqualTo(NOW);
    }

    @Test
    void aDeviceThatJoinsGetsTheSettingsAndEachChange() {
        assertThat(join("d1", 1)).isEqualTo(new SettingsAre(0, UserSettings.NONE));
        assertThat(join("d1", 1)).isEqualTo(new SettingsAre(0, UserSettings.NONE));
        assertThat(events()).hasSize(1);

        put(Optional.empty(), MUTED);
        var told = told();
        assertThat(told.settings()).isEqualTo(MUTED);
        assertThat(told.version()).isEqualTo(1);
        assertThat(told.userId()).isEqualTo("u1");
        told.replyTo().tell(new DeviceReply.SettingsTaken(1));
        awaitEvents(new SettingsHandedOver(NOW, 1));
        assertThat(reminders).last().isInstanceOf(ReminderCommand.Done.class);
        assertThat(join("d2", 1)).isEqualTo(new SettingsAre(1, MUTED));
    }

    @Test
    void aDeviceThatDoesNotAnswerIsToldAgainByTheReminderAlsoInTheNextIncarnation() {
        join("d1", 1);
        join("d2", 1);
        put(Optional.empty(), MUTED);
        var first = told();
        var second = told();
        first.replyTo().tell(new DeviceReply.SettingsTaken(1));

        kit.stop(user);
        user = spawn();
        user.tell(new Wake(1));
        told().replyTo().tell(new DeviceReply.SettingsTaken(1));
        var again = told();
        assertThat(again.version()).isEqualTo(1);
        assertThat(reminders).anyMatch(ReminderCommand.Rearm.class::isInstance);
        second.replyTo().tell(new DeviceReply.SettingsTaken(1));
        again.replyTo().tell(new DeviceReply.SettingsTaken(1));
        awaitEvents(new SettingsHandedOver(NOW, 1));
        user.tell(new Wake(2));
        devices.expectNoMessage(Duration.ofMillis(100));
        await().until(() -> reminders.contains(new ReminderCommand.Done(EntityKind.USER, ID, 2)));
    }

    @Test
    void anotherOwnersDeviceIsToldNoMore() {
        join("d1", 1);
        put(Optional.empty(), MUTED);
        told().replyTo().tell(new DeviceReply.OtherOwner());
        awaitEvents(new DeviceLeft(NOW, "d1"));
        put(Optional.empty(), QUIET);
        devices.expectNoMessage(Duration.ofMillis(100));
    }

    @Test
    void aLeaveOfAnEarlierBindingComesTooLate() {
        join("d1", 3);
        user.tell(new Leave("d1", 1));
        put(Optional.empty(), MUTED);
        told();
        user.tell(new Leave("d1", 3));
        awaitEvents(new DeviceLeft(NOW, "d1"));
    }

    @Test
    void aPersonWhoIsForgottenLeavesNothingButDevicesThatAreTold() {
        join("d1", 1);
        put(Optional.of(name("Ada")), MUTED);
        told().replyTo().tell(new DeviceReply.SettingsTaken(1));
        awaitEvents(new SettingsHandedOver(NOW, 1));

        assertThat(ask(Delete::new)).isEqualTo(new UserReply.Deleted());
        assertThat(ask(Get::new)).isInstanceOf(Refused.class);
        var told = told();
        assertThat(told.settings()).isEqualTo(UserSettings.NONE);
        assertThat(told.version()).isEqualTo(2);
        assertThat(told.erasedAt()).contains(NOW);
        assertThat(events()).contains(new UserDeleted(NOW, 2));
    }

    @Test
    void whoeverWasNeverThereIsDeletedWithoutATrace() {
        assertThat(ask(Delete::new)).isEqualTo(new UserReply.Deleted());
        assertThat(events()).isEmpty();
    }

    @Test
    void nothingIsPromisedThatNoReminderCovers() {
        join("d1", 1);
        remindersAnswer = false;
        var reply = put(Optional.empty(), MUTED);
        assertThat(((Refused) reply).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(events()).noneMatch(UserPut.class::isInstance);
    }

    @Test
    void newsAreBroughtOnceEachDeviceHasThem() {
        join("d1", 1);
        join("d2", 1);
        var conversation = bring("team", 5);
        var one = news();
        var two = news();
        assertThat(one.userId()).isEqualTo("u1");
        assertThat(one.news()).isEqualTo(newsOf("team", 5));
        one.replyTo().tell(new DeviceReply.NewsTaken("team", 5));
        conversation.expectNoMessage(Duration.ofMillis(100));
        two.replyTo().tell(new DeviceReply.NewsTaken("team", 5));
        conversation.expectMessage(new UserReply.NewsBrought("team", 5));
        assertThat(events()).as("nothing but the devices is journaled").hasSize(2);
    }

    @Test
    void theDeviceOnWhichItWasReadIsToldOnlyHowManyAreUnread() {
        join("d1", 1);
        join("d2", 1);
        var counts = Optional.of(new Counts(2, 9, false));
        var notice = new Notice(0, ItemKind.READ, 7, 7, 0, Alert.NONE, List.of());
        var read = new ConversationNews("team", 0, List.of(notice), counts);
        var companion = kit.<UserReply>createTestProbe();
        user.tell(new BringNews(read, Optional.of("d1"), companion.ref()));
        var told = List.of(news(), news());
        assertThat(told)
                .extracting(TakeNews::news)
                .containsExactlyInAnyOrder(read, new ConversationNews("team", 0, List.of(), counts));
        told.forEach(each -> each.replyTo().tell(new DeviceReply.NewsTaken("team", 0)));
        companion.expectMessage(new UserReply.NewsBrought("team", 0));
    }

    @Test
    void newsWaitWhenAllDevicesWouldRatherHearOfThemLater() {
        join("d1", 1);
        join("d2", 1);
        var conversation = bring("team", 5);
        var told = List.of(news(), news());
        assertThat(told).allMatch(TakeNews::mayWait);
        told.get(0).replyTo().tell(new DeviceReply.NewsLater("team"));
        conversation.expectNoMessage(Duration.ofMillis(100));
        told.get(1).replyTo().tell(new DeviceReply.NewsLater("team"));
        conversation.expectMessage(new UserReply.NewsLater("team"));
        devices.expectNoMessage(Duration.ofMillis(100));
    }

    @Test
    void newsThatOneDeviceTookMustNotWaitForTheOthers() {
        join("d1", 1);
        join("d2", 1);
        var conversation = bring("team", 5);
        news().replyTo().tell(new DeviceReply.NewsLater("team"));
        news().replyTo().tell(new DeviceReply.NewsTaken("team", 5));
        var again = news();
        assertThat(again.mayWait()).isFalse();
        assertThat(again.news()).isEqualTo(newsOf("team", 5));
        conversation.expectNoMessage(Duration.ofMillis(100));
        again.replyTo().tell(new DeviceReply.NewsTaken("team", 5));
        conversation.expectMessage(new UserReply.NewsBrought("team", 5));
    }

    @Test
    void newsForNobodyAreBroughtAtOnce() {
        bring("team", 5).expectMessage(new UserReply.NewsBrought("team", 5));
    }

    @Test
    void aDeviceOfAnotherOwnerNeedNotHaveTheNewsAndLeaves() {
        join("d1", 1);
        var conversation = bring("team", 5);
        news().replyTo().tell(new DeviceReply.OtherOwner());
        conversation.expectMessage(new UserReply.NewsBrought("team", 5));
        awaitEvents(new DeviceLeft(NOW, "d1"));
        bring("team", 6).expectMessage(new UserReply.NewsBrought("team", 6));
        devices.expectNoMessage(Duration.ofMillis(100));
    }

    @Test
    void aSilentDeviceLeavesItsConversationWithoutAnAnswerAndHoldsUpNoOther() {
        join("d1", 1);
        var silent = bring("team", 5);
        news();
        var other = bring("family", 2);
        news().replyTo().tell(new DeviceReply.NewsTaken("family", 2));
        other.expectMessage(new UserReply.NewsBrought("family", 2));

        var refused = bring("work", 3);
        news().replyTo().tell(new DeviceReply.Refused(ErrorCode.UNAVAILABLE, "reminders cannot be stored"));
        refused.expectNoMessage(Duration.ofMillis(100));
        silent.expectNoMessage(Duration.ofMillis(3_500));

        var again = bring("team", 5);
        news().replyTo().tell(new DeviceReply.NewsTaken("team", 5));
        again.expectMessage(new UserReply.NewsBrought("team", 5));
    }

    @Test
    void newsBeyondWhatMayBeUnderWayAreLeftToBeBroughtAgain() {
        join("d1", 1);
        for (int i = 0; i < NewsRounds.MAX_UNANSWERED; i++) {
            bring("c" + i, 1);
        }
        var told = new ArrayList<TakeNews>();
        for (int i = 0; i < NewsRounds.MAX_UNANSWERED; i++) {
            told.add(news());
        }
        var oneMore = bring("late", 1);
        devices.expectNoMessage(Duration.ofMillis(100));
        told.get(0).replyTo().tell(new DeviceReply.NewsTaken("c0", 1));
        await().untilAsserted(() -> {
            bring("late", 1);
            assertThat(news().news().conversationId()).isEqualTo("late");
        });
        oneMore.expectNoMessage(Duration.ZERO);
    }

    private TestProbe<UserReply> bring(String conversationId, long upTo) {
        var conversation = kit.<UserReply>createTestProbe();
        user.tell(new BringNews(newsOf(conversationId, upTo), conversation.ref()));
        return conversation;
    }

    private static ConversationNews newsOf(String conversationId, long upTo) {
        return new ConversationNews(
                conversationId, upTo, List.of(new Notice(upTo, ItemKind.MESSAGE, 1, 1, 1, Alert.ALERT, List.of())));
    }

    private TakeNews news() {
        return (TakeNews) devices.receiveMessage();
    }

    @Test
    void theOldestOfTooManyDevicesGivesWay() {
        var state = UserState.initial();
        for (int i = 0; i <= UserState.MAX_DEVICES; i++) {
            for (UserEvent event : state.join(new Join("d" + i, 1, kit.system().ignoreRef()), NOW)
                    .events()) {
                state = state.apply(event);
            }
        }
        assertThat(state.data().devices()).hasSize(UserState.MAX_DEVICES);
        assertThat(state.data().devices().get(0).deviceId()).isEqualTo("d1");
    }

    private UserReply put(Optional<UserName> name, UserSettings settings) {
        return ask(to -> new Put(name, settings, to));
    }

    private UserReply join(String deviceId, int binding) {
        return ask(to -> new Join(deviceId, binding, to));
    }

    private UserReply ask(Function<ActorRef<UserReply>, UserCommand> command) {
        var probe = kit.<UserReply>createTestProbe();
        user.tell(command.apply(probe.ref()));
        return probe.receiveMessage(Duration.ofSeconds(8));
    }

    private ApplyUserSettings told() {
        return (ApplyUserSettings) devices.receiveMessage();
    }

    private void awaitEvents(UserEvent last) {
        await().untilAsserted(() -> assertThat(events()).endsWith(last));
    }

    private List<UserEvent> events() {
        var result = new ArrayList<UserEvent>();
        journal.persistedInStorage(PERSISTENCE_ID).forEach(event -> result.add((UserEvent) event));
        return result;
    }

    private static UserName name(String text) {
        return new UserName(new Sealed("user:u1", new byte[] {1}), text);
    }

    private ActorRef<UserCommand> spawn() {
        return kit.spawn(UserEntity.create(
                ID,
                kit.<ClusterSharding.ShardCommand>createTestProbe().ref(),
                device -> devices.ref(),
                kit.spawn(reminders()),
                Clock.fixed(NOW, ZoneOffset.UTC)));
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
