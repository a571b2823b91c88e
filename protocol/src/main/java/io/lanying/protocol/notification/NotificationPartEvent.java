package io.lanying.protocol.notification;

import io.lanying.protocol.Persisted;
import java.time.Instant;
import java.util.List;

/** What happened to a notification's companion. */
public sealed interface NotificationPartEvent extends Persisted {

    /** When it happened: the later of the previous event's time and the node's clock. */
    Instant at();

    /** Devices said what became of the notification; only what was news. */
    record FatesKept(Instant at, List<DeviceFate> fates) implements NotificationPartEvent {

        public FatesKept {
            fates = fates == null ? List.of() : List.copyOf(fates);
        }
    }
}
