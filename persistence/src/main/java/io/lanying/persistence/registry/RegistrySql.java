package io.lanying.persistence.registry;

import io.lanying.protocol.registry.DeviceRow;
import io.lanying.protocol.registry.TenantRow;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * Versioned upserts in SQL that both databases understand: update where the version is not older, then insert where there was
 * no row. Two writers of one new row can collide, which fails one transaction; an entity has one writer, so that is rare.
 */
final class RegistrySql {

    private static final String UPDATE_DEVICE = "UPDATE device_registry SET user_id = :userId, platform = :platform,"
            + " alias = :alias, tags = :tags, locale = :locale, timezone = :timezone, app_version = :appVersion,"
            + " registered_at_ms = :registeredAt, version = :version, deleted = :deleted"
            + " WHERE tenant = :tenant AND device_id = :deviceId AND version <= :version";
    private static final String INSERT_DEVICE =
            "INSERT INTO device_registry (tenant, device_id, user_id, platform, alias,"
                    + " tags, locale, timezone, app_version, registered_at_ms, version, deleted)"
                    + " SELECT :tenant, :deviceId, :userId, :platform, :alias, :tags, :locale, :timezone, :appVersion,"
                    + " :registeredAt, :version, :deleted WHERE NOT EXISTS"
                    + " (SELECT 1 FROM device_registry WHERE tenant = :tenant AND device_id = :deviceId)";
    private static final String DELETE_TAGS = "DELETE FROM device_tag WHERE tenant = :tenant AND device_id = :deviceId";
    private static final String INSERT_TAG =
            "INSERT INTO device_tag (tenant, tag, device_id) VALUES (:tenant, :tag, :deviceId)";
    private static final String UPDATE_TENANT = "UPDATE tenant_registry SET name = :name, created_at_ms = :createdAt,"
            + " version = :version, deleted = :deleted WHERE tenant = :tenant AND version <= :version";
    private static final String INSERT_TENANT =
            "INSERT INTO tenant_registry (tenant, name, created_at_ms, version, deleted)"
                    + " SELECT :tenant, :name, :createdAt, :version, :deleted"
                    + " WHERE NOT EXISTS (SELECT 1 FROM tenant_registry WHERE tenant = :tenant)";

    private RegistrySql() {}

    /** Writes rows of different devices and, where a row was taken, its tags. */
    static void writeDevices(Handle handle, List<DeviceRow> rows) {
        List<DeviceRow> written = upsert(handle, UPDATE_DEVICE, INSERT_DEVICE, rows, RegistrySql::bindDevice);
        rewriteTags(handle, written);
    }

    /** Writes rows of different tenants. */
    static void writeTenants(Handle handle, List<TenantRow> rows) {
        upsert(handle, UPDATE_TENANT, INSERT_TENANT, rows, RegistrySql::bindTenant);
    }

    /** Returns the rows that were not older than what was there. */
    private static <T> List<T> upsert(
            Handle handle, String update, String insert, List<T> rows, BiConsumer<PreparedBatch, T> bind) {
        List<T> written = new ArrayList<>(rows.size());
        List<T> rest = execute(handle, update, rows, bind, written);
        execute(handle, insert, rest, bind, written);
        return written;
    }

    /** Adds the rows that the statement took to {@code taken} and returns the others. */
    private static <T> List<T> execute(
            Handle handle, String sql, List<T> rows, BiConsumer<PreparedBatch, T> bind, List<T> taken) {
        List<T> rest = new ArrayList<>();
        if (rows.isEmpty()) {
            return rest;
        }
        try (PreparedBatch batch = handle.prepareBatch(sql)) {
            for (T row : rows) {
                bind.accept(batch, row);
                batch.add();
            }
            int[] counts = batch.execute();
            for (int i = 0; i < counts.length; i++) {
                (counts[i] == 0 ? rest : taken).add(rows.get(i));
            }
        }
        return rest;
    }

    private static void rewriteTags(Handle handle, List<DeviceRow> rows) {
        execute(handle, DELETE_TAGS, rows, RegistrySql::bindKey, new ArrayList<>());
        List<Tag> tags = rows.stream()
                .filter(row -> !row.deleted())
                .flatMap(row -> row.tags().stream().distinct().map(tag -> new Tag(row.tenant(), tag, row.deviceId())))
                .toList();
        execute(handle, INSERT_TAG, tags, RegistrySql::bindTag, new ArrayList<>());
    }

    private static void bindKey(PreparedBatch batch, DeviceRow row) {
        batch.bind("tenant", row.tenant()).bind("deviceId", row.deviceId());
    }

    private static void bindDevice(PreparedBatch batch, DeviceRow row) {
        bindKey(batch, row);
        batch.bind("userId", row.userId().orElse(null))
                .bind("platform", row.platform())
                .bind("alias", row.alias().orElse(null))
                .bindArray("tags", String.class, row.tags())
                .bind("locale", row.locale().orElse(null))
                .bind("timezone", row.timezone().orElse(null))
                .bind("appVersion", row.appVersion().orElse(null))
                .bind("registeredAt", row.registeredAt().toEpochMilli())
                .bind("version", row.version())
                .bind("deleted", row.deleted());
    }

    private static void bindTag(PreparedBatch batch, Tag tag) {
        batch.bind("tenant", tag.tenant()).bind("tag", tag.tag()).bind("deviceId", tag.deviceId());
    }

    private static void bindTenant(PreparedBatch batch, TenantRow row) {
        batch.bind("tenant", row.tenantId())
                .bind("name", row.name())
                .bind("createdAt", row.createdAt().toEpochMilli())
                .bind("version", row.version())
                .bind("deleted", row.deleted());
    }

    private record Tag(String tenant, String tag, String deviceId) {}
}
