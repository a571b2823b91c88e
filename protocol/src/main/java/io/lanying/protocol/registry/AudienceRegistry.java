package io.lanying.protocol.registry;

import io.lanying.protocol.notification.Addressee;
import io.lanying.protocol.notification.Audience;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Who an audience is, page by page. A failed stage means unavailable: ask again. */
@FunctionalInterface
public interface AudienceRegistry {

    /** The most devices of a page. */
    int MAX_LIMIT = 500;

    /**
     * The next devices of an audience: those the registry has that were registered by then and are not deleted, each device
     * in one page at most. The work of a page is bounded by {@code limit}, whatever the size of the tenant, so a page may
     * be short, or empty, though more follow.
     *
     * @param registeredBy the latest time of registration that counts
     * @param after {@code next} of the page before
     * @param limit 1 to {@link #MAX_LIMIT}
     */
    CompletionStage<AudiencePage> page(
            String tenant, Audience audience, Instant registeredBy, Optional<String> after, int limit);

    /**
     * Some devices of an audience.
     *
     * @param next where the next page starts, to be kept as it is; empty if this is the last
     */
    record AudiencePage(List<Addressee> devices, Optional<String> next) {

        public AudiencePage {
            devices = List.copyOf(devices);
        }
    }
}
