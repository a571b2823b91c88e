package io.lanying.load.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/** A device's stream as its journal's events tell it: our own small fold, independent of the server's. */
final class DeviceFold {

    private String streamId = "";
    private long ackedSeq;
    private long lastSeq;
    private final NavigableSet<Long> open = new TreeSet<>();

    /** The next event, as the journal call renders it. */
    void apply(String type, JsonNode event) {
        switch (type) {
            case "deviceRegistered", "deviceRebound" ->
                begin(event.path("streamId").asText());
            case "deviceDeleted" -> begin("");
            case "itemAccepted" -> {
                accept(event.path("itemSeq").asLong());
                acknowledge(event);
            }
            case "itemsRedelivered" -> {
                event.path("items").forEach(item -> accept(item.path("itemSeq").asLong()));
                acknowledge(event);
            }
            case "itemsEnded" -> event.path("itemSeqs").forEach(number -> open.remove(number.asLong()));
            default -> acknowledge(event);
        }
    }

    private void begin(String newStream) {
        streamId = newStream;
        ackedSeq = 0;
        lastSeq = 0;
        open.clear();
    }

    private void accept(long itemSeq) {
        lastSeq = itemSeq;
        open.add(itemSeq);
    }

    private void acknowledge(JsonNode event) {
        ackedSeq = Math.max(ackedSeq, event.path("ackedSeq").asLong(0));
        open.headSet(ackedSeq, true).clear();
    }

    /** The part of a state that the fold can be held against. */
    Map<String, Object> stream() {
        return streamId.isEmpty()
                ? Map.of()
                : Map.of("streamId", streamId, "ackedSeq", ackedSeq, "lastSeq", lastSeq, "open", Set.copyOf(open));
    }

    /** The same part of what the state call answered. */
    static Map<String, Object> streamOf(JsonNode state) {
        JsonNode stream = state.path("stream");
        if (!stream.isObject()) {
            return Map.of();
        }
        NavigableSet<Long> open = new TreeSet<>();
        stream.path("open").forEach(item -> open.add(item.path("itemSeq").asLong()));
        return Map.of(
                "streamId", stream.path("streamId").asText(),
                "ackedSeq", stream.path("ackedSeq").asLong(),
                "lastSeq", stream.path("lastSeq").asLong(),
                "open", Set.copyOf(open));
    }

    Map<String, Object> live() {
        return live(streamId, ackedSeq, lastSeq, open.size());
    }

    static Map<String, Object> live(String streamId, long ackedSeq, long lastSeq, long openItems) {
        return Map.of("streamId", streamId, "ackedSeq", ackedSeq, "lastSeq", lastSeq, "openItems", openItems);
    }
}
