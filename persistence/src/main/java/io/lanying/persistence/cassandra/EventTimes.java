package io.lanying.persistence.cassandra;

import akka.actor.typed.ActorSystem;
import akka.persistence.cassandra.BucketSize;
import akka.persistence.cassandra.PluginSettings;
import java.util.UUID;

/** The times of an event's row, made from the event's own instead of a clock, and so the same whenever they are made. */
final class EventTimes {

    /** From 1582-10-15, where such ids begin, to 1970, in units of 100 ns (RFC 9562, section 5.1). */
    private static final long EPOCH = 0x01B21DD213814000L;

    private static final long UNITS_OF_A_MILLISECOND = 10_000;

    /** The variant of RFC 9562, no clock sequence, and a node that is none of a network's: its multicast bit is set. */
    private static final long NOBODY = 0x8000_0100_0000_0000L;

    private final BucketSize bucket;

    private EventTimes(BucketSize bucket) {
        this.bucket = bucket;
    }

    static EventTimes of(ActorSystem<?> system) {
        return new EventTimes(PluginSettings.apply(
                        system.classicSystem(), system.settings().config().getConfig(CassandraSettings.PLUGIN))
                .eventsByTagSettings()
                .bucketSize());
    }

    /** A version 1 id within that millisecond, later for a higher number unless there are 10,000 between. */
    static UUID uuid(long millis, long seq) {
        long units = EPOCH + millis * UNITS_OF_A_MILLISECOND + seq % UNITS_OF_A_MILLISECOND;
        long high = (units << 32) | ((units >>> 16) & 0xFFFF_0000L) | 0x1000L | ((units >>> 48) & 0x0FFFL);
        return new UUID(high, NOBODY);
    }

    /** As the plug-in writes it. */
    String bucket(long millis) {
        return Long.toString(millis / bucket.durationMillis() * bucket.durationMillis());
    }
}
