package io.lanying.http.journal;

import io.lanying.protocol.journal.JournalEvent;
import io.lanying.protocol.position.PositionChange;
import io.lanying.protocol.position.PositionsEvent;
import io.lanying.protocol.position.PositionsEvent.PositionsMoved;
import io.lanying.protocol.position.PositionsEvent.ReadsTold;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Turns the events of a conversation's companion into what auditors see. A test demands a renderer for every kind. */
final class PositionsRendering {

    private record Renderer(String type, Function<PositionsEvent, Object> render) {}

    private static final Map<Class<?>, Renderer> RENDERERS = new HashMap<>();

    static {
        on(
                PositionsMoved.class,
                "positionsMoved",
                event -> new PositionsEventJson.PositionsMoved(
                        event.conversationId(),
                        event.changes().stream().map(PositionsRendering::moved).toList(),
                        some(event.receipts().stream()
                                .map(each -> new PositionsEventJson.Owed(each.userId(), each.receipt()))
                                .toList())));
        on(
                ReadsTold.class,
                "readsTold",
                event -> new PositionsEventJson.ReadsTold(event.told(), some(event.receipts())));
    }

    private PositionsRendering() {}

    static EventJson.Item render(JournalEvent journaled) {
        var renderer = RENDERERS.get(journaled.event().getClass());
        if (renderer == null || !(journaled.event() instanceof PositionsEvent event)) {
            throw new IllegalStateException(
                    "no companion has events of " + journaled.event().getClass());
        }
        return new EventJson.Item(journaled.eventSeq(), event.at(), renderer.type, renderer.render.apply(event));
    }

    private static <E extends PositionsEvent> void on(Class<E> type, String name, Function<E, Object> render) {
        RENDERERS.put(type, new Renderer(name, event -> render.apply(type.cast(event))));
    }

    private static PositionsEventJson.Moved moved(PositionChange change) {
        return new PositionsEventJson.Moved(
                change.userId(),
                said(change.readSeq()),
                said(change.deliveredSeq()),
                change.deviceId(),
                change.counts());
    }

    private static <T> Optional<List<T>> some(List<T> all) {
        return Optional.of(all).filter(each -> !each.isEmpty());
    }

    private static Optional<Long> said(long messageSeq) {
        return messageSeq == 0 ? Optional.empty() : Optional.of(messageSeq);
    }
}
