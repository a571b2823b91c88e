package io.lanying.actors.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.channel.ChannelCommand.Outcome;
import io.lanying.protocol.channel.ChannelCommand.Send;
import io.lanying.protocol.channel.ResultClass;
import io.lanying.protocol.channel.VendorOutcome;
import io.lanying.protocol.channel.VendorOutcome.End;
import io.lanying.protocol.device.Badge;
import io.lanying.protocol.device.Category;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceCommand.AcceptPush;
import io.lanying.protocol.device.DeviceCommand.ApplyUserSettings;
import io.lanying.protocol.device.DeviceCommand.Delete;
import io.lanying.protocol.device.DeviceCommand.GetPush;
import io.lanying.protocol.device.DeviceCommand.Register;
import io.lanying.protocol.device.DeviceCommand.Wake;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceEvent.ItemAccepted;
import io.lanying.protocol.device.DeviceEvent.ItemRestrained;
import io.lanying.protocol.device.DeviceEvent.ItemsEnded;
import io.lanying.protocol.device.DeviceEvent.TokenUnbound;
import io.lanying.protocol.device.DeviceEvent.UserSettingsApplied;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.Priority;
import io.lanying.protocol.device.PushOptions;
import io.lanying.protocol.device.Restraint;
import io.lanying.protocol.device.Strategy;
import io.lanying.protocol.device.VendorToken;
import io.lanying.protocol.reminder.ReminderCommand.Done;
import io.lanying.protocol.reminder.ReminderCommand.Rearm;
import io.lanying.protocol.session.SessionMessage.Attached;
import io.lanying.protocol.session.SessionMessage.Deliver;
import io.lanying.protocol.user.QuietHours;
import io.lanying.protocol.user.QuietMode;
import io.lanying.protocol.user.UserReply.SettingsAre;
import io.lanying.protocol.user.UserSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a device makes of its owner's settings, however they come. The clock starts at midnight UTC. */
class OwnerSettingsTest {

    private static final Duration QUIET = Duration.ofMillis(150);
    private static final UserSettings MUTED = new UserSettings(true, Optional.empty());
    private static final Instant END = Instant.parse("2026-01-01T06:00:00Z");

    private final Fixture fixture = new Fixture();
    private long timeToLive = 86_400;

    @AfterEach
    void stop() {
        fixture.close();
    }

    // --- how settings come

    @Test
    void aRegistrationIsAnsweredWithTheOwnersSettingsInTheJournal() {
        fixture.users.settings = new SettingsAre(3, MUTED);
        var device = fixture.registered();
        assertThat(fixture.users.calls).containsExactly("join alice 1");
        assertThat(applied()).extracting(UserSettingsApplied::version).containsExactly(3L);

        device = fixture.restart(device);
        apply(device, "alice", 3, UserSettings.NONE);
        assertThat(applied()).as("the same version again").hasSize(1);
    }

    @Test
    void settingsThatComeTwiceOrLateChangeNothing() {
        var device = fixture.registered();
        assertThat(apply(device, "alice", 2, MUTED)).isEqualTo(new DeviceReply.SettingsTaken(2));
        assertThat(apply(device, "alice", 2, MUTED)).isEqualTo(new DeviceReply.SettingsTaken(2));
        assertThat(apply(device, "alice", 1, UserSettings.NONE)).isEqualTo(new DeviceReply.SettingsTaken(1));
        assertThat(applied()).hasSize(1);
        assertThat(fixture.folded()
                        .registration()
                        .orElseThrow()
                        .ownerSettings()
                        .orElseThrow()
                        .settings())
                .isEqualTo(MUTED);
    }

    @Test
    void settingsOfThePreviousOwnerAreNotThisOnes() {
        var device = fixture.registered();
        apply(device, "alice", 7, MUTED);
        fixture.ask(device, to -> new Register(Optional.of("bob"), Fixture.profile(), to));
        assertThat(fixture.users.calls).containsExactly("join alice 1", "leave alice 1", "join bob 2");
        assertThat(fixture.folded().registration().orElseThrow().ownerSettings())
                .isEmpty();

        assertThat(apply(device, "alice", 8, MUTED)).isEqualTo(new DeviceReply.OtherOwner());
        assertThat(apply(device, "bob", 1, MUTED)).isEqualTo(new DeviceReply.SettingsTaken(1));
        fixture.ask(device, Delete::new);
        assertThat(fixture.users.calls).last().isEqualTo("leave bob 2");
        assertThat(apply(device, "bob", 2, UserSettings.NONE)).isEqualTo(new DeviceReply.OtherOwner());
    }

    @Test
    void anOwnerOutOfReachDelaysNobodyAndIsAskedAgainByTheReminder() {
        fixture.users.fails = true;
        var device = fixture.registered();
        assertThat(applied()).isEmpty();
        fixture.users.fails = false;
        fixture.users.settings = new SettingsAre(1, MUTED);
        device.tell(new Wake(1));
        await().untilAsserted(() -> assertThat(applied()).hasSize(1));
        device.tell(new Wake(2));
        await().until(() -> fixture.reminderCommands.stream().anyMatch(Done.class::isInstance));
    }

    @Test
    void aProfileThatChangesKeepsThem() {
        var device = fixture.registered();
        apply(device, "alice", 1, MUTED);
        fixture.ask(device, to -> new Register(Optional.of("alice"), Fixture.profile("beta"), to));
        assertThat(fixture.folded().registration().orElseThrow().ownerSettings())
                .isPresent();
    }

    @Test
    void tokensFromBeforeAnErasureAreGivenUp() {
        var device = registered();
        var erasedAt = fixture.clock.instant();
        fixture.ask(device, to -> new ApplyUserSettings("alice", 1, UserSettings.NONE, Optional.of(erasedAt), to));
        assertThat(events(TokenUnbound.class)).extracting(TokenUnbound::reason).containsExactly("erased");

        fixture.clock.advance(Duration.ofSeconds(1));
        register(device);
        fixture.ask(device, to -> new ApplyUserSettings("alice", 1, UserSettings.NONE, Optional.of(erasedAt), to));
        assertThat(events(TokenUnbound.class)).as("registered anew").hasSize(1);
    }

    // --- what they do

    @Test
    void aDroppedPushEndsAtOnceAndLeavesNoMark() {
        var device = quiet(QuietMode.DROP);
        push(device, "n1", options(Category.STANDARD, Optional.of(new Badge(true, 1))));
        assertThat(fateOf(device, "n1")).isEqualTo(Fate.REFUSED);
        assertThat(events(ItemsEnded.class)).extracting(ItemsEnded::reason).containsExactly(Optional.of("quietHours"));
        assertThat(fixture.folded().present().badge().value(0)).isZero();
        nothingSent();

        push(device, "n2", options(Category.TRANSACTIONAL, Optional.empty()));
        assertThat(sent().request().itemId()).as("the fast lane").isEqualTo("n2");
        assertThat(push(device, "n1", options(Category.STANDARD, Optional.of(new Badge(true, 1)))))
                .as("a repeat")
                .isEqualTo(new DeviceReply.PushAccepted("n1", 1, true));
    }

    @Test
    void whatIsDroppedSupersedesNothing() {
        var device = registered();
        collapsing(device, "n1");
        sent();
        apply(device, "alice", 1, during(QuietMode.DROP));
        collapsing(device, "n2");
        assertThat(fateOf(device, "n1")).isEqualTo(Fate.PENDING);
        assertThat(fateOf(device, "n2")).isEqualTo(Fate.REFUSED);
    }

    @Test
    void aSilentPushGoesToTheVendorWithoutSound() {
        var device = quiet(QuietMode.SILENT);
        push(device, "n1", PushOptions.DEFAULT);
        assertThat(sent().request().silent()).isTrue();
        assertThat(restrained()).extracting(ItemRestrained::restraint).containsExactly(Restraint.SILENT);

        push(device, "n2", options(Category.TRANSACTIONAL, Optional.empty()));
        fixture.clock.advance(Duration.ofHours(7));
        push(device, "n3", PushOptions.DEFAULT);
        assertThat(restrained()).as("neither the fast lane nor the day").hasSize(1);
    }

    @Test
    void aSilentPushIsSilentInTheNextIncarnationToo() {
        var device = quiet(QuietMode.SILENT);
        push(device, "n1", PushOptions.DEFAULT);
        sent();
        fixture.restart(device);
        assertThat(sent().request().silent()).isTrue();
    }

    @Test
    void aDeferredPushReachesTheVendorWhenTheQuietHoursEnd() {
        var device = quiet(QuietMode.DEFER);
        push(device, "n1", PushOptions.DEFAULT);
        assertThat(restrained()).extracting(ItemRestrained::until).containsExactly(Optional.of(END));
        nothingSent();
        assertThat(fateOf(device, "n1")).isEqualTo(Fate.PENDING);

        fixture.clock.advance(Duration.ofMinutes(1));
        device.tell(new Wake(1));
        await().until(() -> rearmedFor(END));
        nothingSent();

        var next = fixture.restart(device);
        fixture.clock.advance(Duration.between(fixture.clock.instant(), END));
        next.tell(new Wake(2));
        var send = sent();
        assertThat(send.request().silent()).isFalse();
        send.replyTo().tell(new Outcome(send.ref(), accepted()));
        await().until(() -> fateOf(next, "n1") == Fate.ACCEPTED_BY_VENDOR);
    }

    @Test
    void aSessionGetsADeferredPushAtOnceAndItsSilenceWaitsForTheEnd() {
        var device = quiet(QuietMode.DEFER);
        var session = fixture.attach(device, "s1", 0);
        session.expectMessageClass(Attached.class);
        push(device, "n1", PushOptions.DEFAULT);
        session.expectMessageClass(Deliver.class);
        fixture.clock.advance(Duration.ofMinutes(10));
        device.tell(new DeviceMessage.VendorLook());
        nothingSent();
        fixture.clock.advance(Duration.ofHours(6));
        device.tell(new DeviceMessage.VendorLook());
        sent();
    }

    @Test
    void aPushThatExpiresInQuietHoursExpires() {
        var device = quiet(QuietMode.DEFER);
        timeToLive = 3_600;
        push(device, "n1", PushOptions.DEFAULT);
        fixture.clock.advance(Duration.ofHours(2));
        device.tell(new Wake(1));
        await().until(() -> fateOf(device, "n1") == Fate.EXPIRED);
        nothingSent();
    }

    @Test
    void aMutedOwnersDeviceHasItsSessionOnly() {
        var device = registered();
        apply(device, "alice", 1, MUTED);
        push(device, "n1", PushOptions.DEFAULT);
        nothingSent();
        assertThat(restrained()).extracting(ItemRestrained::restraint).containsExactly(Restraint.MUTED);
        var session = fixture.attach(device, "s1", 0);
        session.expectMessageClass(Attached.class);
        session.expectMessageClass(Deliver.class);

        push(device, "n2", strategy(Strategy.VENDOR_ONLY));
        assertThat(fateOf(device, "n2")).isEqualTo(Fate.REFUSED);
        assertThat(events(ItemsEnded.class)).extracting(ItemsEnded::reason).containsExactly(Optional.of("muted"));
        push(device, "n3", strategy(Strategy.SOCKET_ONLY));
        assertThat(restrained())
                .as("what goes by session only is not restrained")
                .hasSize(1);
    }

    @Test
    void withoutSettingsNothingIsJournaledBesidesThePush() {
        var device = registered();
        int before = fixture.events().size();
        push(device, "n1", strategy(Strategy.SOCKET_ONLY));
        assertThat(fixture.events().subList(before, fixture.events().size()))
                .singleElement()
                .isInstanceOf(ItemAccepted.class);
    }

    @Test
    void theFoldOfTheSnapshotIsTheFoldOfTheEvents() {
        var device = quiet(QuietMode.DEFER);
        push(device, "n1", PushOptions.DEFAULT);
        var state = fixture.folded();
        assertThat(DeviceState.fromSnapshot(state.toSnapshot())).isEqualTo(state);
        assertThat(state.present().vendorWork(1).quiet()).isPresent();
    }

    /** A registered device with a token whose owner wants quiet until 6. */
    private ActorRef<DeviceCommand> quiet(QuietMode mode) {
        var device = registered();
        apply(device, "alice", 1, during(mode));
        return device;
    }

    private static UserSettings during(QuietMode mode) {
        return new UserSettings(
                false, Optional.of(new QuietHours(LocalTime.of(22, 0), LocalTime.of(6, 0), Optional.empty(), mode)));
    }

    private ActorRef<DeviceCommand> registered() {
        var device = fixture.spawn();
        register(device);
        return device;
    }

    private void register(ActorRef<DeviceCommand> device) {
        var token = new VendorToken(
                "apns",
                Optional.empty(),
                Optional.empty(),
                Fixture.sealed("user:alice", "t1"),
                "t1",
                fixture.clock.instant());
        fixture.ask(
                device,
                to -> new Register(Optional.of("alice"), Fixture.profile().withTokens(List.of(token)), to));
    }

    private DeviceReply apply(ActorRef<DeviceCommand> device, String userId, long version, UserSettings settings) {
        return fixture.ask(device, to -> new ApplyUserSettings(userId, version, settings, Optional.empty(), to));
    }

    private DeviceReply push(ActorRef<DeviceCommand> device, String id, PushOptions options) {
        return push(device, id, options, Optional.empty());
    }

    private void collapsing(ActorRef<DeviceCommand> device, String id) {
        push(device, id, PushOptions.DEFAULT, Optional.of("weather"));
    }

    private DeviceReply push(
            ActorRef<DeviceCommand> device, String id, PushOptions options, Optional<String> collapseKey) {
        return fixture.ask(device, to -> {
            var plain = Fixture.pushOf(id, "body of " + id, timeToLive, Priority.NORMAL, collapseKey, to);
            return new AcceptPush(
                    plain.notificationId(),
                    plain.body(),
                    plain.fingerprint(),
                    plain.bytes(),
                    plain.ttlSeconds(),
                    plain.priority(),
                    plain.collapseKey(),
                    Optional.of(options),
                    plain.vendorBlocks(),
                    plain.target(),
                    to);
        });
    }

    private static PushOptions strategy(Strategy strategy) {
        return new PushOptions(strategy, 10, List.of(), Category.STANDARD, Optional.empty());
    }

    private static PushOptions options(Category category, Optional<Badge> badge) {
        return new PushOptions(Strategy.COMBINED, 10, List.of(), category, badge);
    }

    private Fate fateOf(ActorRef<DeviceCommand> device, String id) {
        return ((DeviceReply.PushView) fixture.ask(device, to -> new GetPush(id, to))).fate();
    }

    private Send sent() {
        return fixture.channels.expectMessageClass(Send.class);
    }

    private void nothingSent() {
        fixture.channels.expectNoMessage(QUIET);
    }

    private boolean rearmedFor(Instant due) {
        return fixture.reminderCommands.stream()
                .anyMatch(
                        command -> command instanceof Rearm rearm && rearm.due().equals(due));
    }

    private List<UserSettingsApplied> applied() {
        return events(UserSettingsApplied.class);
    }

    private List<ItemRestrained> restrained() {
        return events(ItemRestrained.class);
    }

    private <E extends DeviceEvent> List<E> events(Class<E> type) {
        return fixture.events().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
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
}
