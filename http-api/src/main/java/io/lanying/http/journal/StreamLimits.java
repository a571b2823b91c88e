package io.lanying.http.journal;

import java.time.Duration;

/**
 * Bounds of streams of events.
 *
 * @param max how many there may be at once on the node; more are answered 503
 * @param pollInterval how soon a live stream sees a new event
 * @param maxAge after which a live stream ends, so that its credential is looked at again when the caller returns
 */
public record StreamLimits(int max, Duration pollInterval, Duration maxAge) {}
