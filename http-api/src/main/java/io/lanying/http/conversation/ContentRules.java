package io.lanying.http.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.json.FieldErrors;
import io.lanying.http.json.Fields;
import io.lanying.http.json.TextRule;
import io.lanying.protocol.conversation.MessageType;
import java.net.URI;
import java.net.URISyntaxException;

/** What a content of each type must look like, whichever way it comes. */
public final class ContentRules {

    private static final int MAX_TEXT = 10_000;
    private static final long MAX_BYTES = 1L << 40;
    private static final long MAX_SIDE = 100_000;
    private static final long MAX_SECONDS = 7 * 86_400;
    private static final TextRule ADDRESS = new TextRule(ContentRules::isHttps, "an https address");
    private static final TextRule MIME = TextRule.matching("[A-Za-z0-9.+-]{1,64}/[A-Za-z0-9.+-]{1,64}");

    private ContentRules() {}

    /** Notes everything that is wrong with the content. */
    public static void check(MessageType type, Fields content, FieldErrors errors) {
        switch (type) {
            case TEXT -> {
                content.requiredText("text", TextRule.atMost(MAX_TEXT));
                content.end();
            }
            case IMAGE, AUDIO, VIDEO, FILE -> media(content, errors);
            case LOCATION -> location(content);
            case COMMAND -> {
                content.requiredText("name", TextRule.LABEL);
                content.anyObject("data");
                content.end();
            }
            case CUSTOM -> {} // whatever the app makes of it, within the size of a content
        }
    }

    private static void media(Fields content, FieldErrors errors) {
        var url = content.text("url", ADDRESS);
        var attachment = content.text("attachmentId", TextRule.ID);
        content.text("name", TextRule.NAME);
        content.text("mimeType", MIME);
        content.text("thumbnailUrl", ADDRESS);
        content.integer("bytes", 0, MAX_BYTES);
        content.integer("width", 1, MAX_SIDE);
        content.integer("height", 1, MAX_SIDE);
        content.integer("durationSeconds", 0, MAX_SECONDS);
        if (url.isPresent() == attachment.isPresent() && content.has("url") == content.has("attachmentId")) {
            errors.add("/content", "required", "must have either a url or an attachmentId");
        }
        content.end();
    }

    private static void location(Fields content) {
        degrees(content, "latitude", 90);
        degrees(content, "longitude", 180);
        content.text("name", TextRule.NAME);
        content.text("address", TextRule.atMost(512));
        content.end();
    }

    private static void degrees(Fields content, String name, int most) {
        var value = content.any(name);
        if (value.isEmpty()) {
            content.error(name, "required", "is required");
        } else if (value.filter(JsonNode::isNumber).isEmpty()) {
            content.error(name, "type", "must be a number");
        } else if (Math.abs(value.get().doubleValue()) > most) {
            content.error(name, "range", "must be from -" + most + " to " + most);
        }
    }

    private static boolean isHttps(String text) {
        try {
            var uri = new URI(text);
            return text.length() <= 2_048 && "https".equals(uri.getScheme()) && uri.getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
