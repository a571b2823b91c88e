package io.lanying.protocol;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.device.Badge;
import io.lanying.protocol.device.Category;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.Priority;
import io.lanying.protocol.device.PushOptions;
import io.lanying.protocol.device.Strategy;
import io.lanying.protocol.notification.Addressee;
import io.lanying.protocol.notification.Audience;
import io.lanying.protocol.notification.DeviceFate;
import io.lanying.protocol.notification.FateCount;
import io.lanying.protocol.notification.NotificationCommand;
import io.lanying.protocol.notification.NotificationEvent;
import io.lanying.protocol.notification.NotificationPartCommand;
import io.lanying.protocol.notification.NotificationPartEvent;
import io.lanying.protocol.notification.NotificationPartReply;
import io.lanying.protocol.notification.NotificationPartSnapshot;
import io.lanying.protocol.notification.NotificationReply;
import io.lanying.protocol.notification.NotificationSnapshot;
import io.lanying.protocol.notification.NotificationSnapshot.CurrentPage;
import io.lanying.protocol.notification.NotificationSnapshot.Head;
import io.lanying.protocol.notification.NotificationSnapshot.SendEnd;
import io.lanying.protocol.notification.NotificationSnapshot.Unanswered;
import io.lanying.protocol.notification.NotificationStatus;
import io.lanying.protocol.notification.SendCounts;
import io.lanying.protocol.sealing.Sealed;
import java.util.List;
import java.util.Optional;

/** {@link Examples} of notifications to many, under the same rule: never changed once their golden files are there. */
final class NotificationExamples {

    private static final Sealed SEALED = new Sealed("tenant", Examples.SEALED.box());
    private static final Audience TAGS = Audience.tags(List.of("beta", "zh"), List.of("paid"), List.of("muted"));
    private static final Audience USERS = Audience.users(List.of("u1", "u2"));
    private static final PushOptions OPTIONS = new PushOptions(
            Strategy.VENDOR_ONLY, 20, List.of("fcm", "apns"), Category.MARKETING, Optional.of(new Badge(true, 1)));
    private static final Addressee FOUND = new Addressee("d1", Optional.of("u1"));
    private static final Addressee LISTED = new Addressee("d2", Optional.empty());
    private static final SendCounts COUNTS = new SendCounts(4, 3, 2, 1);

    private static final DeviceFate FATE = new DeviceFate("d1", Fate.ACKNOWLEDGED, Optional.of("socket"), 42);
    private static final DeviceFate BARE_FATE = new DeviceFate("d2", Fate.EXPIRED, Optional.empty(), 7);

    private NotificationExamples() {}

    static List<Persisted> events() {
        return List.of(
                new NotificationEvent.NotificationAccepted(
                        Examples.AT,
                        TAGS,
                        SEALED,
                        Optional.of(SEALED),
                        "ZmluZ2VycHJpbnQ",
                        300,
                        Priority.HIGH,
                        Optional.of("weather"),
                        Optional.of(OPTIONS),
                        Optional.of(Examples.LATER),
                        Examples.LATER.plusSeconds(60)),
                new NotificationEvent.PageResolved(Examples.AT, 7, List.of(FOUND, LISTED), Optional.of("2/d2")),
                new NotificationEvent.PageSent(Examples.AT, 7, COUNTS, List.of(LISTED)),
                new NotificationEvent.UnansweredSettled(Examples.AT, COUNTS, List.of("d1", "d2")),
                new NotificationEvent.SendingExpired(Examples.AT),
                new NotificationEvent.NotificationCancelled(Examples.AT),
                new NotificationEvent.PageRecalled(Examples.AT, 7, 12, COUNTS, List.of(LISTED)),
                new NotificationEvent.RecallEnded(Examples.AT),
                new NotificationPartEvent.FatesKept(Examples.AT, List.of(FATE, BARE_FATE)));
    }

    static List<Persisted> bareEvents() {
        return List.of(
                new NotificationEvent.NotificationAccepted(
                        Examples.AT,
                        USERS,
                        SEALED,
                        Optional.empty(),
                        "ZmluZ2VycHJpbnQ",
                        300,
                        Priority.NORMAL,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Examples.LATER),
                new NotificationEvent.PageResolved(Examples.AT, 0, List.of(), Optional.empty()),
                new NotificationEvent.PageSent(Examples.AT, 0, SendCounts.NONE, List.of()));
    }

    static List<Persisted> snapshots() {
        return List.of(
                new NotificationSnapshot(
                        20,
                        Examples.AT,
                        Optional.of(
                                new Head(Examples.AT, "ZmluZ2VycHJpbnQ", Optional.of(Examples.LATER), Examples.LATER)),
                        7,
                        Optional.of(new CurrentPage(7, List.of(FOUND, LISTED), Examples.AT)),
                        Optional.of("2/d2"),
                        Optional.of(new SendEnd(Examples.AT, true)),
                        COUNTS,
                        List.of(new Unanswered(LISTED, 3, Examples.AT)),
                        Optional.of(Examples.AT),
                        12,
                        Optional.of(Examples.AT),
                        List.of(3, 255)),
                new NotificationPartSnapshot(5, Examples.AT, List.of(FATE)));
    }

    static List<Persisted> bareSnapshots() {
        return List.of(new NotificationSnapshot(
                1,
                Examples.AT,
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                SendCounts.NONE,
                List.of(),
                Optional.empty(),
                0,
                Optional.empty(),
                List.of()));
    }

    static List<Remoted> messages(ActorRef<NotificationReply> replyTo, ActorRef<NotificationPartReply> part) {
        return List.of(
                new NotificationCommand.Accept(
                        Audience.everyone(),
                        SEALED,
                        Optional.of(SEALED),
                        "ZmluZ2VycHJpbnQ",
                        300,
                        3_600,
                        Priority.HIGH,
                        Optional.of("weather"),
                        Optional.of(OPTIONS),
                        Optional.of(Examples.LATER),
                        replyTo),
                new NotificationCommand.Cancel(replyTo),
                new NotificationCommand.Get(replyTo),
                new NotificationCommand.Wake(5),
                new NotificationReply.Accepted(true),
                new NotificationReply.View(
                        NotificationStatus.SENDING,
                        Examples.AT,
                        Optional.of(Examples.LATER),
                        Examples.LATER,
                        7,
                        COUNTS,
                        List.of(3, 255)),
                new NotificationPartCommand.Keep(List.of(FATE, BARE_FATE), part),
                new NotificationPartCommand.Count(part),
                new NotificationPartReply.Kept(),
                new NotificationPartReply.Counts(List.of(new FateCount(Fate.ACKNOWLEDGED, Optional.of("socket"), 3))),
                new NotificationReply.Refused(ErrorCode.IDEMPOTENCY_KEY_REUSED, "used for another request"));
    }
}
