package io.lanying.http.journal;

import io.lanying.protocol.journal.JournalEvent;
import io.lanying.protocol.notification.NotificationEvent;
import io.lanying.protocol.notification.NotificationEvent.NotificationAccepted;
import io.lanying.protocol.notification.NotificationEvent.NotificationCancelled;
import io.lanying.protocol.notification.NotificationEvent.PageRecalled;
import io.lanying.protocol.notification.NotificationEvent.PageResolved;
import io.lanying.protocol.notification.NotificationEvent.PageSent;
import io.lanying.protocol.notification.NotificationEvent.RecallEnded;
import io.lanying.protocol.notification.NotificationEvent.SendingExpired;
import io.lanying.protocol.notification.NotificationEvent.UnansweredSettled;
import java.util.HashMap;
import java.util.Map;

/** Turns a notification's events into what auditors see. Every kind of event has its renderer; a test demands it. */
final class NotificationRendering {

    /** @param id the notification's, under which its body is sealed */
    private record Seen<E>(E event, String id, Opener opener) {}

    @FunctionalInterface
    private interface Render<E> {
        Object of(Seen<E> seen);
    }

    private record Renderer(String type, Render<NotificationEvent> render) {}

    private static final Map<Class<?>, Renderer> RENDERERS = new HashMap<>();

    static {
        on(NotificationAccepted.class, "notificationAccepted", NotificationRendering::accepted);
        on(
                PageResolved.class,
                "pageResolved",
                seen -> new NotificationEventJson.PageResolved(
                        seen.event().page(),
                        seen.event().devices(),
                        seen.event().next()));
        on(
                PageSent.class,
                "pageSent",
                seen -> new NotificationEventJson.PageSent(
                        seen.event().page(), seen.event().counts(), seen.event().unanswered()));
        on(
                UnansweredSettled.class,
                "unansweredSettled",
                seen -> new NotificationEventJson.UnansweredSettled(
                        seen.event().counts(), seen.event().deviceIds()));
        on(SendingExpired.class, "sendingExpired", seen -> new NotificationEventJson.SendingExpired());
        on(
                NotificationCancelled.class,
                "notificationCancelled",
                seen -> new NotificationEventJson.NotificationCancelled());
        on(
                PageRecalled.class,
                "pageRecalled",
                seen -> new NotificationEventJson.PageRecalled(
                        seen.event().page(), seen.event().counts(), seen.event().unanswered()));
        on(RecallEnded.class, "recallEnded", seen -> new NotificationEventJson.RecallEnded());
    }

    private NotificationRendering() {}

    static EventJson.Item render(JournalEvent journaled, String id, Opener opener) {
        var renderer = RENDERERS.get(journaled.event().getClass());
        if (renderer == null || !(journaled.event() instanceof NotificationEvent event)) {
            throw new IllegalStateException(
                    "no notification has events of " + journaled.event().getClass());
        }
        return new EventJson.Item(
                journaled.eventSeq(), event.at(), renderer.type, renderer.render.of(new Seen<>(event, id, opener)));
    }

    private static <E extends NotificationEvent> void on(Class<E> type, String name, Render<E> render) {
        RENDERERS.put(
                type,
                new Renderer(name, seen -> render.of(new Seen<>(type.cast(seen.event()), seen.id(), seen.opener()))));
    }

    private static Object accepted(Seen<NotificationAccepted> seen) {
        var event = seen.event();
        return new NotificationEventJson.NotificationAccepted(
                AudienceJson.of(event.audience()),
                seen.opener().body(seen.id(), event.body()),
                event.bytes(),
                event.priority().wireName(),
                event.collapseKey(),
                event.sendAt(),
                event.expiresAt());
    }
}
