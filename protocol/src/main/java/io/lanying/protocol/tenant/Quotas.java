package io.lanying.protocol.tenant;

import io.lanying.protocol.Persisted;
import io.lanying.protocol.Remoted;
import java.util.Optional;

/**
 * How much of a node one tenant may take; what is absent is not limited. Each node counts for itself.
 *
 * @param notificationsPerSecond sent notifications and redeliveries, on average a second and as many at once
 * @param sockets devices' long connections at once
 * @param messagesPerSecond messages and edits in conversations, on average a second and as many at once
 * @param senderMessagesPerSecond the same of each sender
 */
public record Quotas(
        Optional<Integer> notificationsPerSecond,
        Optional<Integer> sockets,
        Optional<Integer> messagesPerSecond,
        Optional<Integer> senderMessagesPerSecond)
        implements Persisted, Remoted {

    /** Without a limit of messages. */
    public Quotas(Optional<Integer> notificationsPerSecond, Optional<Integer> sockets) {
        this(notificationsPerSecond, sockets, Optional.empty(), Optional.empty());
    }

    /** No limit of any kind. */
    public static final Quotas UNLIMITED = new Quotas(Optional.empty(), Optional.empty());
}
