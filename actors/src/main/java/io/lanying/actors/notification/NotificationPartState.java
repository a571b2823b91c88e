package io.lanying.actors.notification;

import io.lanying.actors.EventTime;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.notification.DeviceFate;
import io.lanying.protocol.notification.FateCount;
import io.lanying.protocol.notification.NotificationPartEvent;
import io.lanying.protocol.notification.NotificationPartEvent.FatesKept;
import io.lanying.protocol.notification.NotificationPartSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * The fates of one share of a notification's devices, as the fold of events. Pure. Grows with the share: a 256th of the
 * audience.
 */
public record NotificationPartState(long eventSeq, Instant at, PMap<String, DeviceFate> fates) {

    /** Before the first event. */
    public static NotificationPartState initial() {
        return new NotificationPartState(0, Instant.EPOCH, HashTreePMap.empty());
    }

    /** What of these is news: the rest was kept before, or is older than what was. */
    List<DeviceFate> news(List<DeviceFate> reported) {
        var news = new HashMap<String, DeviceFate>();
        for (DeviceFate each : reported) {
            DeviceFate known = news.getOrDefault(each.deviceId(), fates.get(each.deviceId()));
            boolean changes = known == null
                    || known.fate() != each.fate()
                    || !known.channel().equals(each.channel());
            if (changes && (known == null || known.deviceSeq() < each.deviceSeq())) {
                news.put(each.deviceId(), each);
            }
        }
        return List.copyOf(news.values());
    }

    /** The state after one more event. */
    public NotificationPartState apply(NotificationPartEvent event) {
        var all = fates;
        for (DeviceFate each : ((FatesKept) event).fates()) {
            all = all.plus(each.deviceId(), each);
        }
        return new NotificationPartState(eventSeq + 1, event.at(), all);
    }

    /** The time of an event that happens now. */
    Instant timeOf(Instant now) {
        return EventTime.next(at, now);
    }

    List<FateCount> counts() {
        record Key(Fate fate, Optional<String> channel) {}
        Map<Key, Integer> counts = new HashMap<>();
        fates.values().forEach(each -> counts.merge(new Key(each.fate(), each.channel()), 1, Integer::sum));
        var result = new ArrayList<FateCount>();
        counts.forEach((key, devices) -> result.add(new FateCount(key.fate(), key.channel(), devices)));
        return result;
    }

    public NotificationPartSnapshot toSnapshot() {
        return new NotificationPartSnapshot(eventSeq, at, List.copyOf(fates.values()));
    }

    /** The state that the snapshot is of. */
    public static NotificationPartState fromSnapshot(NotificationPartSnapshot snapshot) {
        PMap<String, DeviceFate> fates = HashTreePMap.empty();
        for (DeviceFate each : snapshot.fates()) {
            fates = fates.plus(each.deviceId(), each);
        }
        return new NotificationPartState(snapshot.eventSeq(), snapshot.at(), fates);
    }
}
