package io.lanying.protocol.token;

import io.lanying.protocol.Persisted;
import io.lanying.protocol.channel.ChannelId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A vendor token's owner after its first {@code eventSeq} events.
 *
 * @param owner absent before the first claim
 * @param losers devices that had it before, oldest first
 */
public record TokenOwnerSnapshot(long eventSeq, Instant at, Optional<Owned> owner, List<Loser> losers)
        implements Persisted {

    public TokenOwnerSnapshot {
        losers = losers == null ? List.of() : List.copyOf(losers);
    }

    /** The claim that holds. */
    public record Owned(String deviceId, ChannelId channel, String token, Instant since) implements Persisted {}

    /**
     * A claim that was lost.
     *
     * @param told whether the device has answered that it knows
     */
    public record Loser(String deviceId, Instant since, boolean told) implements Persisted {}
}
