package io.lanying.http.why;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanying.http.json.Json;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.channel.VendorOutcome;
import io.lanying.protocol.conversation.Alert;
import io.lanying.protocol.device.Category;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceEvent.Acknowledged;
import io.lanying.protocol.device.DeviceEvent.BadgeSeen;
import io.lanying.protocol.device.DeviceEvent.BroughtBack;
import io.lanying.protocol.device.DeviceEvent.ConversationNoted;
import io.lanying.protocol.device.DeviceEvent.DeviceDeleted;
import io.lanying.protocol.device.DeviceEvent.DeviceRebound;
import io.lanying.protocol.device.DeviceEvent.DeviceRegistered;
import io.lanying.protocol.device.DeviceEvent.ItemAccepted;
import io.lanying.protocol.device.DeviceEvent.ItemOpened;
import io.lanying.protocol.device.DeviceEvent.ItemRestrained;
import io.lanying.protocol.device.DeviceEvent.ItemsBroughtBack;
import io.lanying.protocol.device.DeviceEvent.ItemsEnded;
import io.lanying.protocol.device.DeviceEvent.ItemsRedelivered;
import io.lanying.protocol.device.DeviceEvent.ItemsSetAside;
import io.lanying.protocol.device.DeviceEvent.NotedRange;
import io.lanying.protocol.device.DeviceEvent.ProfileChanged;
import io.lanying.protocol.device.DeviceEvent.PushCalledOff;
import io.lanying.protocol.device.DeviceEvent.Redelivered;
import io.lanying.protocol.device.DeviceEvent.RequestRefused;
import io.lanying.protocol.device.DeviceEvent.SessionAttached;
import io.lanying.protocol.device.DeviceEvent.SessionDetached;
import io.lanying.protocol.device.DeviceEvent.TokenSuppressed;
import io.lanying.protocol.device.DeviceEvent.TokenUnbound;
import io.lanying.protocol.device.DeviceEvent.UserSettingsApplied;
import io.lanying.protocol.device.DeviceEvent.VendorAnswered;
import io.lanying.protocol.device.DeviceEvent.VendorOffered;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.device.OfferCause;
import io.lanying.protocol.device.Priority;
import io.lanying.protocol.device.Profile;
import io.lanying.protocol.device.PushOptions;
import io.lanying.protocol.device.Restraint;
import io.lanying.protocol.device.Strategy;
import io.lanying.protocol.tenant.TenantEvent.TenantDeleted;
import io.lanying.protocol.user.UserSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StoryFoldTest {

    private static final ChannelId APNS = new ChannelId("apns", "production");

    private static final Instant AT = Instant.parse("2026-11-20T08:30:00Z");
    private static final Profile PROFILE = new Profile(
            "web", Optional.empty(), List.of(), Optional.empty(), Optional.empty(), Optional.empty(), List.of());
    private static final String N = "n1";

    @ParameterizedTest(name = "{0}")
    @MethodSource("stories")
    void tellsTheFateAndTheTimeline(String name, List<DeviceEvent> events, Fate fate, List<String> timeline) {
        var story = tell(events);

        assertThat(story.fate()).isEqualTo(fate);
        assertThat(story.timeline()).extracting(Story.Entry::event).containsExactlyElementsOf(timeline);
        assertThat(story.reason()).isNotBlank();
    }

    static Stream<Arguments> stories() {
        return Stream.of(
                story("never known", List.of(), Fate.NOT_TARGETED),
                story("another's", List.of(registered(), accepted(1, "other", 0)), Fate.NOT_TARGETED),
                story("waiting", List.of(registered(), accepted(1, N, 0)), Fate.PENDING, "accepted"),
                story(
                        "acknowledged by an event of its own",
                        List.of(registered(), attached(0), accepted(1, N, 0), new Acknowledged(AT, 1)),
                        Fate.ACKNOWLEDGED,
                        "accepted",
                        "acknowledged"),
                story(
                        "acknowledged by what rides on a later item",
                        List.of(registered(), attached(0), accepted(1, N, 0), accepted(2, "other", 1)),
                        Fate.ACKNOWLEDGED,
                        "accepted",
                        "acknowledged"),
                story(
                        "acknowledged with the hello of a new session",
                        List.of(registered(), accepted(1, N, 0), attached(0), detached(0), attached(1)),
                        Fate.ACKNOWLEDGED,
                        "accepted",
                        "attached",
                        "detached",
                        "acknowledged"),
                story(
                        "acknowledged with the end of the session, then silence about sessions",
                        List.of(registered(), accepted(1, N, 0), attached(0), detached(1), attached(1), detached(1)),
                        Fate.ACKNOWLEDGED,
                        "accepted",
                        "attached",
                        "acknowledged"),
                story(
                        "a lower ack says nothing",
                        List.of(registered(), accepted(1, "other", 0), accepted(2, N, 0), new Acknowledged(AT, 1)),
                        Fate.PENDING,
                        "accepted"),
                story(
                        "expired",
                        List.of(registered(), accepted(1, N, 0), ended(Fate.EXPIRED, 1)),
                        Fate.EXPIRED,
                        "accepted",
                        "expired"),
                story(
                        "taken by a vendor, then expired on our side",
                        List.of(
                                registered(),
                                accepted(1, N, 0),
                                offered(1),
                                answered(1, VendorOutcome.End.ACCEPTED),
                                ended(Fate.ACCEPTED_BY_VENDOR, 1)),
                        Fate.ACCEPTED_BY_VENDOR,
                        "accepted",
                        "offeredToVendor",
                        "vendorAnswered",
                        "acceptedByVendor"),
                story(
                        "taken by a vendor and acknowledged later",
                        List.of(
                                registered(),
                                accepted(1, N, 0),
                                offered(1),
                                answered(1, VendorOutcome.End.ACCEPTED),
                                attached(1)),
                        Fate.ACKNOWLEDGED,
                        "accepted",
                        "offeredToVendor",
                        "vendorAnswered",
                        "acknowledged"),
                story(
                        "taken by a vendor before the device changed hands",
                        List.of(
                                registered(),
                                accepted(1, N, 0),
                                offered(1),
                                answered(1, VendorOutcome.End.ACCEPTED),
                                rebound()),
                        Fate.ACCEPTED_BY_VENDOR,
                        "accepted",
                        "offeredToVendor",
                        "vendorAnswered",
                        "rebound"),
                story(
                        "no vendor helped",
                        List.of(registered(), accepted(1, N, 0), offered(1), answered(1, VendorOutcome.End.REFUSED)),
                        Fate.PENDING,
                        "accepted",
                        "offeredToVendor",
                        "vendorAnswered"),
                story(
                        "by vendor only: an acknowledgement of its number is not one of it",
                        List.of(
                                registered(),
                                byVendorOnly(1),
                                offered(1),
                                attached(1),
                                answered(1, VendorOutcome.End.ACCEPTED),
                                ended(Fate.ACCEPTED_BY_VENDOR, 1)),
                        Fate.ACCEPTED_BY_VENDOR,
                        "accepted",
                        "offeredToVendor",
                        "attached",
                        "vendorAnswered",
                        "acceptedByVendor"),
                story(
                        "superseded",
                        List.of(registered(), accepted(1, N, 0), superseded("n2", 1), accepted(2, "n2", 0)),
                        Fate.SUPERSEDED,
                        "accepted",
                        "superseded"),
                story(
                        "cancelled",
                        List.of(registered(), accepted(1, N, 0), ended(Fate.CANCELLED, 1)),
                        Fate.CANCELLED,
                        "accepted",
                        "cancelled"),
                story(
                        "recalled while open",
                        List.of(registered(), attached(0), accepted(1, N, 0), ended(Fate.RECALLED, 1), recall(2, N)),
                        Fate.RECALLED,
                        "accepted",
                        "recalled",
                        "recallSent"),
                story(
                        "recalled after its ack, and acked again",
                        List.of(
                                registered(),
                                accepted(1, N, 0),
                                new Acknowledged(AT, 1),
                                recall(2, N),
                                new Acknowledged(AT, 2)),
                        Fate.RECALLED,
                        "accepted",
                        "acknowledged",
                        "recallSent"),
                story(
                        "rebound",
                        List.of(registered(), accepted(1, N, 0), rebound()),
                        Fate.REBOUND,
                        "accepted",
                        "rebound"),
                story(
                        "acknowledged before the new owner, whose numbers begin again",
                        List.of(
                                registered(),
                                accepted(1, N, 0),
                                new Acknowledged(AT, 1),
                                rebound(),
                                accepted(1, "other", 0)),
                        Fate.ACKNOWLEDGED,
                        "accepted",
                        "acknowledged"),
                story(
                        "the new stream's acks and ends are not the old stream's",
                        List.of(
                                registered(),
                                accepted(1, N, 0),
                                rebound(),
                                accepted(1, "b", 0),
                                new Acknowledged(AT, 1),
                                ended(Fate.EXPIRED, 1)),
                        Fate.REBOUND,
                        "accepted",
                        "rebound"),
                story(
                        "refused: backlog",
                        List.of(registered(), accepted(1, N, 0), backlog(1)),
                        Fate.REFUSED,
                        "accepted",
                        "refused"),
                story(
                        "device deleted",
                        List.of(registered(), accepted(1, N, 0), new DeviceDeleted(AT), registered()),
                        Fate.DEVICE_GONE,
                        "accepted",
                        "deviceGone"),
                story(
                        "opened after its ack",
                        List.of(registered(), accepted(1, N, 0), new Acknowledged(AT, 1), new ItemOpened(AT, N)),
                        Fate.OPENED,
                        "accepted",
                        "acknowledged",
                        "opened"),
                story(
                        "opened before its ack stays opened",
                        List.of(registered(), accepted(1, N, 0), new ItemOpened(AT, N), new Acknowledged(AT, 1)),
                        Fate.OPENED,
                        "accepted",
                        "opened",
                        "acknowledged"),
                story(
                        "redelivered: the copy's end is not the notification's fate",
                        List.of(
                                registered(),
                                accepted(1, N, 0),
                                ended(Fate.EXPIRED, 1),
                                redelivered(2, 1),
                                new Acknowledged(AT, 2)),
                        Fate.EXPIRED,
                        "accepted",
                        "expired",
                        "redelivered",
                        "acknowledged"),
                story(
                        "refused as a command",
                        List.of(registered(), new RequestRefused(AT, N, "device:d1", "f", ErrorCode.LIMIT_REACHED)),
                        Fate.REFUSED,
                        "refused"),
                story(
                        "called off before the device had it",
                        List.of(registered(), new PushCalledOff(AT, N), new PushCalledOff(AT, "n2")),
                        Fate.CANCELLED,
                        "calledOff"),
                story(
                        "called off when the device had forgotten that it had it",
                        List.of(registered(), accepted(1, N, 0), new Acknowledged(AT, 1), new PushCalledOff(AT, N)),
                        Fate.ACKNOWLEDGED,
                        "accepted",
                        "acknowledged"),
                story(
                        "a changed profile changes nothing",
                        List.of(registered(), accepted(1, N, 0), new ProfileChanged(AT, PROFILE)),
                        Fate.PENDING,
                        "accepted"));
    }

    @Test
    void namesTheRecordedReason() {
        assertThat(tell(List.of(registered(), accepted(1, N, 0), backlog(1))).reason())
                .isEqualTo("backlog");
        assertThat(tell(List.of(registered(), accepted(1, N, 0), superseded("n2", 1)))
                        .timeline()
                        .get(1)
                        .detail())
                .containsEntry("by", "n2");
    }

    @Test
    void saysWhetherTheDeviceWasThereWhenItWasAccepted() {
        var offline = tell(List.of(registered(), attached(0), detached(0), accepted(1, N, 0)));
        var online = tell(List.of(registered(), attached(0), accepted(1, N, 0)));

        assertThat(offline.timeline().get(0).detail()).containsEntry("online", false);
        assertThat(online.timeline().get(0).detail()).containsEntry("online", true);
        assertThat(offline.reason()).contains("no session");
        assertThat(online.reason()).contains("not acknowledged it yet");
    }

    @Test
    void boundsWhatComingAndGoingAdds() {
        var events = new ArrayList<DeviceEvent>(List.of(registered(), accepted(1, N, 0)));
        for (int i = 0; i < 500; i++) {
            events.add(attached(0));
            events.add(detached(0));
        }
        events.add(ended(Fate.EXPIRED, 1));

        var story = tell(events);

        assertThat(story.timeline()).hasSizeLessThanOrEqualTo(StoryFold.MAX_ENTRIES + 2);
        assertThat(story.timeline())
                .extracting(Story.Entry::event)
                .contains("expired")
                .endsWith("leftOut");
        assertThat(story.fate()).isEqualTo(Fate.EXPIRED);
    }

    @Test
    void knowsEveryKindOfEvent() {
        for (Class<?> type : DeviceEvent.class.getPermittedSubclasses()) {
            assertThat(examples()).as(type.getSimpleName()).anyMatch(type::isInstance);
        }
        examples().forEach(event -> new StoryFold(N).next(event));
        assertThatThrownBy(() -> new StoryFold(N).next(new TenantDeleted(AT)))
                .isInstanceOf(IllegalStateException.class);
    }

    private static List<DeviceEvent> examples() {
        return List.of(
                registered(),
                new ProfileChanged(AT, PROFILE),
                rebound(),
                new DeviceDeleted(AT),
                accepted(1, N, 0),
                redelivered(2, 1),
                ended(Fate.EXPIRED, 1),
                new Acknowledged(AT, 1),
                new ItemOpened(AT, N),
                attached(0),
                detached(0),
                offered(1),
                answered(1, VendorOutcome.End.ACCEPTED),
                new TokenUnbound(AT, APNS, Optional.empty(), "t", "vendor:Unregistered"),
                suppressed(),
                new BadgeSeen(AT, 1),
                new UserSettingsApplied(AT, 1, UserSettings.NONE),
                restrained(Restraint.SILENT),
                new PushCalledOff(AT, N),
                noted(ItemKind.MESSAGE, 1),
                new ItemsSetAside(AT, List.of(1L)),
                broughtBack(1, 2),
                new RequestRefused(AT, N, "device:d1", "f", ErrorCode.LIMIT_REACHED));
    }

    @Test
    void tellsOfAMessageLikeOfANotification() {
        var story = tell(
                "c1~7",
                List.of(
                        registered(),
                        noted(ItemKind.MESSAGE, 1),
                        attached(0),
                        new ItemsSetAside(AT, List.of(2L)),
                        broughtBack(2, 3),
                        new Acknowledged(AT, 3)));
        assertThat(story.fate()).isEqualTo(Fate.ACKNOWLEDGED);
        assertThat(story.timeline())
                .extracting(Story.Entry::event)
                .containsExactly("accepted", "attached", "setAside", "broughtBack", "acknowledged");

        var waiting = tell(
                "c1~7",
                List.of(
                        registered(),
                        noted(ItemKind.MESSAGE, 1),
                        new ItemsSetAside(AT, List.of(2L)),
                        new Acknowledged(AT, 2)));
        assertThat(waiting.fate()).as("its first number is not itself any more").isEqualTo(Fate.PENDING);
        assertThat(tell(
                                "c1~7",
                                List.of(
                                        registered(),
                                        noted(ItemKind.MESSAGE, 1),
                                        new ItemsSetAside(AT, List.of(2L)),
                                        new DeviceDeleted(AT)))
                        .fate())
                .isEqualTo(Fate.DEVICE_GONE);

        var recalled = tell(
                "c1~7",
                List.of(registered(), noted(ItemKind.MESSAGE, 1), new Acknowledged(AT, 2), noted(ItemKind.RECALL, 3)));
        assertThat(recalled.fate()).isEqualTo(Fate.RECALLED);
    }

    private static Story tell(String id, List<DeviceEvent> events) {
        var fold = new StoryFold(id);
        events.forEach(fold::next);
        return fold.story();
    }

    /** Messages 6 and 7 of {@code c1}, or what became of 7. */
    private static ConversationNoted noted(ItemKind kind, long firstItemSeq) {
        long from = kind == ItemKind.MESSAGE ? 6 : 7;
        return new ConversationNoted(
                AT,
                "c1",
                9,
                7,
                firstItemSeq,
                List.of(new NotedRange(kind, from, 7, 1, Alert.ALERT, Optional.empty())),
                0);
    }

    private static ItemsBroughtBack broughtBack(long setAside, long itemSeq) {
        var item = noted(ItemKind.MESSAGE, itemSeq - 1).items(1).get(1);
        return new ItemsBroughtBack(AT, List.of(new BroughtBack(setAside, item)));
    }

    @Test
    void namesTheQuietThatTheUserWants() {
        var deferred = tell(List.of(registered(), accepted(1, N, 0), restrained(Restraint.DEFERRED)));
        assertThat(deferred.fate()).isEqualTo(Fate.PENDING);
        assertThat(deferred.reason()).contains("quiet hours until " + Json.time(AT));
        assertThat(deferred.timeline()).extracting(Story.Entry::event).containsExactly("accepted", "quietHours");
        assertThat(deferred.timeline().get(1).detail())
                .containsEntry("restraint", "deferred")
                .containsEntry("until", AT);

        var expired =
                tell(List.of(registered(), accepted(1, N, 0), restrained(Restraint.DEFERRED), ended(Fate.EXPIRED, 1)));
        assertThat(expired.reason()).startsWith("its time-to-live ended").contains("quiet hours");

        var silent = tell(List.of(
                registered(),
                accepted(1, N, 0),
                restrained(Restraint.SILENT),
                offered(1),
                answered(1, VendorOutcome.End.ACCEPTED)));
        assertThat(silent.reason()).contains("silent");

        var muted = tell(List.of(registered(), accepted(1, N, 0), restrained(Restraint.MUTED)));
        assertThat(muted.reason()).contains("muted");

        var dropped = tell(List.of(
                registered(),
                accepted(1, N, 0),
                new ItemsEnded(AT, Fate.REFUSED, Optional.of("quietHours"), List.of(1L))));
        assertThat(dropped.reason()).isEqualTo("quietHours");
    }

    @Test
    void namesTheVendorThatAskedToBeLeftAlone() {
        var later = tell(List.of(registered(), suppressed(), accepted(1, N, 0)));
        assertThat(later.reason())
                .contains("apns gets nothing for this device until " + Json.time(AT.plusSeconds(60))
                        + " (vendor:inactive)");

        var own = tell(List.of(
                registered(), accepted(1, N, 0), offered(1), answered(1, VendorOutcome.End.REFUSED), suppressed()));
        assertThat(own.timeline()).extracting(Story.Entry::event).endsWith("vendorAnswered", "tokenSuppressed");
        assertThat(own.reason()).contains("until " + Json.time(AT.plusSeconds(60)));

        for (DeviceEvent over : List.of(
                offered(1),
                new TokenUnbound(AT, APNS, Optional.empty(), "t", "claimed"),
                new ProfileChanged(AT, PROFILE))) {
            assertThat(tell(List.of(registered(), suppressed(), accepted(1, N, 0), over))
                            .reason())
                    .as(over.toString())
                    .doesNotContain("gets nothing");
        }
    }

    private static DeviceEvent suppressed() {
        return new TokenSuppressed(AT, APNS, Optional.empty(), "t", AT.plusSeconds(60), "vendor:inactive");
    }

    private static DeviceEvent restrained(Restraint restraint) {
        return new ItemRestrained(
                AT, 1, N, restraint, restraint == Restraint.MUTED ? Optional.empty() : Optional.of(AT));
    }

    private static Story tell(List<DeviceEvent> events) {
        var fold = new StoryFold(N);
        events.forEach(fold::next);
        return fold.story();
    }

    private static Arguments story(String name, List<DeviceEvent> events, Fate fate, String... timeline) {
        return Arguments.of(name, events, fate, List.of(timeline));
    }

    private static DeviceEvent registered() {
        return new DeviceRegistered(AT, Optional.of("u1"), 1, "s1", PROFILE);
    }

    private static DeviceEvent rebound() {
        return new DeviceRebound(AT, Optional.of("u2"), 2, "s2", PROFILE);
    }

    private static DeviceEvent accepted(long itemSeq, String id, long ackedSeq) {
        return item(itemSeq, id, ItemKind.PUSH, ackedSeq);
    }

    private static DeviceEvent byVendorOnly(long itemSeq) {
        var options = new PushOptions(Strategy.VENDOR_ONLY, 10, List.of(), Category.STANDARD, Optional.empty());
        return new ItemAccepted(
                AT,
                itemSeq,
                N,
                ItemKind.PUSH,
                Optional.empty(),
                Optional.of("f"),
                10,
                AT.plusSeconds(60),
                Priority.NORMAL,
                Optional.empty(),
                0,
                Optional.of(options),
                Optional.empty());
    }

    private static DeviceEvent offered(long itemSeq) {
        return new VendorOffered(AT, itemSeq, N, APNS, "t", OfferCause.AWAY, 0);
    }

    private static DeviceEvent answered(long itemSeq, VendorOutcome.End end) {
        return new VendorAnswered(AT, itemSeq, N, APNS, VendorOutcome.unsent(end, "code", 1), 0);
    }

    private static DeviceEvent recall(long itemSeq, String id) {
        return item(itemSeq, id, ItemKind.RECALL, 0);
    }

    private static DeviceEvent item(long itemSeq, String id, ItemKind kind, long ackedSeq) {
        return new ItemAccepted(
                AT,
                itemSeq,
                id,
                kind,
                Optional.empty(),
                Optional.of("f"),
                10,
                AT.plusSeconds(60),
                Priority.NORMAL,
                Optional.empty(),
                ackedSeq);
    }

    private static DeviceEvent redelivered(long itemSeq, long of) {
        return new ItemsRedelivered(
                AT,
                "r1",
                "user:u1",
                "f",
                List.of(new Redelivered(itemSeq, of, N, ItemKind.PUSH, 2, 10)),
                AT.plusSeconds(60),
                0);
    }

    private static DeviceEvent ended(Fate fate, long itemSeq) {
        return new ItemsEnded(AT, fate, Optional.empty(), List.of(itemSeq));
    }

    private static DeviceEvent superseded(String by, long itemSeq) {
        return new ItemsEnded(AT, Fate.SUPERSEDED, Optional.of(by), List.of(itemSeq));
    }

    private static DeviceEvent backlog(long itemSeq) {
        return new ItemsEnded(AT, Fate.REFUSED, Optional.of("backlog"), List.of(itemSeq));
    }

    private static DeviceEvent attached(long ackedSeq) {
        return new SessionAttached(AT, "session", ackedSeq);
    }

    private static DeviceEvent detached(long ackedSeq) {
        return new SessionDetached(AT, "session", "closed", ackedSeq);
    }
}
