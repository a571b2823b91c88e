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

    /** What sessions never get: open too, but out of the acknowledgements' reach. */
    private final NavigableSet<Long> vendorOnly = new TreeSet<>();

    /** What waits for its conversation, outside the stream. */
    private final NavigableSet<Long> setAside = new TreeSet<>();

    /** The next event, as the journal call renders it. */
    void apply(String type, JsonNode event) {
        switch (type) {
            case "deviceRegistered", "deviceRebound" ->
                begin(event.path("streamId").asText());
            case "deviceDeleted" -> begin("");
            case "itemAccepted" -> {
                accept(event);
                acknowledge(event);
            }
            case "itemsRedelivered" -> {
                event.path("items").forEach(item -> open.add(numbered(item)));
                acknowledge(event);
            }
            case "conversationNoted" -> {
                note(event);
                acknowledge(event);
            }
            case "itemsSetAside" ->
                event.path("itemSeqs").forEach(number -> {
                    open.remove(number.asLong());
                    setAside.add(number.asLong());
                });
            case "itemsBroughtBack" ->
                event.path("items").forEach(item -> {
                    setAside.remove(item.path("setAside").asLong());
                    open.add(numbered(item));
                });
            case "itemsEnded" ->
                event.path("itemSeqs").forEach(number -> {
                    open.remove(number.asLong());
                    vendorOnly.remove(number.asLong());
                    setAside.remove(number.asLong());
                });
            default -> acknowledge(event);
        }
    }

    private void begin(String newStream) {
        streamId = newStream;
        ackedSeq = 0;
        lastSeq = 0;
        open.clear();
        vendorOnly.clear();
        setAside.clear();
    }

    /** An item for each message of each range. */
    private void note(JsonNode event) {
        long next = event.path("firstItemSeq").asLong();
        for (JsonNode range : event.path("ranges")) {
            for (long message = range.path("fromSeq").asLong();
                    message <= range.path("toSeq").asLong();
                    message++) {
                lastSeq = next;
                open.add(next++);
            }
        }
    }

    private void accept(JsonNode item) {
        boolean byVendor = item.path("options").path("strategy").asText().equals("vendorOnly");
        (byVendor ? vendorOnly : open).add(numbered(item));
    }

    private long numbered(JsonNode item) {
        lastSeq = item.path("itemSeq").asLong();
        return lastSeq;
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
        return live(streamId, ackedSeq, lastSeq, open.size() + vendorOnly.size() + setAside.size());
    }

    static Map<String, Object> live(String streamId, long ackedSeq, long lastSeq, long openItems) {
        return Map.of("streamId", streamId, "ackedSeq", ackedSeq, "lastSeq", lastSeq, "openItems", openItems);
    }
}
