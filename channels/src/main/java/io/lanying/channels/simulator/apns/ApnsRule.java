package io.lanying.channels.simulator.apns;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * When to react in which way. Rules are asked in order, the first that matches decides; where none does, the message is taken.
 *
 * @param token only requests to this device token
 * @param share this share of them, 0 to 1, by the simulator's seeded random numbers
 * @param every only each n-th request of a connection; 1 for all
 * @param times at most so often
 */
public record ApnsRule(Optional<String> token, double share, int every, long times, ApnsReaction reaction) {

    public ApnsRule {
        if (share < 0 || share > 1 || every < 1 || times < 0) {
            throw new IllegalArgumentException("share from 0 to 1, every at least 1, times at least 0");
        }
    }

    /** All requests. */
    public static ApnsRule always(ApnsReaction reaction) {
        return new ApnsRule(Optional.empty(), 1, 1, Long.MAX_VALUE, reaction);
    }

    /** Requests to one device token. */
    public ApnsRule to(String deviceToken) {
        return new ApnsRule(Optional.of(deviceToken), share, every, times, reaction);
    }

    /** A share of them. */
    public ApnsRule share(double part) {
        return new ApnsRule(token, part, every, times, reaction);
    }

    /** Each n-th request of a connection. */
    public ApnsRule every(int n) {
        return new ApnsRule(token, share, n, times, reaction);
    }

    /** At most so often. */
    public ApnsRule times(long most) {
        return new ApnsRule(token, share, every, most, reaction);
    }

    /**
     * Reads a rule as written on a command line: words {@code name=value} in any order, such as
     * {@code share=0.05 status=503 reason=ServiceUnavailable} or {@code every=500 do=go_away} or
     * {@code token=ab12 status=410 reason=Unregistered timestamp=1700000000123}. Names: {@code token}, {@code share},
     * {@code every}, {@code times}, {@code do} (answer, garbage, cut_off, hang, drop, go_away, refuse_stream), {@code status},
     * {@code reason}, {@code bytes} (a body of so many, with garbage), {@code timestamp} (milliseconds), {@code delayMs}.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public static ApnsRule parse(String text) {
        ApnsReaction reaction = ApnsReaction.accept();
        ApnsRule rule = always(reaction);
        for (String word : text.strip().split("\\s+", -1)) {
            int equals = word.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("not name=value: " + word);
            }
            String value = word.substring(equals + 1);
            String name = word.substring(0, equals);
            reaction = reaction(reaction, name, value);
            rule = rule(rule, name, value);
        }
        return new ApnsRule(rule.token, rule.share, rule.every, rule.times, reaction);
    }

    private static ApnsRule rule(ApnsRule rule, String name, String value) {
        return switch (name) {
            case "token" -> rule.to(value);
            case "share" -> rule.share(Double.parseDouble(value));
            case "every" -> rule.every(Integer.parseInt(value));
            case "times" -> rule.times(Long.parseLong(value));
            case "do", "status", "reason", "bytes", "timestamp", "delayMs" -> rule;
            default -> throw new IllegalArgumentException("not part of a rule: " + name);
        };
    }

    private static ApnsReaction reaction(ApnsReaction was, String name, String value) {
        return switch (name) {
            case "do" ->
                new ApnsReaction(
                        ApnsReaction.Kind.valueOf(value.toUpperCase(Locale.ROOT)),
                        was.status(),
                        was.text(),
                        was.timestamp(),
                        was.delay());
            case "status" ->
                new ApnsReaction(was.kind(), Integer.parseInt(value), was.text(), was.timestamp(), was.delay());
            case "reason" -> new ApnsReaction(was.kind(), was.status(), value, was.timestamp(), was.delay());
            case "bytes" ->
                new ApnsReaction(
                        was.kind(), was.status(), "x".repeat(Integer.parseInt(value)), was.timestamp(), was.delay());
            case "timestamp" ->
                new ApnsReaction(
                        was.kind(), was.status(), was.text(), OptionalLong.of(Long.parseLong(value)), was.delay());
            case "delayMs" -> was.after(Duration.ofMillis(Long.parseLong(value)));
            default -> was;
        };
    }
}
