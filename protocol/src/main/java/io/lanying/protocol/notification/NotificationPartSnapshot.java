package io.lanying.protocol.notification;

import io.lanying.protocol.Persisted;
import java.time.Instant;
import java.util.List;

/** A notification's companion after its first {@code eventSeq} events. */
public record NotificationPartSnapshot(long eventSeq, Instant at, List<DeviceFate> fates) implements Persisted {

    public NotificationPartSnapshot {
        fates = fates == null ? List.of() : List.copyOf(fates);
    }
}
