package io.lanying.protocol.conversation;

import io.lanying.protocol.Persisted;
import io.lanying.protocol.Remoted;
import io.lanying.protocol.sealing.Sealed;
import java.util.Optional;

/**
 * A message's content as the journal holds it. It is sealed before the message has its number, so it has an id of its own.
 *
 * @param origin what it was sealed as field {@code content} of, under the sender's key
 * @param bytes its size in clear
 * @param push what a vendor is to show instead, sealed as field {@code push} of the origin; absent: what the content says
 */
public record SealedContent(String origin, Sealed content, int bytes, Optional<Sealed> push)
        implements Persisted, Remoted {

    /** One that a vendor shows as it is. */
    public SealedContent(String origin, Sealed content, int bytes) {
        this(origin, content, bytes, Optional.empty());
    }
}
