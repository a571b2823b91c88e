package io.lanying.node;

import akka.actor.Address;
import akka.event.EventStream;
import akka.remote.PhiAccrualFailureDetector;
import com.typesafe.config.Config;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Akka's failure detector, which concludes from silence, and beside it what is known for certain: a node whose process has ended is
 * not available from that moment on. Without this a member that was downed stays one until its silence is noticed. Named in
 * cluster.conf; made by Akka, one for each node that is monitored, with nothing to tell them but this class.
 */
public final class KnownEndDetector extends PhiAccrualFailureDetector {

    /** Shared by nodes of one JVM, for which the same is true. */
    private static final Set<String> ENDED = ConcurrentHashMap.newKeySet();

    /** For Akka. */
    public KnownEndDetector(Config config, EventStream events) {
        super(config, events);
    }

    /** Nothing is there any more, until {@link #forget}. */
    static void hasEnded(Address node) {
        ENDED.add(node.toString());
    }

    /** What comes at this address from now on is another node. */
    static void forget(Address node) {
        ENDED.remove(node.toString());
    }

    @Override
    public boolean isAvailable() {
        return !ENDED.contains(address()) && super.isAvailable();
    }
}
