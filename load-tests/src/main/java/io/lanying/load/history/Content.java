package io.lanying.load.history;

import com.fasterxml.jackson.databind.JsonNode;

/** What a person would see of a push, as one text: two pushes are the same content if these are equal. */
public final class Content {

    private Content() {}

    /** The content of a notification's {@code message} or of a push item's {@code body}. */
    public static String of(JsonNode message) {
        StringBuilder data = new StringBuilder();
        JsonNode map = message.path("data");
        map.propertyStream()
                .sorted((one, other) -> one.getKey().compareTo(other.getKey()))
                .forEach(entry -> data.append('|')
                        .append(entry.getKey())
                        .append('=')
                        .append(entry.getValue().asText()));
        return message.path("title").asText("") + "|" + message.path("body").asText("") + data;
    }

    /** What a message says: the text of a text, the JSON of anything else. */
    public static String said(JsonNode content) {
        return content.has("text") ? content.get("text").asText() : content.toString();
    }
}
