package io.lanying.http;

import static io.lanying.http.TestApi.NOW;

import io.lanying.protocol.device.Priority;
import io.lanying.protocol.notification.Addressee;
import io.lanying.protocol.notification.Audience;
import io.lanying.protocol.notification.NotificationEvent;
import io.lanying.protocol.notification.NotificationReply;
import io.lanying.protocol.notification.NotificationSnapshot;
import io.lanying.protocol.notification.NotificationStatus;
import io.lanying.protocol.notification.SendCounts;
import io.lanying.protocol.sealing.Sealed;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** A notification to many as its entity would have it. */
public final class NotificationFixtures {

    private static final SendCounts COUNTS = new SendCounts(7, 1, 2, 1);
    private static final Addressee DEVICE = new Addressee("d1", Optional.of("u1"));

    private NotificationFixtures() {}

    /** One event of each kind. */
    public static List<NotificationEvent> events() {
        return List.of(
                new NotificationEvent.NotificationAccepted(
                        NOW,
                        Audience.users(List.of("u1")),
                        new Sealed("tenant", "canary".getBytes(StandardCharsets.UTF_8)),
                        Optional.empty(),
                        "fingerprint-canary",
                        5,
                        Priority.NORMAL,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        NOW.plusSeconds(60)),
                new NotificationEvent.PageResolved(NOW, 0, List.of(DEVICE), Optional.of("0/d1")),
                new NotificationEvent.PageSent(NOW, 0, COUNTS, List.of(DEVICE)),
                new NotificationEvent.UnansweredSettled(NOW, COUNTS, List.of("d1")),
                new NotificationEvent.SendingExpired(NOW),
                new NotificationEvent.NotificationCancelled(NOW),
                new NotificationEvent.PageRecalled(NOW, 0, 2, SendCounts.NONE, List.of()),
                new NotificationEvent.RecallEnded(NOW));
    }

    public static NotificationReply.View view(NotificationStatus status) {
        return new NotificationReply.View(status, NOW, Optional.empty(), NOW.plusSeconds(60), 1, COUNTS, List.of(3));
    }

    public static NotificationSnapshot snapshot() {
        return new NotificationSnapshot(
                1,
                NOW,
                Optional.of(new NotificationSnapshot.Head(
                        NOW, "fingerprint-canary", Optional.empty(), NOW.plusSeconds(60))),
                1,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                COUNTS,
                List.of(),
                Optional.empty(),
                0,
                Optional.empty(),
                List.of(3));
    }
}
