package io.lanying.persistence.registry;

import io.lanying.persistence.database.Database;
import io.lanying.protocol.notification.Addressee;
import io.lanying.protocol.notification.Audience;
import io.lanying.protocol.registry.AudienceRegistry;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * {@link AudienceRegistry} over the registry's rows. A page reads at most {@code limit} rows of each index range that it
 * follows and leaves out afterwards what does not belong. Users and aliases go {@value #CHUNK} at a time; their cursor names
 * the chunk and the last device in it.
 */
public final class JdbcAudienceRegistry implements AudienceRegistry {

    private static final int CHUNK = 50;

    private final Database database;

    public JdbcAudienceRegistry(Database database) {
        this.database = database;
    }

    @Override
    public CompletionStage<AudiencePage> page(
            String tenant, Audience audience, Instant registeredBy, Optional<String> after, int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit " + limit + " is not within 1 to " + MAX_LIMIT);
        }
        return switch (audience.kind()) {
            case DEVICES -> listed(tenant, audience.ids(), registeredBy, after.orElse(""), limit);
            case USERS, ALIASES -> chunked(tenant, audience, registeredBy, Position.of(after), limit);
            case TAGS -> tagged(tenant, audience, registeredBy, after.orElse(""), limit);
            case EVERYONE ->
                read(AudienceSql.everyone(tenant, after.orElse(""), limit + 1))
                        .thenApply(rows -> page(rows, audience, registeredBy, limit));
        };
    }

    private CompletionStage<AudiencePage> listed(
            String tenant, List<String> ids, Instant registeredBy, String after, int limit) {
        var rest = ids.stream().filter(id -> id.compareTo(after) > 0).toList();
        var now = rest.subList(0, Math.min(limit, rest.size()));
        if (now.isEmpty()) {
            return CompletableFuture.completedFuture(new AudiencePage(List.of(), Optional.empty()));
        }
        var next = rest.size() > limit ? Optional.of(now.get(limit - 1)) : Optional.<String>empty();
        return read(AudienceSql.listed(tenant, now)).thenApply(rows -> {
            var devices = rows.stream().filter(row -> row.isThere(registeredBy));
            return new AudiencePage(
                    devices.map(row -> row.toAddressee(Audience.Kind.DEVICES)).toList(), next);
        });
    }

    private CompletionStage<AudiencePage> chunked(
            String tenant, Audience audience, Instant registeredBy, Position from, int limit) {
        var labels = audience.ids();
        int start = from.chunk() * CHUNK;
        if (start >= labels.size()) {
            return CompletableFuture.completedFuture(new AudiencePage(List.of(), Optional.empty()));
        }
        var chunk = labels.subList(start, Math.min(start + CHUNK, labels.size()));
        var sql = audience.kind() == Audience.Kind.USERS
                ? AudienceSql.ofUsers(tenant, chunk, from.deviceId(), limit + 1)
                : AudienceSql.withAliases(tenant, chunk, from.deviceId(), limit + 1);
        return read(sql).thenApply(rows -> {
            var page = page(rows, audience, registeredBy, limit);
            var next = page.next()
                    .map(deviceId -> new Position(from.chunk(), deviceId).toCursor())
                    .or(() -> start + CHUNK < labels.size()
                            ? Optional.of(new Position(from.chunk() + 1, "").toCursor())
                            : Optional.empty());
            return new AudiencePage(page.devices(), next);
        });
    }

    private CompletionStage<AudiencePage> tagged(
            String tenant, Audience audience, Instant registeredBy, String after, int limit) {
        AudienceSql sql;
        if (!audience.tagsAny().isEmpty()) {
            sql = AudienceSql.withTags(tenant, audience.tagsAny(), after, limit + 1);
        } else if (!audience.tagsAll().isEmpty()) {
            sql = AudienceSql.withTags(tenant, audience.tagsAll().subList(0, 1), after, limit + 1);
        } else if (!audience.tagsNone().isEmpty()) {
            sql = AudienceSql.everyone(tenant, after, limit + 1);
        } else {
            return CompletableFuture.completedFuture(new AudiencePage(List.of(), Optional.empty()));
        }
        return read(sql).thenApply(rows -> page(rows, audience, registeredBy, limit));
    }

    private CompletionStage<List<Row>> read(AudienceSql sql) {
        return database.read(
                handle -> sql.on(handle, "").map((row, context) -> row(row)).list());
    }

    /** One row more than asked for was read: it only says that there are more. */
    private static AudiencePage page(List<Row> rows, Audience audience, Instant registeredBy, int limit) {
        var read = rows.subList(0, Math.min(limit, rows.size()));
        var devices = read.stream()
                .filter(row -> row.isThere(registeredBy) && row.fits(audience))
                .map(row -> row.toAddressee(audience.kind()))
                .toList();
        return new AudiencePage(
                devices, rows.size() > limit ? Optional.of(rows.get(limit - 1).deviceId()) : Optional.empty());
    }

    private static Row row(ResultSet row) throws SQLException {
        Array tags = row.getArray("tags");
        return new Row(
                row.getString("device_id"),
                Optional.ofNullable(row.getString("user_id")),
                Optional.ofNullable(row.getString("alias")),
                Instant.ofEpochMilli(row.getLong("registered_at_ms")),
                row.getBoolean("deleted"),
                Arrays.stream((Object[]) tags.getArray()).map(String::valueOf).collect(Collectors.toSet()));
    }

    private record Row(
            String deviceId,
            Optional<String> userId,
            Optional<String> alias,
            Instant registeredAt,
            boolean deleted,
            Set<String> tags) {

        Addressee toAddressee(Audience.Kind kind) {
            return new Addressee(
                    deviceId,
                    switch (kind) {
                        case DEVICES, USERS -> userId;
                        case ALIASES -> alias;
                        case TAGS, EVERYONE -> Optional.empty();
                    });
        }

        boolean isThere(Instant registeredBy) {
            return !deleted && !registeredAt.isAfter(registeredBy);
        }

        boolean fits(Audience audience) {
            return tags.containsAll(audience.tagsAll())
                    && audience.tagsNone().stream().noneMatch(tags::contains);
        }
    }

    /** Where a page of users or aliases starts; {@code chunk/deviceId} in cursors. */
    private record Position(int chunk, String deviceId) {

        static Position of(Optional<String> cursor) {
            return cursor.map(text -> {
                        int slash = text.indexOf('/');
                        return new Position(Integer.parseInt(text.substring(0, slash)), text.substring(slash + 1));
                    })
                    .orElse(new Position(0, ""));
        }

        String toCursor() {
            return chunk + "/" + deviceId;
        }
    }
}
