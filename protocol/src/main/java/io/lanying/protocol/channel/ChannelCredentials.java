package io.lanying.protocol.channel;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Where a node's channels get their credentials from. A failed stage means unavailable: ask again. */
@FunctionalInterface
public interface ChannelCredentials {

    /** The tenant's present credential for this channel; empty if it has none. */
    CompletionStage<Optional<ChannelCredential>> current(String tenant, ChannelId channel);
}
