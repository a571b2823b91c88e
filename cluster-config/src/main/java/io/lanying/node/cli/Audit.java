package io.lanying.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.node.cli.Api.Answer;
import io.lanying.node.cli.QuickstartDevice.Item;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Questions the quickstart asks of the API; anything but a good answer ends it. */
final class Audit {

    private static final int PAGE = 200;

    private final Api api;

    Audit(Api api) {
        this.api = api;
    }

    /** Where a device's stream stands. */
    record Standing(long lastSeq, long ackedSeq) {

        long open() {
            return lastSeq - ackedSeq;
        }
    }

    Standing standing(String device) {
        JsonNode stream = get("/v1/devices/" + device);
        return new Standing(number(stream, "lastSeq"), number(stream, "ackedSeq"));
    }

    /** All items that a device's journal says were accepted, in the journal's order. */
    List<Item> items(String device) {
        List<Item> items = new ArrayList<>();
        long after = 0;
        while (true) {
            JsonNode page = get("/v1/journal/devices/" + device + "/events?afterSeq=" + after + "&limit=" + PAGE)
                    .path("items");
            for (JsonNode entry : page) {
                after = number(entry, "eventSeq");
                if (entry.path("type").asText().equalsIgnoreCase("itemAccepted")) {
                    items.add(new Item(
                            number(entry.path("event"), "itemSeq"),
                            entry.path("event").path("id").asText()));
                }
            }
            if (page.size() < PAGE) {
                return items;
            }
        }
    }

    JsonNode events(String device, int limit) {
        return get("/v1/journal/devices/" + device + "/events?afterSeq=0&limit=" + limit)
                .path("items");
    }

    JsonNode stateAsOf(String device, long eventSeq) {
        return get("/v1/journal/devices/" + device + "/state?asOfSeq=" + eventSeq);
    }

    JsonNode why(String notificationId, String device) {
        return get("/v1/notifications/" + notificationId + "/devices/" + device + "/why");
    }

    private JsonNode get(String path) {
        try {
            return good("GET " + path, api.get(path));
        } catch (IOException e) {
            throw new CommandFailed(
                    "no answer to GET " + path + ": " + e.getClass().getSimpleName(), e);
        }
    }

    /** The body of a good answer. */
    static JsonNode good(String call, Answer answer) {
        if (!answer.ok()) {
            throw new CommandFailed(call + " was answered " + answer.status() + " " + answer.problem());
        }
        return answer.body();
    }

    private static long number(JsonNode from, String field) {
        JsonNode value = from.path(field);
        if (!value.isIntegralNumber()) {
            throw new CommandFailed("an answer has no number " + field);
        }
        return value.asLong();
    }
}
