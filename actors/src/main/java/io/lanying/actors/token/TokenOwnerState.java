package io.lanying.actors.token;

import io.lanying.protocol.token.TokenOwnerCommand.Claim;
import io.lanying.protocol.token.TokenOwnerEvent;
import io.lanying.protocol.token.TokenOwnerEvent.LoserTold;
import io.lanying.protocol.token.TokenOwnerEvent.TokenClaimed;
import io.lanying.protocol.token.TokenOwnerSnapshot;
import io.lanying.protocol.token.TokenOwnerSnapshot.Loser;
import io.lanying.protocol.token.TokenOwnerSnapshot.Owned;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A vendor token's owner as the fold of its events: no clock, no random, no I/O.
 *
 * <p>Claims win in the order they arrive here, so that no clocks of different nodes are compared; a claim that was lost is
 * known by its device and time, and does not win when it is repeated. Remembers the last {@link #MAX_LOSERS} losers.
 */
public record TokenOwnerState(TokenOwnerSnapshot snapshot) {

    /** A claim is repeated for seconds, until it is answered: by then so many others cannot have followed. */
    static final int MAX_LOSERS = 16;

    /** Before the first event. */
    public static TokenOwnerState initial() {
        return new TokenOwnerState(new TokenOwnerSnapshot(0, Instant.EPOCH, Optional.empty(), List.of()));
    }

    /** Whether this claim is news, and not an old one or the one that holds. */
    boolean isNew(Claim claim) {
        boolean holds = snapshot.owner()
                .filter(owner -> owner.deviceId().equals(claim.deviceId())
                        && !owner.since().isBefore(claim.since()))
                .isPresent();
        boolean lost = snapshot.losers().stream()
                .anyMatch(loser -> loser.deviceId().equals(claim.deviceId())
                        && !loser.since().isBefore(claim.since()));
        return !holds && !lost;
    }

    /** Those who lost the token and do not know it yet. */
    List<Loser> untold() {
        return snapshot.losers().stream().filter(loser -> !loser.told()).toList();
    }

    /** The state after one more event. */
    public TokenOwnerState apply(TokenOwnerEvent event) {
        return event instanceof TokenClaimed claimed ? onClaimed(claimed) : onTold((LoserTold) event);
    }

    private TokenOwnerState onClaimed(TokenClaimed event) {
        var losers = new ArrayList<>(snapshot.losers());
        losers.removeIf(loser -> loser.deviceId().equals(event.deviceId()));
        snapshot.owner()
                .filter(owner -> !owner.deviceId().equals(event.deviceId()))
                .ifPresent(owner -> losers.add(new Loser(owner.deviceId(), owner.since(), false)));
        var owner = new Owned(event.deviceId(), event.channel(), event.token(), event.since());
        return next(
                event.at(), Optional.of(owner), losers.subList(Math.max(0, losers.size() - MAX_LOSERS), losers.size()));
    }

    private TokenOwnerState onTold(LoserTold event) {
        var losers = snapshot.losers().stream()
                .map(loser -> loser.deviceId().equals(event.deviceId())
                        ? new Loser(loser.deviceId(), loser.since(), true)
                        : loser)
                .toList();
        return next(event.at(), snapshot.owner(), losers);
    }

    private TokenOwnerState next(Instant at, Optional<Owned> owner, List<Loser> losers) {
        return new TokenOwnerState(new TokenOwnerSnapshot(snapshot.eventSeq() + 1, at, owner, losers));
    }
}
