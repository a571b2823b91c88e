package io.lanying.channels.fcm;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lanying.channels.adapter.VendorAnswer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads one object of the caller's {@code fcm} block into a builder, key by key from a table of what is taken. Remembers the
 * first thing that is wrong and reads on.
 */
final class FcmBlock {

    /** How one key of the block goes into a builder; says no to a value of the wrong form. */
    interface BlockKey<B> {
        /** Whether the value was taken. */
        boolean put(B builder, JsonNode value, FcmBlock block, String pointer);
    }

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(\\.[0-9]{1,9})?s");
    private static final TypeReference<LinkedHashMap<String, Object>> TREE = new TypeReference<>() {};
    private static final JsonMapper JSON = new JsonMapper();

    private @Nullable VendorAnswer problem;

    /** The first thing that was wrong. */
    Optional<VendorAnswer> problem() {
        return Optional.ofNullable(problem);
    }

    /** Reads an object; a missing one has nothing to say. */
    <B> void read(JsonNode object, String pointer, Map<String, BlockKey<B>> keys, B builder) {
        if (object.isMissingNode()) {
            return;
        }
        if (!object.isObject()) {
            note(FcmLocal.BLOCK.answer(pointer));
            return;
        }
        object.properties().forEach(entry -> {
            BlockKey<B> key = keys.get(entry.getKey());
            if (key == null) {
                note(FcmLocal.BLOCK_KEY.answer(pointer));
            } else {
                String at = pointer + "/" + entry.getKey();
                if (!isPut(key, builder, entry.getValue(), at)) {
                    note(FcmLocal.BLOCK.answer(at));
                }
            }
        });
    }

    private <B> boolean isPut(BlockKey<B> key, B builder, JsonNode value, String pointer) {
        try {
            return key.put(builder, value, this, pointer);
        } catch (IllegalArgumentException e) {
            // The client's builders check some values as they take them.
            return false;
        }
    }

    private void note(VendorAnswer found) {
        if (problem == null) {
            problem = found;
        }
    }

    static <B> BlockKey<B> text(BiConsumer<B, String> set) {
        return (builder, value, block, pointer) -> {
            if (value.isTextual()) {
                set.accept(builder, value.textValue());
            }
            return value.isTextual();
        };
    }

    static <B> BlockKey<B> flag(BiConsumer<B, Boolean> set) {
        return (builder, value, block, pointer) -> {
            if (value.isBoolean()) {
                set.accept(builder, value.booleanValue());
            }
            return value.isBoolean();
        };
    }

    static <B> BlockKey<B> count(BiConsumer<B, Integer> set) {
        return (builder, value, block, pointer) -> {
            boolean isCount = value.isIntegralNumber() && value.canConvertToInt() && value.intValue() >= 0;
            if (isCount) {
                set.accept(builder, value.intValue());
            }
            return isCount;
        };
    }

    static <B> BlockKey<B> texts(BiConsumer<B, List<String>> set) {
        return (builder, value, block, pointer) -> {
            boolean isTexts = value.isArray() && stream(value).allMatch(JsonNode::isTextual);
            if (isTexts) {
                set.accept(builder, stream(value).map(JsonNode::textValue).toList());
            }
            return isTexts;
        };
    }

    static <B> BlockKey<B> millis(BiConsumer<B, Long> set) {
        return (builder, value, block, pointer) -> {
            Optional<Long> millis = millisOf(value);
            millis.ifPresent(found -> set.accept(builder, found));
            return millis.isPresent();
        };
    }

    static <B> BlockKey<B> millisList(BiConsumer<B, long[]> set) {
        return (builder, value, block, pointer) -> {
            boolean isList = value.isArray()
                    && stream(value).allMatch(one -> millisOf(one).isPresent());
            if (isList) {
                set.accept(
                        builder,
                        stream(value).mapToLong(one -> millisOf(one).orElse(0L)).toArray());
            }
            return isList;
        };
    }

    /** One of an enum's names in any case, also with the prefix that FCM writes. */
    static <B, E extends Enum<E>> BlockKey<B> oneOf(Class<E> type, String prefix, BiConsumer<B, E> set) {
        return (builder, value, block, pointer) -> {
            String name = value.isTextual() ? value.textValue().toUpperCase(Locale.ROOT) : "";
            String bare = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
            for (E constant : type.getEnumConstants()) {
                if (constant.name().equals(bare)) {
                    set.accept(builder, constant);
                    return true;
                }
            }
            return false;
        };
    }

    static <B> BlockKey<B> textMap(BiConsumer<B, Map<String, String>> set) {
        return (builder, value, block, pointer) -> {
            boolean isTextMap = value.isObject() && stream(value).allMatch(JsonNode::isTextual);
            if (isTextMap) {
                Map<String, String> map = new LinkedHashMap<>();
                value.properties()
                        .forEach(entry ->
                                map.put(entry.getKey(), entry.getValue().textValue()));
                set.accept(builder, map);
            }
            return isTextMap;
        };
    }

    /** Any JSON object, as it is; the client knows no null. */
    static <B> BlockKey<B> tree(BiConsumer<B, Map<String, Object>> set) {
        return (builder, value, block, pointer) -> {
            boolean isTree = value.isObject() && !hasNull(value);
            if (isTree) {
                set.accept(builder, JSON.convertValue(value, TREE));
            }
            return isTree;
        };
    }

    static <B, C> BlockKey<B> object(Function<B, C> inner, Map<String, BlockKey<C>> keys) {
        return (builder, value, block, pointer) -> {
            block.read(value, pointer, keys, inner.apply(builder));
            return true;
        };
    }

    private static boolean hasNull(JsonNode node) {
        return node.isNull() || stream(node).anyMatch(FcmBlock::hasNull);
    }

    private static Optional<Long> millisOf(JsonNode value) {
        var text = DURATION.matcher(value.asText());
        if (!value.isTextual() || !text.matches()) {
            return Optional.empty();
        }
        String fraction = text.group(2) == null ? "" : text.group(2).substring(1);
        long millis = Long.parseLong((fraction + "000").substring(0, 3));
        return Optional.of(Long.parseLong(text.group(1)) * 1000 + millis);
    }

    private static Stream<JsonNode> stream(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false);
    }
}
