package io.lanying.persistence.registry;

import static io.lanying.persistence.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.Done;
import io.lanying.persistence.ForEachStore;
import io.lanying.persistence.StoreTest;
import io.lanying.persistence.registry.RegistryQueries.DeviceFilter;
import io.lanying.persistence.registry.RegistryQueries.Page;
import io.lanying.protocol.registry.DeviceRow;
import io.lanying.protocol.registry.TenantRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

@ForEachStore
class RegistryTest extends StoreTest {

    private static final Instant AT = Instant.parse("2026-11-20T10:00:00.123Z");

    @Test
    void aDeviceIsReadAsItWasWritten() {
        DeviceRow row = device("read", "d1", 3, List.of("beta", "vip"));
        write(row);
        assertThat(await(queries().device("read", "d1"))).contains(row);
        assertThat(await(queries().device("read", "d2"))).isEmpty();
        assertThat(await(queries().device("other", "d1"))).isEmpty();
    }

    @Test
    void anOlderRowNeverReplacesANewerOne() {
        write(device("versions", "d", 5, List.of("new")));
        write(device("versions", "d", 4, List.of("old")));
        assertThat(await(queries().device("versions", "d"))).contains(device("versions", "d", 5, List.of("new")));
        assertThat(ids("versions", tag("old"))).isEmpty();
        assertThat(ids("versions", tag("new"))).containsExactly("d");

        write(device("versions", "d", 6, List.of("newest")));
        assertThat(ids("versions", tag("new"))).isEmpty();
        assertThat(ids("versions", tag("newest"))).containsExactly("d");
    }

    @Test
    void manyVersionsAtOnceLeaveTheNewest() {
        List<CompletionStage<Done>> writes = new ArrayList<>();
        for (int version = 1; version <= 300; version++) {
            // 4 and 301 have no common factor: each version comes once, in a mixed order.
            int mixed = version * 4 % 301;
            writes.add(node.persistence.registryWriter().write(device("race", "d", mixed, List.of("v" + mixed))));
        }
        writes.forEach(write -> await(write));
        assertThat(await(queries().device("race", "d"))).contains(device("race", "d", 300, List.of("v300")));
        assertThat(node.number("SELECT COUNT(*) FROM device_tag WHERE tenant = 'race'"))
                .isEqualTo(1);
    }

    @Test
    void aDeletedDeviceStaysDeletedWhenAnOlderWriteComesLate() {
        DeviceRow row = device("deleted", "d", 2, List.of("t"));
        write(row);
        write(deleted(row, 3));
        write(row);
        assertThat(await(queries().device("deleted", "d"))).contains(deleted(row, 3));
        assertThat(ids("deleted", DeviceFilter.ANY)).isEmpty();
        assertThat(ids("deleted", tag("t"))).isEmpty();

        write(device("deleted", "d", 4, List.of("t")));
        assertThat(ids("deleted", tag("t"))).containsExactly("d");
    }

    @Test
    void pagesComeByIdAndNoneIsLeftOut() {
        for (String id : List.of("b", "B", "a", "~", "0", "_x", "a.b", "z")) {
            write(device("pages", id, 1, List.of("t")));
            write(device("other-pages", id, 1, List.of("t")));
        }
        assertThat(ids("pages", DeviceFilter.ANY)).containsExactly("0", "B", "_x", "a", "a.b", "b", "z", "~");
        assertThat(ids("pages", tag("t"))).containsExactly("0", "B", "_x", "a", "a.b", "b", "z", "~");
        Page<DeviceRow> exact = await(queries().devices("pages", DeviceFilter.ANY, Optional.of("a.b"), 3));
        assertThat(exact.next()).isEmpty();
    }

    @Test
    void allThatIsAskedForMustHold() {
        write(row("filter", "d1", Optional.of("u1"), Optional.of("a"), List.of("x", "y")));
        write(row("filter", "d2", Optional.of("u1"), Optional.of("b"), List.of("x")));
        write(row("filter", "d3", Optional.of("u2"), Optional.empty(), List.of("x")));
        assertThat(ids("filter", new DeviceFilter(Optional.of("u1"), Optional.empty(), Optional.empty())))
                .containsExactly("d1", "d2");
        assertThat(ids("filter", new DeviceFilter(Optional.of("u1"), Optional.of("y"), Optional.empty())))
                .containsExactly("d1");
        assertThat(ids("filter", new DeviceFilter(Optional.empty(), Optional.of("x"), Optional.of("b"))))
                .containsExactly("d2");
        assertThat(ids("filter", tag("x"))).containsExactly("d1", "d2", "d3");
    }

    @Test
    void oneBadRowDoesNotFailItsNeighbours() {
        List<CompletionStage<Done>> good = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            good.add(node.persistence.registryWriter().write(device("bad", "good" + i, 1, List.of())));
        }
        CompletionStage<Done> bad =
                node.persistence.registryWriter().write(device("bad", "x".repeat(65), 1, List.of()));
        for (int i = 20; i < 40; i++) {
            good.add(node.persistence.registryWriter().write(device("bad", "good" + i, 1, List.of())));
        }
        good.forEach(write -> await(write));
        assertThatThrownBy(() -> await(bad)).hasStackTraceContaining("65");
        assertThat(ids("bad", DeviceFilter.ANY)).hasSize(40);
    }

    @Test
    void tenantsAreVersionedAndPagedToo() {
        write(new TenantRow("t2", "Two", AT, 2, false));
        write(new TenantRow("t1", "One", AT, 1, false));
        write(new TenantRow("t2", "Old", AT, 1, false));
        write(new TenantRow("t3", "Three", AT, 1, false));
        write(new TenantRow("t3", "Three", AT, 2, true));
        Page<TenantRow> first = await(queries().tenants(Optional.empty(), 1));
        assertThat(first.rows()).containsExactly(new TenantRow("t1", "One", AT, 1, false));
        Page<TenantRow> second = await(queries().tenants(first.next(), 1));
        assertThat(second.rows()).containsExactly(new TenantRow("t2", "Two", AT, 2, false));
        assertThat(second.next()).isEmpty();
    }

    private RegistryQueries queries() {
        return node.persistence.registryQueries();
    }

    private void write(DeviceRow row) {
        await(node.persistence.registryWriter().write(row));
    }

    private void write(TenantRow row) {
        await(node.persistence.registryWriter().write(row));
    }

    /** All ids, read in pages of three. */
    private List<String> ids(String tenant, DeviceFilter filter) {
        List<String> ids = new ArrayList<>();
        Optional<String> after = Optional.empty();
        do {
            Page<DeviceRow> page = await(queries().devices(tenant, filter, after, 3));
            page.rows().forEach(row -> ids.add(row.deviceId()));
            after = page.next();
        } while (after.isPresent());
        return ids;
    }

    private static DeviceFilter tag(String tag) {
        return new DeviceFilter(Optional.empty(), Optional.of(tag), Optional.empty());
    }

    private static DeviceRow device(String tenant, String id, long version, List<String> tags) {
        return new DeviceRow(
                tenant,
                id,
                Optional.of("u"),
                "android",
                Optional.of("alias"),
                tags,
                Optional.of("zh-CN"),
                Optional.of("Asia/Shanghai"),
                Optional.of("1.2.3"),
                AT,
                version,
                false);
    }

    private static DeviceRow row(
            String tenant, String id, Optional<String> user, Optional<String> alias, List<String> tags) {
        return new DeviceRow(
                tenant,
                id,
                user,
                "ios",
                alias,
                tags,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                AT,
                1,
                false);
    }

    private static DeviceRow deleted(DeviceRow row, long version) {
        return new DeviceRow(
                row.tenant(),
                row.deviceId(),
                Optional.empty(),
                row.platform(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                row.registeredAt(),
                version,
                true);
    }
}
