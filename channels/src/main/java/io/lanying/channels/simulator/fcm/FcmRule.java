package io.lanying.channels.simulator.fcm;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;

/** One line of the script: which requests it takes, and what happens to them. The first rule that takes a request decides. */
public final class FcmRule {

    private static final Map<String, Function<String, FcmReaction>> NAMED = Map.ofEntries(
            Map.entry("UNREGISTERED", argument -> FcmReaction.unregistered()),
            Map.entry("SENDER_ID_MISMATCH", argument -> FcmReaction.senderIdMismatch()),
            Map.entry("INVALID_TOKEN", argument -> FcmReaction.invalidToken()),
            Map.entry("QUOTA", argument -> waiting(FcmReaction.quota(), argument)),
            Map.entry("DEVICE_QUOTA", argument -> waiting(FcmReaction.deviceQuota(), argument)),
            Map.entry("INTERNAL", argument -> FcmReaction.internal()),
            Map.entry("UNAVAILABLE", argument -> waiting(FcmReaction.unavailable(), argument)),
            Map.entry("THIRD_PARTY_AUTH_ERROR", argument -> FcmReaction.thirdPartyAuth()),
            Map.entry("UNAUTHENTICATED", argument -> FcmReaction.unauthenticated()),
            Map.entry("PERMISSION_DENIED", argument -> FcmReaction.permissionDenied()),
            Map.entry("NOT_FOUND", argument -> FcmReaction.notFound()),
            Map.entry("GARBAGE", argument -> FcmReaction.garbage()),
            Map.entry("HUGE", argument -> FcmReaction.huge(Integer.parseInt(argument))),
            Map.entry("CUT_OFF", argument -> FcmReaction.garbage().cutOff()),
            Map.entry("DROP", argument -> FcmReaction.drop()),
            Map.entry("HANG", argument -> FcmReaction.hang()),
            Map.entry("SLOW", argument -> FcmReaction.slow(Duration.ofMillis(Long.parseLong(argument)))));

    private final Predicate<String> takes;
    private final FcmReaction reaction;

    private FcmRule(Predicate<String> takes, FcmReaction reaction) {
        this.takes = takes;
        this.reaction = reaction;
    }

    /** Every request. */
    public static FcmRule always(FcmReaction reaction) {
        return new FcmRule(token -> true, reaction);
    }

    /** Requests for this device token. */
    public static FcmRule token(String token, FcmReaction reaction) {
        return new FcmRule(token::equals, reaction);
    }

    /** This share of the requests, by a random number that the seed fixes. */
    public static FcmRule share(double share, long seed, FcmReaction reaction) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("a share is between 0 and 1");
        }
        Random random = new Random(seed);
        return new FcmRule(token -> random.nextDouble() < share, reaction);
    }

    /** The next so many requests that come to this rule. */
    public static FcmRule next(int count, FcmReaction reaction) {
        AtomicInteger left = new AtomicInteger(count);
        return new FcmRule(token -> left.getAndUpdate(n -> Math.max(0, n - 1)) > 0, reaction);
    }

    /**
     * Reads a rule from a line such as {@code always HANG}, {@code token=tok-1 UNREGISTERED}, {@code share=0.05/7 QUOTA:30}
     * (the number after the slash is the seed) or {@code next=3 SLOW:200}: what it takes, the reaction's name, and for some
     * names an argument, {@code Retry-After} for QUOTA, DEVICE_QUOTA and UNAVAILABLE, milliseconds for SLOW, bytes for HUGE.
     *
     * @throws IllegalArgumentException if it is no such line
     */
    public static FcmRule parse(String line) {
        String[] parts = line.trim().split("\\s+", 2);
        if (parts.length != 2) {
            throw new IllegalArgumentException("a rule is: which requests, a space, what happens");
        }
        FcmReaction reaction = reaction(parts[1]);
        String[] match = parts[0].split("=", 2);
        String value = match.length == 2 ? match[1] : "";
        return switch (match[0]) {
            case "always" -> always(reaction);
            case "token" -> token(value, reaction);
            case "next" -> next(Integer.parseInt(value), reaction);
            case "share" -> {
                String[] shareAndSeed = value.split("/", 2);
                long seed = shareAndSeed.length == 2 ? Long.parseLong(shareAndSeed[1]) : 1;
                yield share(Double.parseDouble(shareAndSeed[0]), seed, reaction);
            }
            default -> throw new IllegalArgumentException("a rule begins with always, token=, share= or next=");
        };
    }

    private static FcmReaction reaction(String text) {
        String[] parts = text.split(":", 2);
        Function<String, FcmReaction> named = NAMED.get(parts[0].toUpperCase(Locale.ROOT));
        if (named == null) {
            throw new IllegalArgumentException("what happens is one of " + NAMED.keySet());
        }
        return named.apply(parts.length == 2 ? parts[1] : "");
    }

    private static FcmReaction waiting(FcmReaction reaction, String retryAfter) {
        return retryAfter.isEmpty() ? reaction : reaction.retryAfter(retryAfter);
    }

    /** Whether it takes the request; a rule that counts counts it. */
    boolean takes(String token) {
        return takes.test(token);
    }

    FcmReaction reaction() {
        return reaction;
    }
}
