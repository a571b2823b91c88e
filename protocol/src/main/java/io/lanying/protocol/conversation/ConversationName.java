package io.lanying.protocol.conversation;

import io.lanying.protocol.Persisted;
import io.lanying.protocol.Remoted;
import io.lanying.protocol.sealing.Sealed;

/**
 * A conversation's name.
 *
 * @param sealed under the tenant's key as field {@code name} of the conversation's id
 * @param fingerprint of the clear name under the same key: the same name again is no change
 */
public record ConversationName(Sealed sealed, String fingerprint) implements Persisted, Remoted {}
