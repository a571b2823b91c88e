package io.lanying.http.push;

import io.lanying.protocol.device.Fate;
import io.lanying.protocol.notification.FateCount;
import io.lanying.protocol.notification.NotificationReply.View;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A notification as the API shows it.
 *
 * @param status of one to a device: {@code pending} while it may still get it, else {@code completed}; of one to many also
 *     {@code scheduled}, {@code sending}, {@code cancelled}, {@code recalling}, {@code recalled}
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

    /**
     * The notification to many. Whoever took it and has not said what became of it may still get it, or, when its time is over
     * and it never answered, is unknown.
     *
     * @param fates what devices said became of it
     */
    static NotificationJson of(String notificationId, View view, List<FateCount> fates, Instant now) {
        var byFate = new EnumMap<Fate, Integer>(Fate.class);
        var byChannel = new TreeMap<String, Map<String, Integer>>();
        int settled = 0;
        for (FateCount each : fates) {
            settled += each.devices();
            byFate.merge(each.fate(), each.devices(), Integer::sum);
            each.channel().ifPresent(channel -> byChannel
                    .computeIfAbsent(channel, any -> new TreeMap<>())
                    .merge(each.fate().wireName(), each.devices(), Integer::sum));
        }
        var sent = view.counts();
        int open = Math.max(0, sent.accepted() + sent.unknown() - settled);
        int unknown = now.isBefore(view.expiresAt()) ? 0 : Math.min(open, sent.unknown());
        byFate.merge(Fate.REFUSED, sent.refused(), Integer::sum);
        byFate.put(Fate.PENDING, open - unknown);
        var counts = new LinkedHashMap<String, Integer>();
        counts.put("targeted", settled + open + sent.refused());
        for (Fate each : Fate.values()) {
            if (each != Fate.NOT_TARGETED) {
                counts.put(each.wireName(), byFate.getOrDefault(each, 0));
            }
        }
        counts.put("unknown", unknown);
        counts.put(Fate.NOT_TARGETED.wireName(), sent.notTargeted());
        return new NotificationJson(
                notificationId, statusOf(view, open - unknown), view.acceptedAt(), counts, byChannel);
    }

    private static String statusOf(View view, int pending) {
        return switch (view.status()) {
            case SENT -> pending > 0 ? "pending" : "completed";
            case SCHEDULED, SENDING, CANCELLED, RECALLING, RECALLED ->
                view.status().name().toLowerCase(Locale.ROOT);
        };
    }
}
