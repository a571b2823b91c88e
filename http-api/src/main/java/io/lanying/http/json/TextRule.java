package io.lanying.http.json;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What a text must look like.
 *
 * @param description what the caller is told
 */
public record TextRule(Predicate<String> test, String description) {

    /** Ids that callers give (api.md). */
    public static final TextRule ID = matching("[A-Za-z0-9._~-]{1,64}");

    /** Any text that is not empty; the document's own limit bounds it. */
    public static final TextRule ANY = new TextRule(text -> !text.isEmpty(), "a text that is not empty");

    /** Any text, also an empty one. */
    public static final TextRule MAY_BE_EMPTY = new TextRule(text -> true, "a text");

    /** A name that people read: no control characters, so that no log or terminal is fooled. */
    public static final TextRule NAME = new TextRule(
            matching("[^\\p{C}]{1,128}").test.and(text -> !text.isBlank()), "1 to 128 printable characters");

    /** An alias or a tag: letters of any script, without spaces or control characters. */
    public static final TextRule LABEL = new TextRule(
            matching("[^\\p{C}\\p{Z}]{1,64}").test, "1 to 64 characters without spaces and control characters");

    public static TextRule matching(String regex) {
        return new TextRule(Pattern.compile(regex).asMatchPredicate(), "a text that matches " + regex);
    }

    public static TextRule atMost(int length) {
        return new TextRule(
                text -> !text.isEmpty() && text.length() <= length, "a text of 1 to " + length + " characters");
    }
}
