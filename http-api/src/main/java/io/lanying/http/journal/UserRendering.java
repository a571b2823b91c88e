package io.lanying.http.journal;

import io.lanying.protocol.journal.JournalEvent;
import io.lanying.protocol.user.UserEvent;
import io.lanying.protocol.user.UserEvent.DeviceJoined;
import io.lanying.protocol.user.UserEvent.DeviceLeft;
import io.lanying.protocol.user.UserEvent.SettingsHandedOver;
import io.lanying.protocol.user.UserEvent.UserDeleted;
import io.lanying.protocol.user.UserEvent.UserPut;
import java.util.HashMap;
import java.util.Map;

/** Turns a user's events into what auditors see. Every kind of event has its renderer; a test demands it. */
final class UserRendering {

    /** @param id the user's, under which the name is sealed */
    private record Seen<E>(E event, String id, Opener opener) {}

    @FunctionalInterface
    private interface Render<E> {
        Object of(Seen<E> seen);
    }

    private record Renderer(String type, Render<UserEvent> render) {}

    private static final Map<Class<?>, Renderer> RENDERERS = new HashMap<>();

    static {
        on(
                UserPut.class,
                "userPut",
                seen -> new UserEventJson.UserPut(
                        seen.event().name().map(name -> seen.opener().text(seen.id(), "name", name.sealed())),
                        SettingsJson.of(seen.event().settings()),
                        seen.event().version()));
        on(
                UserDeleted.class,
                "userDeleted",
                seen -> new UserEventJson.UserDeleted(seen.event().version()));
        on(
                DeviceJoined.class,
                "deviceJoined",
                seen -> new UserEventJson.DeviceJoined(
                        seen.event().deviceId(), seen.event().binding()));
        on(
                DeviceLeft.class,
                "deviceLeft",
                seen -> new UserEventJson.DeviceLeft(seen.event().deviceId()));
        on(
                SettingsHandedOver.class,
                "settingsHandedOver",
                seen -> new UserEventJson.SettingsHandedOver(seen.event().version()));
    }

    private UserRendering() {}

    static EventJson.Item render(JournalEvent journaled, String id, Opener opener) {
        var renderer = RENDERERS.get(journaled.event().getClass());
        if (renderer == null || !(journaled.event() instanceof UserEvent event)) {
            throw new IllegalStateException(
                    "no user has events of " + journaled.event().getClass());
        }
        return new EventJson.Item(
                journaled.eventSeq(), event.at(), renderer.type, renderer.render.of(new Seen<>(event, id, opener)));
    }

    private static <E extends UserEvent> void on(Class<E> type, String name, Render<E> render) {
        RENDERERS.put(
                type,
                new Renderer(name, seen -> render.of(new Seen<>(type.cast(seen.event()), seen.id(), seen.opener()))));
    }
}
