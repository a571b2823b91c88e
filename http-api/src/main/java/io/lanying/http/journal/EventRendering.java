package io.lanying.http.journal;

import io.lanying.protocol.channel.ResultClass;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceEvent.Acknowledged;
import io.lanying.protocol.device.DeviceEvent.BadgeSeen;
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
import io.lanying.protocol.device.DeviceEvent.ProfileChanged;
import io.lanying.protocol.device.DeviceEvent.PushCalledOff;
import io.lanying.protocol.device.DeviceEvent.RequestRefused;
import io.lanying.protocol.device.DeviceEvent.SessionAttached;
import io.lanying.protocol.device.DeviceEvent.SessionDetached;
import io.lanying.protocol.device.DeviceEvent.TokenSuppressed;
import io.lanying.protocol.device.DeviceEvent.TokenUnbound;
import io.lanying.protocol.device.DeviceEvent.UserSettingsApplied;
import io.lanying.protocol.device.DeviceEvent.VendorAnswered;
import io.lanying.protocol.device.DeviceEvent.VendorOffered;
import io.lanying.protocol.device.DeviceSnapshot.Quiet;
import io.lanying.protocol.journal.JournalEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;

/** Turns a device's events into what auditors see. Every kind of event has its renderer; a test demands it. */
final class EventRendering {

    private record Renderer(String type, BiFunction<DeviceEvent, Opener, Object> render) {}

    private static final Map<Class<?>, Renderer> RENDERERS = new HashMap<>();

    static {
        on(
                DeviceRegistered.class,
                "deviceRegistered",
                (event, opener) -> new EventJson.DeviceRegistered(
                        event.userId(), event.binding(), event.streamId(), ProfileJson.of(event.profile())));
        on(
                ProfileChanged.class,
                "profileChanged",
                (event, opener) -> new EventJson.ProfileChanged(ProfileJson.of(event.profile())));
        on(
                DeviceRebound.class,
                "deviceRebound",
                (event, opener) -> new EventJson.DeviceRebound(
                        event.userId(), event.binding(), event.streamId(), ProfileJson.of(event.profile())));
        on(DeviceDeleted.class, "deviceDeleted", (event, opener) -> new EventJson.DeviceDeleted());
        on(ItemAccepted.class, "itemAccepted", EventRendering::accepted);
        on(ItemsRedelivered.class, "itemsRedelivered", (event, opener) -> redelivered(event));
        on(
                ItemsEnded.class,
                "itemsEnded",
                (event, opener) -> new EventJson.ItemsEnded(event.fate().wireName(), event.reason(), event.itemSeqs()));
        on(Acknowledged.class, "acknowledged", (event, opener) -> new EventJson.Acknowledged(event.ackedSeq()));
        on(ItemOpened.class, "itemOpened", (event, opener) -> new EventJson.ItemOpened(event.id()));
        on(
                SessionAttached.class,
                "sessionAttached",
                (event, opener) -> new EventJson.SessionAttached(event.sessionId(), event.ackedSeq()));
        on(
                SessionDetached.class,
                "sessionDetached",
                (event, opener) -> new EventJson.SessionDetached(event.sessionId(), event.reason(), event.ackedSeq()));
        on(VendorOffered.class, "vendorOffered", (event, opener) -> offered(event));
        on(VendorAnswered.class, "vendorAnswered", (event, opener) -> answered(event));
        on(
                TokenUnbound.class,
                "tokenUnbound",
                (event, opener) -> new EventJson.TokenUnbound(
                        event.channel().channel(),
                        event.channel().environment(),
                        event.topic(),
                        event.token(),
                        event.reason()));
        on(
                TokenSuppressed.class,
                "tokenSuppressed",
                (event, opener) -> new EventJson.TokenSuppressed(
                        event.channel().channel(),
                        event.channel().environment(),
                        event.topic(),
                        event.token(),
                        event.until(),
                        event.reason()));
        on(BadgeSeen.class, "badgeSeen", (event, opener) -> new EventJson.BadgeSeen(event.itemSeq()));
        on(
                UserSettingsApplied.class,
                "userSettingsApplied",
                (event, opener) ->
                        new EventJson.UserSettingsApplied(event.version(), SettingsJson.of(event.settings())));
        on(
                ItemRestrained.class,
                "itemRestrained",
                (event, opener) -> new EventJson.ItemRestrained(
                        event.itemSeq(), event.id(), event.restraint().wireName(), event.until()));
        on(PushCalledOff.class, "pushCalledOff", (event, opener) -> new EventJson.PushCalledOff(event.id()));
        on(ConversationNoted.class, "conversationNoted", (event, opener) -> noted(event));
        on(ItemsSetAside.class, "itemsSetAside", (event, opener) -> new EventJson.ItemsSetAside(event.itemSeqs()));
        on(ItemsBroughtBack.class, "itemsBroughtBack", (event, opener) -> broughtBack(event));
        on(
                RequestRefused.class,
                "requestRefused",
                (event, opener) ->
                        new EventJson.RequestRefused(event.key(), event.code().wireName()));
    }

    private EventRendering() {}

    static EventJson.Item render(JournalEvent journaled, Opener opener) {
        var renderer = RENDERERS.get(journaled.event().getClass());
        if (renderer == null || !(journaled.event() instanceof DeviceEvent event)) {
            throw new IllegalStateException(
                    "no device has events of " + journaled.event().getClass());
        }
        return new EventJson.Item(
                journaled.eventSeq(), event.at(), renderer.type, renderer.render.apply(event, opener));
    }

    private static <E extends DeviceEvent> void on(Class<E> type, String name, BiFunction<E, Opener, Object> render) {
        RENDERERS.put(type, new Renderer(name, (event, opener) -> render.apply(type.cast(event), opener)));
    }

    private static EventJson.ItemAccepted accepted(ItemAccepted event, Opener opener) {
        return new EventJson.ItemAccepted(
                event.itemSeq(),
                event.id(),
                event.kind().wireName(),
                event.body().map(body -> opener.body(event.id(), body)),
                event.bytes(),
                event.expiresAt(),
                event.priority().wireName(),
                event.collapseKey(),
                event.ackedSeq(),
                event.options());
    }

    private static EventJson.ConversationNoted noted(ConversationNoted event) {
        var ranges = event.ranges().stream()
                .map(range -> new EventJson.NotedRange(
                        range.kind().wireName(),
                        range.fromSeq(),
                        range.toSeq(),
                        range.version(),
                        range.alert().wireName(),
                        range.quiet().map(quiet -> quiet.restraint().wireName()),
                        range.quiet().flatMap(Quiet::until),
                        range.receipt()))
                .toList();
        return new EventJson.ConversationNoted(
                event.conversationId(),
                event.upTo(),
                event.messageSeq(),
                event.firstItemSeq(),
                ranges,
                event.ackedSeq(),
                event.counts());
    }

    private static EventJson.ItemsBroughtBack broughtBack(ItemsBroughtBack event) {
        return new EventJson.ItemsBroughtBack(event.items().stream()
                .map(back -> new EventJson.BroughtBack(
                        back.setAside(), back.item().itemSeq(), back.item().id()))
                .toList());
    }

    private static EventJson.VendorOffered offered(VendorOffered event) {
        return new EventJson.VendorOffered(
                event.itemSeq(),
                event.id(),
                event.channel().channel(),
                event.channel().environment(),
                event.token(),
                event.cause().wireName(),
                event.ackedSeq());
    }

    private static EventJson.VendorAnswered answered(VendorAnswered event) {
        var outcome = event.outcome();
        return new EventJson.VendorAnswered(
                event.itemSeq(),
                event.id(),
                event.channel().channel(),
                event.channel().environment(),
                outcome.end().wireName(),
                outcome.result().map(ResultClass::wireName),
                outcome.code(),
                outcome.vendorMessageId(),
                outcome.invalidSince(),
                outcome.attempts(),
                event.ackedSeq());
    }

    private static EventJson.ItemsRedelivered redelivered(ItemsRedelivered event) {
        var items = event.items().stream()
                .map(item -> new EventJson.Redelivered(
                        item.itemSeq(),
                        item.redeliveryOf(),
                        item.id(),
                        item.kind().wireName(),
                        item.bytes()))
                .toList();
        return new EventJson.ItemsRedelivered(items, event.expiresAt(), event.ackedSeq());
    }
}
