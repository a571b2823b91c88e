package io.lanying.protocol.registry;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A device as audiences and lists see it.
 *
 * @param version the device's eventSeq behind this row: an older row never replaces a newer one
 * @param deleted a deleted device keeps its row, so that a late older write cannot bring it back
 */
public record DeviceRow(
        String tenant,
        String deviceId,
        Optional<String> userId,
        String platform,
        Optional<String> alias,
        List<String> tags,
        Optional<String> locale,
        Optional<String> timezone,
        Optional<String> appVersion,
        Instant registeredAt,
        long version,
        boolean deleted) {

    public DeviceRow {
        tags = List.copyOf(tags);
    }
}
