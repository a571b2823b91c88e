package io.lanying.protocol.token;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.Remoted;
import io.lanying.protocol.channel.ChannelId;
import java.time.Instant;

/** What can be asked of the owner of a vendor token. No reply means unknown: ask again. */
public sealed interface TokenOwnerCommand {

    /**
     * A device registered this token. Answered with {@code Owner} once that is in the journal; the device that had it before is
     * told until it answers.
     *
     * @param token the token's fingerprint
     * @param since when that device first registered it: a repeat of a claim that was lost meanwhile does not win it back
     */
    record Claim(String deviceId, ChannelId channel, String token, Instant since, ActorRef<TokenOwnerReply> replyTo)
            implements TokenOwnerCommand, Remoted {}

    /** A reminder fired. Harmless when needless. */
    record Wake(long reminderVersion) implements TokenOwnerCommand, Remoted {}

    /** Messages of the entity to itself; never leave its node. */
    non-sealed interface Internal extends TokenOwnerCommand {}
}
