package io.lanying.channels.actor;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.channel.ChannelCommand.Outcome;
import io.lanying.protocol.channel.ChannelCommand.Send;
import io.lanying.protocol.channel.VendorOutcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The requests that one channel of one tenant has accepted and not ended. It lives with the manager, so that a channel actor
 * that dies takes no request with it. Thread-safe.
 *
 * <p>Bounded twice: by what the channel may hold, and by what all channels of the node may hold together.
 */
final class Claims {

    /** What names a request. */
    private record Name(long ref, ActorRef<Outcome> replyTo) {}

    /** What became of an offered request. */
    enum Admission {
        ADMITTED,
        /** It is held already; its outcome is on the way. */
        HELD,
        /** The channel or the node holds as many as it may. */
        FULL
    }

    private final ConcurrentMap<Name, Claim> claims = new ConcurrentHashMap<>();
    private final int most;
    private final AtomicInteger onNode;
    private final int mostOnNode;
    private final ChannelMeters meters;

    Claims(int most, AtomicInteger onNode, int mostOnNode, ChannelMeters meters) {
        this.most = most;
        this.onNode = onNode;
        this.mostOnNode = mostOnNode;
        this.meters = meters;
    }

    /** Takes a request in. Only for the manager. */
    Admission admit(Send send) {
        Name name = nameOf(send);
        if (claims.containsKey(name)) {
            return Admission.HELD;
        }
        if (claims.size() >= most || onNode.get() >= mostOnNode) {
            return Admission.FULL;
        }
        onNode.incrementAndGet();
        claims.put(name, new Claim(this, send));
        return Admission.ADMITTED;
    }

    Optional<Claim> of(long ref, ActorRef<Outcome> replyTo) {
        return Optional.ofNullable(claims.get(new Name(ref, replyTo)));
    }

    /** Those not yet ended. */
    List<Claim> open() {
        return List.copyOf(claims.values());
    }

    boolean isEmpty() {
        return claims.isEmpty();
    }

    boolean holds(Claim claim) {
        return claims.get(nameOf(claim.send())) == claim;
    }

    boolean end(Claim claim, VendorOutcome outcome) {
        Send send = claim.send();
        if (!claims.remove(nameOf(send), claim)) {
            return false;
        }
        onNode.decrementAndGet();
        meters.ended(outcome.end());
        send.replyTo().tell(new Outcome(send.ref(), outcome));
        return true;
    }

    private static Name nameOf(Send send) {
        return new Name(send.ref(), send.replyTo());
    }
}
