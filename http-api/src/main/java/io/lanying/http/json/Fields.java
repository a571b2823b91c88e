package io.lanying.http.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one JSON object and notes everything that is wrong: missing, of another type, out of range and, at
 * {@link #end}, unknown. A field that is {@code null} counts as absent. Not thread-safe.
 */
public final class Fields {

    private final JsonNode object;
    private final String pointer;
    private final FieldErrors errors;
    private final Set<String> known = new HashSet<>();

    private Fields(JsonNode object, String pointer, FieldErrors errors) {
        this.object = object;
        this.pointer = pointer;
        this.errors = errors;
    }

    /** The document's root; anything but an object is an error and reads as an empty object. */
    public static Fields root(JsonNode document, FieldErrors errors) {
        return of(document, "", errors);
    }

    private static Fields of(JsonNode node, String pointer, FieldErrors errors) {
        if (!node.isObject()) {
            errors.add(pointer, "type", "must be an object");
            return new Fields(
                    com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode(), pointer, errors);
        }
        return new Fields(node, pointer, errors);
    }

    /** The JSON pointer of a field of this object. */
    public String pointer(String name) {
        return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
    }

    public void error(String name, String code, String detail) {
        errors.add(pointer(name), code, detail);
    }

    /** Whether the field is there and not null; marks it as known. */
    public boolean has(String name) {
        return get(name) != null;
    }

    public String requiredText(String name, TextRule rule) {
        JsonNode node = get(name);
        if (node == null) {
            error(name, "required", "is required");
            return "";
        }
        return text(node, pointer(name), rule).orElse("");
    }

    public Optional<String> text(String name, TextRule rule) {
        JsonNode node = get(name);
        return node == null ? Optional.empty() : text(node, pointer(name), rule);
    }

    public OptionalLong integer(String name, long min, long max) {
        JsonNode node = get(name);
        if (node == null) {
            return OptionalLong.empty();
        }
        if (!node.isIntegralNumber()) {
            error(name, "type", "must be a whole number");
            return OptionalLong.empty();
        }
        if (!node.canConvertToLong() || node.longValue() < min || node.longValue() > max) {
            error(name, "range", "must be from " + min + " to " + max);
            return OptionalLong.empty();
        }
        return OptionalLong.of(node.longValue());
    }

    public long requiredInteger(String name, long min, long max) {
        if (!has(name)) {
            error(name, "required", "is required");
        }
        return integer(name, min, max).orElse(min);
    }

    /** A field that is either true or false. */
    public Optional<Boolean> flag(String name) {
        JsonNode node = get(name);
        if (node != null && !node.isBoolean()) {
            error(name, "type", "must be true or false");
            return Optional.empty();
        }
        return node == null ? Optional.empty() : Optional.of(node.booleanValue());
    }

    public Optional<Fields> object(String name) {
        JsonNode node = get(name);
        return node == null ? Optional.empty() : Optional.of(of(node, pointer(name), errors));
    }

    public Fields requiredObject(String name) {
        JsonNode node = get(name);
        if (node == null) {
            error(name, "required", "is required");
            return of(com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode(), pointer(name), errors);
        }
        return of(node, pointer(name), errors);
    }

    /** An object whose inside is somebody else's to check. */
    public Optional<ObjectNode> anyObject(String name) {
        JsonNode node = get(name);
        if (node == null) {
            return Optional.empty();
        }
        if (node instanceof ObjectNode any) {
            return Optional.of(any);
        }
        error(name, "type", "must be an object");
        return Optional.empty();
    }

    /** A field whose type the caller decides about. */
    public Optional<JsonNode> any(String name) {
        return Optional.ofNullable(get(name));
    }

    public List<String> texts(String name, TextRule rule, int max) {
        var result = new ArrayList<String>();
        var items = array(name, max);
        for (int i = 0; i < items.size(); i++) {
            text(items.get(i), pointer(name) + "/" + i, rule).ifPresent(result::add);
        }
        return result;
    }

    public List<Fields> objects(String name, int max) {
        var result = new ArrayList<Fields>();
        var items = array(name, max);
        for (int i = 0; i < items.size(); i++) {
            result.add(of(items.get(i), pointer(name) + "/" + i, errors));
        }
        return result;
    }

    /** An object of texts, sorted by name. */
    public Map<String, String> textMap(String name, int max) {
        var result = new TreeMap<String, String>();
        var map = object(name);
        if (map.isEmpty()) {
            return result;
        }
        if (map.get().object.size() > max) {
            error(name, "range", "at most " + max + " entries");
            return result;
        }
        for (var entry : map.get().object.properties()) {
            text(entry.getValue(), map.get().pointer(entry.getKey()), TextRule.MAY_BE_EMPTY)
                    .ifPresent(text -> result.put(entry.getKey(), text));
        }
        return result;
    }

    /** Notes every field that nobody asked for. */
    public void end() {
        for (var field : object.properties()) {
            if (!known.contains(field.getKey())) {
                error(field.getKey(), "unknown", "is not a field of this object");
            }
        }
    }

    private List<JsonNode> array(String name, int max) {
        JsonNode node = get(name);
        if (node == null) {
            return List.of();
        }
        if (!node.isArray()) {
            error(name, "type", "must be an array");
            return List.of();
        }
        if (node.size() > max) {
            error(name, "range", "at most " + max + " items");
            return List.of();
        }
        var items = new ArrayList<JsonNode>(node.size());
        node.forEach(items::add);
        return items;
    }

    private Optional<String> text(JsonNode node, String at, TextRule rule) {
        if (!node.isTextual()) {
            errors.add(at, "type", "must be a text");
            return Optional.empty();
        }
        if (!rule.test().test(node.textValue())) {
            errors.add(at, "format", "must be " + rule.description());
            return Optional.empty();
        }
        return Optional.of(node.textValue());
    }

    private @Nullable JsonNode get(String name) {
        known.add(name);
        JsonNode node = object.get(name);
        return node == null || node.isNull() ? null : node;
    }
}
