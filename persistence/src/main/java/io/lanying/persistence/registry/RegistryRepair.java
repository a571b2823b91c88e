package io.lanying.persistence.registry;

import akka.Done;
import io.lanying.persistence.database.Database;
import io.lanying.protocol.registry.DeviceRow;
import io.lanying.protocol.registry.RegistryWriter;
import io.lanying.protocol.registry.TenantRow;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/**
 * Holds the registry against rows folded from the journal and writes those that are missing or wrong, as their entities would:
 * a row of a newer version is never replaced. Harmless while nodes run, and harmless to repeat.
 */
public final class RegistryRepair {

    /** A row that its own entity writes at the same moment can fail this one: a further try finds it there. */
    private static final int TRIES = 3;

    private static final String TAGS =
            "SELECT tag FROM device_tag WHERE tenant = :tenant AND device_id = :device ORDER BY tag";

    private final Database database;
    private final RegistryWriter writer;

    public RegistryRepair(Database database, RegistryWriter writer) {
        this.database = database;
        this.writer = writer;
    }

    /**
     * What became of some rows.
     *
     * @param written missing or wrong ones
     * @param newer those of which the registry has a newer version, which was left
     */
    public record Result(int written, int newer) {}

    private enum Found {
        RIGHT,
        WRONG,
        NEWER
    }

    private record Comparison(List<DeviceRow> devices, List<TenantRow> tenants, int newer) {}

    /** Repairs these rows of different entities. A failed stage means that some may be written: repeat. */
    public CompletionStage<Result> repair(List<DeviceRow> devices, List<TenantRow> tenants) {
        return database.read(handle -> compare(handle, devices, tenants)).thenCompose(comparison -> {
            List<CompletionStage<Done>> writes = new ArrayList<>();
            comparison.devices.forEach(row -> writes.add(write(() -> writer.write(row), 1)));
            comparison.tenants.forEach(row -> writes.add(write(() -> writer.write(row), 1)));
            return all(writes).thenApply(done -> new Result(writes.size(), comparison.newer));
        });
    }

    private static CompletionStage<Done> write(Supplier<CompletionStage<Done>> row, int tryNumber) {
        return row.get()
                .exceptionallyCompose(failure ->
                        tryNumber < TRIES ? write(row, tryNumber + 1) : CompletableFuture.failedFuture(failure));
    }

    private static CompletionStage<Done> all(List<CompletionStage<Done>> writes) {
        CompletionStage<Done> all = CompletableFuture.completedFuture(Done.getInstance());
        for (CompletionStage<Done> write : writes) {
            all = all.thenCombine(write, (one, other) -> other);
        }
        return all;
    }

    private static Comparison compare(Handle handle, List<DeviceRow> devices, List<TenantRow> tenants) {
        List<DeviceRow> wrongDevices = new ArrayList<>();
        List<TenantRow> wrongTenants = new ArrayList<>();
        int newer = 0;
        for (DeviceRow device : devices) {
            Found found = find(handle, device);
            newer += found == Found.NEWER ? 1 : 0;
            if (found == Found.WRONG) {
                wrongDevices.add(device);
            }
        }
        for (TenantRow tenant : tenants) {
            Found found = find(handle, tenant);
            newer += found == Found.NEWER ? 1 : 0;
            if (found == Found.WRONG) {
                wrongTenants.add(tenant);
            }
        }
        return new Comparison(wrongDevices, wrongTenants, newer);
    }

    private static Found find(Handle handle, DeviceRow expected) {
        Optional<DeviceRow> present = JdbcRegistryQueries.device(handle, expected.tenant(), expected.deviceId());
        if (present.filter(row -> row.version() > expected.version()).isPresent()) {
            return Found.NEWER;
        }
        List<String> tags = handle.createQuery(TAGS)
                .bind("tenant", expected.tenant())
                .bind("device", expected.deviceId())
                .mapTo(String.class)
                .list();
        boolean right = present.filter(row -> says(row, expected)).isPresent()
                && new TreeSet<>(tags).equals(new TreeSet<>(expected.tags()));
        return right ? Found.RIGHT : Found.WRONG;
    }

    private static Found find(Handle handle, TenantRow expected) {
        Optional<TenantRow> present = JdbcRegistryQueries.tenant(handle, expected.tenantId());
        if (present.filter(row -> row.version() > expected.version()).isPresent()) {
            return Found.NEWER;
        }
        return present.filter(row -> says(row, expected)).isPresent() ? Found.RIGHT : Found.WRONG;
    }

    /** Apart from the version: most events change nothing that a row says. Of the deleted nothing else is said. */
    private static boolean says(DeviceRow present, DeviceRow expected) {
        if (present.deleted() || expected.deleted()) {
            return present.deleted() && expected.deleted();
        }
        return new DeviceRow(
                        expected.tenant(),
                        expected.deviceId(),
                        expected.userId(),
                        expected.platform(),
                        expected.alias(),
                        expected.tags(),
                        expected.locale(),
                        expected.timezone(),
                        expected.appVersion(),
                        expected.registeredAt().truncatedTo(ChronoUnit.MILLIS),
                        present.version(),
                        false)
                .equals(present);
    }

    private static boolean says(TenantRow present, TenantRow expected) {
        if (present.deleted() || expected.deleted()) {
            return present.deleted() && expected.deleted();
        }
        return present.name().equals(expected.name())
                && present.createdAt().equals(expected.createdAt().truncatedTo(ChronoUnit.MILLIS));
    }
}
