package io.lanying.protocol.token;

import io.lanying.protocol.Remoted;

/** What a token's owner answers, after the journal has it. */
public sealed interface TokenOwnerReply extends Remoted {

    /** @param deviceId whose the token is now; another than the claimant's if a newer claim was there before */
    record Owner(String deviceId) implements TokenOwnerReply {}
}
