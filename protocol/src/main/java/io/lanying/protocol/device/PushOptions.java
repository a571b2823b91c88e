package io.lanying.protocol.device;

import io.lanying.protocol.Persisted;
import io.lanying.protocol.Remoted;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a push is brought, where it differs from {@link #DEFAULT}.
 *
 * @param ackTimeoutSeconds how long after it was handed to a session the acknowledgement may take before the vendor is used
 * @param channelOrder vendor channels to try first, in this order; others follow in the order of registration
 * @param badge absent: the number stays untouched
 */
public record PushOptions(
        Strategy strategy, int ackTimeoutSeconds, List<String> channelOrder, Category category, Optional<Badge> badge)
        implements Persisted, Remoted {

    /** What a push without options has (api.md §2). */
    public static final PushOptions DEFAULT =
            new PushOptions(Strategy.COMBINED, 10, List.of(), Category.STANDARD, Optional.empty());

    public PushOptions {
        channelOrder = channelOrder == null ? List.of() : List.copyOf(channelOrder);
    }

    public Duration ackTimeout() {
        return Duration.ofSeconds(ackTimeoutSeconds);
    }

    /** These options without a change of the number on the icon. */
    public PushOptions withoutBadge() {
        return new PushOptions(strategy, ackTimeoutSeconds, channelOrder, category, Optional.empty());
    }

    /** These options as they are stored: not at all where they are the default. */
    public Optional<PushOptions> unlessDefault() {
        return equals(DEFAULT) ? Optional.empty() : Optional.of(this);
    }
}
