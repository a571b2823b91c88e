package io.lanying.protocol.channel;

import akka.actor.typed.ActorRef;

/**
 * What entities ask of their node's channels. Node-local: a request never crosses the network, because the entity and the
 * channel actor that serves it live and die together; the entity's journal and reminder bring it back elsewhere.
 */
public interface ChannelCommand {

    /**
     * Bring this to the vendor. Answered with exactly one {@link Outcome} while the node lives, at the latest when the item
     * expires.
     *
     * @param ref the caller's number for it, given back in the outcome; with {@code replyTo} it names the request
     */
    record Send(long ref, VendorRequest request, ActorRef<Outcome> replyTo) implements ChannelCommand {}

    /**
     * Give it up unless an attempt is under way, which then is the last. The outcome follows all the same. Ignored if it has
     * ended.
     */
    record Cancel(ChannelId channel, String tenant, long ref, ActorRef<Outcome> replyTo) implements ChannelCommand {}

    /** The end of a request. */
    record Outcome(long ref, VendorOutcome outcome) {}
}
