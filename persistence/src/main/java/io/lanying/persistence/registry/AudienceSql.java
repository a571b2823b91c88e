package io.lanying.persistence.registry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * The statements behind pages of audiences, in SQL that both databases understand. Each reads at most the page's limit of
 * rows from each index range it looks at: nothing is counted, sorted or skipped that grows with the tenant. The limit is
 * part of the text, so that a plan made for any parameters knows it.
 *
 * @param parameters texts, by name
 * @param ids bound as an array named {@code ids}, unless empty
 */
record AudienceSql(String sql, Map<String, String> parameters, List<String> ids) {

    private static final String COLUMNS =
            "SELECT d.device_id, d.user_id, d.alias, d.registered_at_ms, d.deleted, d.tags";
    private static final String ALL = COLUMNS + " FROM device_registry d"
            + " WHERE d.tenant = :tenant AND d.device_id > :after ORDER BY d.device_id LIMIT ";
    private static final String LISTED = COLUMNS + " FROM device_registry d"
            + " WHERE d.tenant = :tenant AND d.device_id = ANY(:ids) ORDER BY d.device_id";

    /** Every device of the tenant behind one. */
    static AudienceSql everyone(String tenant, String after, int limit) {
        return new AudienceSql(ALL + limit, Map.of("tenant", tenant, "after", after), List.of());
    }

    /** These devices. */
    static AudienceSql listed(String tenant, List<String> ids) {
        return new AudienceSql(LISTED, Map.of("tenant", tenant), ids);
    }

    /** The devices of these users. */
    static AudienceSql ofUsers(String tenant, List<String> users, String after, int limit) {
        return labelled("device_registry", "user_id", tenant, users, after, limit);
    }

    /** The devices with these aliases. */
    static AudienceSql withAliases(String tenant, List<String> aliases, String after, int limit) {
        return labelled("device_registry", "alias", tenant, aliases, after, limit);
    }

    /** The devices with at least one of these tags. */
    static AudienceSql withTags(String tenant, List<String> tags, String after, int limit) {
        return labelled("device_tag", "tag", tenant, tags, after, limit);
    }

    /** Reads the next of each label along its own stretch of the index and merges them. */
    private static AudienceSql labelled(
            String table, String column, String tenant, List<String> labels, String after, int limit) {
        var parameters = new LinkedHashMap<String, String>();
        parameters.put("tenant", tenant);
        parameters.put("after", after);
        var branches = new ArrayList<String>();
        for (int i = 0; i < labels.size(); i++) {
            parameters.put("label" + i, labels.get(i));
            branches.add("(SELECT device_id FROM " + table + " WHERE tenant = :tenant AND " + column + " = :label" + i
                    + " AND device_id > :after ORDER BY device_id LIMIT " + limit + ")");
        }
        String sql = COLUMNS + " FROM (SELECT device_id FROM (" + String.join(" UNION ", branches) + ") AS each_label"
                + " ORDER BY device_id LIMIT " + limit + ") AS p"
                + " JOIN device_registry d ON d.tenant = :tenant AND d.device_id = p.device_id ORDER BY d.device_id";
        return new AudienceSql(sql, parameters, List.of());
    }

    /** The statement with its parameters; {@code prefix} may ask for its plan instead. */
    Query on(Handle handle, String prefix) {
        Query query = handle.createQuery(prefix + sql);
        parameters.forEach(query::bind);
        return ids.isEmpty() ? query : query.bindArray("ids", String.class, ids);
    }
}
