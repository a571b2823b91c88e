package io.lanying.protocol.conversation;

import io.lanying.protocol.Persisted;
import io.lanying.protocol.Remoted;
import io.lanying.protocol.sealing.Sealed;

/**
 * A message's content as the journal holds it. It is sealed before the message has its number, so it has an id of its own.
 *
 * @param origin what it was sealed as field {@code content} of, under the sender's key
 * @param bytes its size in clear
 */
public record SealedContent(String origin, Sealed content, int bytes) implements Persisted, Remoted {}
