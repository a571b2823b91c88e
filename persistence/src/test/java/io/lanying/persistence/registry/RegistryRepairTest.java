package io.lanying.persistence.registry;

import static io.lanying.persistence.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.persistence.ForEachStore;
import io.lanying.persistence.Maintenance;
import io.lanying.persistence.StoreTest;
import io.lanying.persistence.registry.RegistryQueries.DeviceFilter;
import io.lanying.persistence.registry.RegistryRepair.Result;
import io.lanying.protocol.registry.DeviceRow;
import io.lanying.protocol.registry.TenantRow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@ForEachStore
class RegistryRepairTest extends StoreTest {

    /** Events have microseconds, rows milliseconds. */
    private static final Instant AT = Instant.parse("2026-11-20T10:00:00.123456Z");

    @Test
    void whatIsRightIsLeftThoughItsVersionIsOlder() {
        write(device("right", "d", 3, "alias", "x", "y"));
        write(new TenantRow("right", "Right", AT, 1, false));

        assertThat(repair(device("right", "d", 9, "alias", "x", "y"))).isEqualTo(new Result(0, 0));
        assertThat(repair(new TenantRow("right", "Right", AT, 4, false))).isEqualTo(new Result(0, 0));
        assertThat(version("right", "d")).isEqualTo(3);
    }

    @Test
    void whatIsMissingOrWrongIsWritten() {
        for (String id : List.of("alias", "tags", "row-tags", "user", "undead")) {
            write(device("wrong", id, 3, "right", "x", "y"));
        }
        write(new TenantRow("wrong", "Right", AT, 1, false));
        node.execute("UPDATE device_registry SET alias = 'damaged' WHERE tenant = 'wrong' AND device_id = 'alias'");
        node.execute("DELETE FROM device_tag WHERE tenant = 'wrong' AND device_id = 'tags' AND tag = 'y'");
        node.execute("UPDATE device_registry SET tags = ARRAY['z'] WHERE tenant = 'wrong' AND device_id = 'row-tags'");
        node.execute("UPDATE device_registry SET user_id = NULL WHERE tenant = 'wrong' AND device_id = 'user'");
        node.execute("UPDATE device_registry SET deleted = TRUE WHERE tenant = 'wrong' AND device_id = 'undead'");
        node.execute("UPDATE tenant_registry SET name = 'damaged' WHERE tenant = 'wrong'");

        for (String id : List.of("alias", "tags", "row-tags", "user", "undead", "missing")) {
            DeviceRow right = device("wrong", id, 3, "right", "x", "y");
            assertThat(repair(right)).as(id).isEqualTo(new Result(1, 0));
            assertThat(repair(right)).as(id + " again").isEqualTo(new Result(0, 0));
        }
        assertThat(repair(new TenantRow("wrong", "Right", AT, 1, false))).isEqualTo(new Result(1, 0));
        assertThat(repair(new TenantRow("wrong", "Right", AT, 1, false))).isEqualTo(new Result(0, 0));
        for (String tag : List.of("x", "y")) {
            var tagged = new DeviceFilter(Optional.empty(), Optional.of(tag), Optional.of("right"));
            assertThat(await(node.persistence.registryQueries().devices("wrong", tagged, Optional.empty(), 10))
                            .rows())
                    .hasSize(6)
                    .allMatch(row -> row.userId().equals(Optional.of("u")));
        }
    }

    @Test
    void aNewerRowIsNeverReplaced() {
        write(device("newer", "d", 7, "newer", "n"));
        write(new TenantRow("newer", "Newer", AT, 7, false));

        assertThat(repair(device("newer", "d", 6, "older", "o"))).isEqualTo(new Result(0, 1));
        assertThat(repair(new TenantRow("newer", "Older", AT, 6, false))).isEqualTo(new Result(0, 1));
        assertThat(await(node.persistence.registryQueries().device("newer", "d")))
                .hasValueSatisfying(row -> assertThat(row.alias()).contains("newer"));
    }

    @Test
    void theDeletedGetTheirRowsBackToo() {
        DeviceRow deleted = deleted("gone", "d", 2);
        assertThat(repair(deleted)).isEqualTo(new Result(1, 0));
        assertThat(await(node.persistence.registryQueries().device("gone", "d")))
                .hasValueSatisfying(row -> assertThat(row.deleted()).isTrue());
        assertThat(repair(deleted("gone", "d", 5))).isEqualTo(new Result(0, 0));
        write(device("gone", "d", 1, "late", "late"));
        assertThat(await(node.persistence.registryQueries().device("gone", "d")))
                .hasValueSatisfying(row -> assertThat(row.deleted()).isTrue());
    }

    private Result repair(DeviceRow row) {
        return await(Maintenance.open(node.system).registry().repair(List.of(row), List.of()));
    }

    private Result repair(TenantRow row) {
        return await(Maintenance.open(node.system).registry().repair(List.of(), List.of(row)));
    }

    private long version(String tenant, String device) {
        return node.number(
                "SELECT version FROM device_registry WHERE tenant = '" + tenant + "' AND device_id = '" + device + "'");
    }

    private void write(DeviceRow row) {
        await(node.persistence.registryWriter().write(row));
    }

    private void write(TenantRow row) {
        await(node.persistence.registryWriter().write(row));
    }

    private static DeviceRow device(String tenant, String id, long version, String alias, String... tags) {
        return new DeviceRow(
                tenant,
                id,
                Optional.of("u"),
                "android",
                Optional.of(alias),
                List.of(tags),
                Optional.empty(),
                Optional.of("Asia/Shanghai"),
                Optional.empty(),
                AT,
                version,
                false);
    }

    private static DeviceRow deleted(String tenant, String id, long version) {
        return new DeviceRow(
                tenant,
                id,
                Optional.empty(),
                "none",
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                AT.plusSeconds(version),
                version,
                true);
    }
}
