package io.lanying.http.push;

import io.lanying.protocol.device.Fate;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A notification as the API shows it.
 *
 * @param status {@code pending} while a device may still get it, else {@code completed}
 * @param counts devices, by what became of it there
 * @param byChannel the same by the path it took; a device that no path has reached is in none
 */
record NotificationJson(
        String notificationId,
        String status,
        Instant acceptedAt,
        Map<String, Integer> counts,
        Map<String, Map<String, Integer>> byChannel) {

    private static final Set<Fate> BY_SOCKET = EnumSet.of(Fate.ACKNOWLEDGED, Fate.OPENED);

    /** The notification to one device. */
    static NotificationJson of(String notificationId, Instant acceptedAt, Fate fate) {
        var counts = new LinkedHashMap<String, Integer>();
        counts.put("targeted", 1);
        for (Fate each : Fate.values()) {
            if (each != Fate.NOT_TARGETED) {
                counts.put(each.wireName(), each == fate ? 1 : 0);
            }
        }
        return new NotificationJson(
                notificationId,
                fate == Fate.PENDING ? "pending" : "completed",
                acceptedAt,
                counts,
                BY_SOCKET.contains(fate) ? Map.of("socket", Map.of(fate.wireName(), 1)) : Map.of());
    }
}
