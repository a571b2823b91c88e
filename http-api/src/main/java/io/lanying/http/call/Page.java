package io.lanying.http.call;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.lanying.http.json.TextRule;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param nextCursor where the next page starts; null on the last one
 */
public record Page<T>(
        List<T> items,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String nextCursor) {

    public static final int DEFAULT_LIMIT = 50;
    public static final int MAX_LIMIT = 200;

    private static final TextRule CURSOR = TextRule.matching("[A-Za-z0-9_-]{1,128}");

    /**
     * What a caller asked of a list.
     *
     * @param after the last id of the page before
     */
    public record Ask(Optional<String> after, int limit) {}

    /** Reads {@code cursor} and {@code limit}. */
    public static Ask ask(Parameters parameters) {
        int limit = (int) parameters.number("limit", 1, MAX_LIMIT).orElse(DEFAULT_LIMIT);
        var after = parameters.text("cursor", CURSOR).flatMap(cursor -> {
            var id = decode(cursor);
            if (id.isEmpty()) {
                parameters.error("cursor", "format", "must be a nextCursor of this list");
            }
            return id;
        });
        return new Ask(after, limit);
    }

    /**
     * A page of rendered rows.
     *
     * @param next the id after which the next page starts
     */
    public static <R, T> Page<T> of(List<R> rows, Optional<String> next, Function<R, T> render) {
        return new Page<>(
                rows.stream().map(render).toList(), next.map(Page::encode).orElse(null));
    }

    private static String encode(String id) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(id.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<String> decode(String cursor) {
        try {
            return Optional.of(new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8))
                    .filter(TextRule.ID.test());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
