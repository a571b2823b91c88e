package io.lanying.persistence.archive;

import io.lanying.protocol.EntityKind;
import io.lanying.protocol.device.DeviceSnapshot;
import io.lanying.protocol.device.DeviceSnapshot.OpenItem;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which events may be moved: what an entity, once recovered from its snapshot, reads by number no more. Conversations are left
 * alone, whose messages people read back at any age; and so are tenants, which have few events.
 */
final class Archivable {

    private static final Set<EntityKind> KINDS = EnumSet.of(
            EntityKind.DEVICE,
            EntityKind.USER,
            EntityKind.NOTIFICATION,
            EntityKind.NOTIFICATION_PART,
            EntityKind.POSITIONS,
            EntityKind.TOKEN_OWNER);

    private Archivable() {}

    static boolean is(EntityKind kind) {
        return KINDS.contains(kind);
    }

    /** The last event that may be moved, going by a snapshot, which is behind event {@code seq}. */
    static long upTo(long seq, Object snapshot) {
        return snapshot instanceof DeviceSnapshot device ? Math.min(seq, beforeOpenItems(device)) : seq;
    }

    /**
     * Bodies of open items are read when they are sent. An old item that is delivered again later has its body read through the
     * archive.
     */
    private static long beforeOpenItems(DeviceSnapshot device) {
        return device.stream().stream()
                        .flatMap(stream -> Stream.of(stream.open(), stream.vendorOnly(), stream.setAside()))
                        .flatMap(items -> items.stream())
                        .mapToLong(Archivable::firstNeeded)
                        .min()
                        .orElse(Long.MAX_VALUE)
                - 1;
    }

    private static long firstNeeded(OpenItem item) {
        return item.bodyAt() > 0 ? Math.min(item.bodyAt(), item.eventSeq()) : item.eventSeq();
    }
}
