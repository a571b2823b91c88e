package io.lanying.protocol.token;

import io.lanying.protocol.Persisted;
import io.lanying.protocol.channel.ChannelId;
import java.time.Instant;

/** What happened to a vendor token. {@code at} never runs backwards within a journal. */
public sealed interface TokenOwnerEvent extends Persisted {

    Instant at();

    /** The token is this device's from here on; another device that had it lost it and has to be told. */
    record TokenClaimed(Instant at, String deviceId, ChannelId channel, String token, Instant since)
            implements TokenOwnerEvent {}

    /** A device that lost the token knows it. */
    record LoserTold(Instant at, String deviceId) implements TokenOwnerEvent {}
}
