package io.lanying.protocol.reminder;

import io.lanying.protocol.Remoted;
import java.time.Instant;

/**
 * A stored promise that the entity is woken at {@code due} or soon after.
 *
 * @param due when, at the latest second it fires
 * @param version what compare-and-delete compares; changes with every rewrite
 */
public record Reminder(Instant due, long version) implements Remoted {}
