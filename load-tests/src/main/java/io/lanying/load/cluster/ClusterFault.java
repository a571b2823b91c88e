package io.lanying.load.cluster;

import io.lanying.load.client.Builds;
import java.util.Locale;
import java.util.function.Supplier;

/** What happens to nodes and their database while services send, by the numbers of the fault matrix. */
@SuppressWarnings("ImmutableEnumChecker") // suppliers have no state
public enum ClusterFault {
    /** F1: one node dies, and the others, on its machine, see its process end; it starts again once they have taken over. */
    KILL_ONE(() -> new KilledOne(true)),
    /** F1 as well: as if its machine were lost, nobody sees anything but silence. */
    LOSE_ONE(() -> new KilledOne(false)),
    /** F2: all die at once, and start again at once. */
    KILL_ALL(KilledAll::new),
    /** F5: one node stops for three times as long as the others need to go on without it, and then goes on as if nothing was. */
    FREEZE(Frozen::new),
    /** F3: a new node joins, then an old one is asked to stop. */
    DRAIN(Drained::new),
    /** F19: a fourth node joins and is asked to stop, three times. */
    REBALANCE(Rebalanced::new),
    /** F3: each node of an earlier build ends by SIGTERM and starts again as this build, the oldest last. */
    UPGRADE(() -> new Replaced(Builds.EARLIER_THEN_THIS)),
    /** F3 the other way: an upgrade is taken back, node by node, after events of the newer build were written. */
    GO_BACK(() -> new Replaced(Builds.THIS_THEN_EARLIER)),
    /** F6: the database is stopped, or killed, and starts again. */
    DATABASE(Outage::new),
    /** F7: somebody locks the journal for 12 s. */
    LOCKED_JOURNAL(LockedJournal::new),
    /** F7 as well: each statement takes 300 ± 200 ms longer. */
    SLOW_DATABASE(SlowDatabase::new),
    /** F8: the journal's disk is full, and then has room again. */
    FULL_DISK(FullDisk::new),
    /** F9: others have all connections of the database. */
    CONNECTIONS(NoConnections::new),
    /** F4, two and one: a node reaches clients and the database, but not the others; it has to end by itself. */
    CUT_ONE(CutOne::new),
    /** F4, one and one and one: nobody has a majority, all have to end; their supervisors start them at once, the ways come back later. */
    CUT_ALL(CutAll::new),
    /** F4, flapping: a node's ways to the others come and go; whoever ends by it is started again. */
    FLAP(Flapping::new),
    /** F10: one node's clock is an hour ahead, then an hour behind. */
    WRONG_CLOCK(WrongClock::new),
    /** F15: a twentieth of the sockets reads a byte a second. */
    SLOW_CONSUMERS(SlowConsumers::new),
    /** F16: thousands of devices lose their connections in one moment and are back in the next. */
    RECONNECT_STORM(Stormed::new),
    /** F17: all is sent up to five times at once, across the death of a node. */
    DUPLICATES(Repeated::new),
    /** F18: one conversation gets nearly all that is sent. */
    HOT_CONVERSATION(HotConversation::new),
    /** F20: one device's journal has an event that cannot be decoded. */
    POISON(Poisoned::new);

    private final Supplier<Harm> harm;

    ClusterFault(Supplier<Harm> harm) {
        this.harm = harm;
    }

    /** For one run. */
    Harm newHarm() {
        return harm.get();
    }

    /** Which builds there are. */
    public Builds builds() {
        return newHarm().builds();
    }

    /** Whether it can only be had in namespaces of one's own. */
    boolean needsNamespaces() {
        return newHarm().needsNamespaces();
    }

    /** The name in results. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
