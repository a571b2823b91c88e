package io.lanying.http.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Map;
import java.util.TreeMap;

/** One way of writing a document, whatever order and spaces it came in: its bytes are equal if its content is. */
public final class CanonicalJson {

    private CanonicalJson() {}

    /** The document's bytes. */
    public static byte[] bytes(JsonNode document) {
        return Json.bytes(sorted(document));
    }

    private static JsonNode sorted(JsonNode node) {
        if (node instanceof ArrayNode array) {
            var result = JsonNodeFactory.instance.arrayNode();
            array.forEach(item -> result.add(sorted(item)));
            return result;
        }
        if (!node.isObject()) {
            return node;
        }
        var fields = new TreeMap<String, JsonNode>();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            fields.put(field.getKey(), sorted(field.getValue()));
        }
        var result = JsonNodeFactory.instance.objectNode();
        fields.forEach(result::set);
        return result;
    }
}
