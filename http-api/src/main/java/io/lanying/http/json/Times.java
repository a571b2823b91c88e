package io.lanying.http.json;

import java.time.Instant;
import java.time.format.DateTimeParseException;

/** Times as callers write them: RFC 3339 in UTC. */
public final class Times {

    public static final TextRule RULE = new TextRule(Times::isTime, "a time in UTC such as 2026-11-20T08:30:00.000Z");

    private Times() {}

    private static boolean isTime(String text) {
        try {
            Instant.parse(text);
            return text.endsWith("Z");
        } catch (DateTimeParseException e) {
            return false;
        }
    }
}
