package io.lanying.persistence.registry;

import io.lanying.persistence.database.Database;
import io.lanying.protocol.registry.DeviceRow;
import io.lanying.protocol.registry.MemberRow;
import io.lanying.protocol.registry.TenantRow;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** {@link RegistryQueries} by SQL that both databases understand; every page is read along an index. */
public final class JdbcRegistryQueries implements RegistryQueries {

    private static final String COLUMNS = "d.tenant, d.device_id, d.user_id, d.platform, d.alias, d.tags, d.locale,"
            + " d.timezone, d.app_version, d.registered_at_ms, d.version, d.deleted";
    private static final String ALL = " FROM device_registry d WHERE d.tenant = :tenant AND d.device_id > :after";
    private static final String BY_TAG = " FROM device_tag t JOIN device_registry d"
            + " ON d.tenant = t.tenant AND d.device_id = t.device_id"
            + " WHERE t.tenant = :tenant AND t.tag = :tag AND t.device_id > :after";

    private static final String TENANT = "SELECT tenant, name, created_at_ms, version, deleted FROM tenant_registry";

    private static final String CONVERSATIONS =
            "SELECT tenant, user_id, conversation_id, version, gone, changed_at_ms FROM conversation_member"
                    + " WHERE tenant = :tenant AND user_id = :user AND conversation_id > :after";

    private final Database database;

    public JdbcRegistryQueries(Database database) {
        this.database = database;
    }

    @Override
    public CompletionStage<Optional<DeviceRow>> device(String tenant, String deviceId) {
        return database.read(handle -> device(handle, tenant, deviceId));
    }

    static Optional<DeviceRow> device(Handle handle, String tenant, String deviceId) {
        return handle.createQuery("SELECT " + COLUMNS
                        + " FROM device_registry d WHERE d.tenant = :tenant AND d.device_id = :device")
                .bind("tenant", tenant)
                .bind("device", deviceId)
                .map((row, context) -> deviceRow(row))
                .findOne();
    }

    /** Also one that was deleted. */
    static Optional<TenantRow> tenant(Handle handle, String tenant) {
        return handle.createQuery(TENANT + " WHERE tenant = :tenant")
                .bind("tenant", tenant)
                .map((row, context) -> tenantRow(row))
                .findOne();
    }

    @Override
    public CompletionStage<Page<DeviceRow>> devices(
            String tenant, DeviceFilter filter, Optional<String> after, int limit) {
        checkLimit(limit);
        String sql = "SELECT " + COLUMNS + (filter.tag().isPresent() ? BY_TAG : ALL) + " AND NOT d.deleted"
                + (filter.userId().isPresent() ? " AND d.user_id = :user" : "")
                + (filter.alias().isPresent() ? " AND d.alias = :alias" : "")
                + (filter.tag().isPresent() ? " ORDER BY t.device_id" : " ORDER BY d.device_id")
                + " LIMIT :limit";
        return database.read(handle -> {
            Query query = handle.createQuery(sql)
                    .bind("tenant", tenant)
                    .bind("after", after.orElse(""))
                    .bind("limit", limit + 1);
            filter.tag().ifPresent(tag -> query.bind("tag", tag));
            filter.userId().ifPresent(user -> query.bind("user", user));
            filter.alias().ifPresent(alias -> query.bind("alias", alias));
            return page(query.map((row, context) -> deviceRow(row)).list(), limit, DeviceRow::deviceId);
        });
    }

    @Override
    public CompletionStage<Page<TenantRow>> tenants(Optional<String> after, int limit) {
        checkLimit(limit);
        String sql = TENANT + " WHERE tenant > :after AND NOT deleted ORDER BY tenant LIMIT :limit";
        return database.read(handle -> {
            List<TenantRow> rows = handle.createQuery(sql)
                    .bind("after", after.orElse(""))
                    .bind("limit", limit + 1)
                    .map((row, context) -> tenantRow(row))
                    .list();
            return page(rows, limit, TenantRow::tenantId);
        });
    }

    @Override
    public CompletionStage<Page<MemberRow>> conversations(
            String tenant, String userId, Optional<Instant> since, Optional<String> after, int limit) {
        checkLimit(limit);
        String sql = CONVERSATIONS + (since.isPresent() ? " AND changed_at_ms >= :since" : " AND NOT gone")
                + " ORDER BY conversation_id LIMIT :limit";
        return database.read(handle -> {
            Query query = handle.createQuery(sql)
                    .bind("tenant", tenant)
                    .bind("user", userId)
                    .bind("after", after.orElse(""))
                    .bind("limit", limit + 1);
            since.ifPresent(time -> query.bind("since", time.toEpochMilli()));
            return page(query.map((row, context) -> memberRow(row)).list(), limit, MemberRow::conversationId);
        });
    }

    private static MemberRow memberRow(ResultSet row) throws SQLException {
        return new MemberRow(
                row.getString("tenant"),
                row.getString("user_id"),
                row.getString("conversation_id"),
                row.getLong("version"),
                row.getBoolean("gone"),
                Instant.ofEpochMilli(row.getLong("changed_at_ms")));
    }

    /** One row more than asked for was read: it only says that there are more. */
    private static <T> Page<T> page(List<T> rows, int limit, Function<T, String> cursor) {
        if (rows.size() <= limit) {
            return new Page<>(rows, Optional.empty());
        }
        return new Page<>(rows.subList(0, limit), Optional.of(cursor.apply(rows.get(limit - 1))));
    }

    private static void checkLimit(int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit " + limit + " is not within 1 to " + MAX_LIMIT);
        }
    }

    private static DeviceRow deviceRow(ResultSet row) throws SQLException {
        return new DeviceRow(
                row.getString("tenant"),
                row.getString("device_id"),
                Optional.ofNullable(row.getString("user_id")),
                row.getString("platform"),
                Optional.ofNullable(row.getString("alias")),
                texts(row.getArray("tags")),
                Optional.ofNullable(row.getString("locale")),
                Optional.ofNullable(row.getString("timezone")),
                Optional.ofNullable(row.getString("app_version")),
                Instant.ofEpochMilli(row.getLong("registered_at_ms")),
                row.getLong("version"),
                row.getBoolean("deleted"));
    }

    private static TenantRow tenantRow(ResultSet row) throws SQLException {
        return new TenantRow(
                row.getString("tenant"),
                row.getString("name"),
                Instant.ofEpochMilli(row.getLong("created_at_ms")),
                row.getLong("version"),
                row.getBoolean("deleted"));
    }

    private static List<String> texts(Array array) throws SQLException {
        return Arrays.stream((Object[]) array.getArray()).map(String::valueOf).toList();
    }
}
