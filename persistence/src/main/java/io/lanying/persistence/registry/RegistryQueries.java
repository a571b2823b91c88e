package io.lanying.persistence.registry;

import io.lanying.protocol.registry.DeviceRow;
import io.lanying.protocol.registry.MemberRow;
import io.lanying.protocol.registry.TenantRow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Reads the registry. Pages leave deleted devices and tenants out. Every stage that fails means unavailable: repeat.
 */
public interface RegistryQueries {

    /** The most rows of a page. */
    int MAX_LIMIT = 1_000;

    /**
     * The device's row, also after its deletion, which {@link DeviceRow#deleted} tells: a deleted device still answers repeats
     * of what it once accepted. Whoever shows the row looks at that first. Empty if there never was such a device.
     */
    CompletionStage<Optional<DeviceRow>> device(String tenant, String deviceId);

    /**
     * The next devices of a tenant by device id (byte order).
     *
     * @param after the last device id of the page before
     * @param limit 1 to {@link #MAX_LIMIT}
     */
    CompletionStage<Page<DeviceRow>> devices(String tenant, DeviceFilter filter, Optional<String> after, int limit);

    /** The next tenants by id (byte order); {@code after} and {@code limit} as for devices. */
    CompletionStage<Page<TenantRow>> tenants(Optional<String> after, int limit);

    /**
     * The next conversations of a user by id (byte order); {@code after} and {@code limit} as for devices.
     *
     * @param since only what changed from then on, and of that also what the user is in no more; absent: all that the user is in
     */
    CompletionStage<Page<MemberRow>> conversations(
            String tenant, String userId, Optional<Instant> since, Optional<String> after, int limit);

    /** What the devices of a page have; all that is given must hold. */
    record DeviceFilter(Optional<String> userId, Optional<String> tag, Optional<String> alias) {

        /** Every device of the tenant. */
        public static final DeviceFilter ANY = new DeviceFilter(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * Some rows, in order.
     *
     * @param next what to give as {@code after} for the next page; empty if this is the last
     */
    record Page<T>(List<T> rows, Optional<String> next) {

        public Page {
            rows = List.copyOf(rows);
        }
    }
}
