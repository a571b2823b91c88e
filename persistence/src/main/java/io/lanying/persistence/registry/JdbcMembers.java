package io.lanying.persistence.registry;

import akka.Done;
import io.lanying.persistence.database.Database;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.registry.MemberRegistry;
import io.lanying.protocol.registry.MemberRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * {@link MemberRegistry} by SQL that both databases understand, one transaction for each call. Rows of a transaction are written in the
 * order of users, so that two cannot wait for each other. Thread-safe.
 */
public final class JdbcMembers implements MemberRegistry {

    private static final String NEWEST = "SELECT COALESCE(MAX(version), 0) FROM conversation_member"
            + " WHERE tenant = :tenant AND conversation_id = :conversation";
    private static final String PRESENT = "SELECT user_id FROM conversation_member"
            + " WHERE tenant = :tenant AND conversation_id = :conversation AND NOT gone";
    private static final String UPDATE =
            "UPDATE conversation_member SET version = :version, gone = :gone, changed_at_ms = :changedAt"
                    + " WHERE tenant = :tenant AND user_id = :user AND conversation_id = :conversation"
                    + " AND version <= :version";
    private static final String INSERT =
            "INSERT INTO conversation_member (tenant, user_id, conversation_id, version, gone, changed_at_ms)"
                    + " SELECT :tenant, :user, :conversation, :version, :gone, :changedAt WHERE NOT EXISTS"
                    + " (SELECT 1 FROM conversation_member WHERE tenant = :tenant AND user_id = :user"
                    + " AND conversation_id = :conversation)";
    private static final String END_OTHERS =
            "UPDATE conversation_member SET version = :version, gone = TRUE, changed_at_ms = :changedAt"
                    + " WHERE tenant = :tenant AND conversation_id = :conversation AND version < :version AND NOT gone";

    private final Database database;

    public JdbcMembers(Database database) {
        this.database = database;
    }

    @Override
    public CompletionStage<Boolean> write(EntityId conversation, long after, List<MemberRow> rows) {
        return database.inTransaction(handle -> {
            boolean whole = newest(handle, conversation) >= after;
            if (whole) {
                upsert(handle, rows);
            }
            return whole;
        });
    }

    @Override
    public CompletionStage<Done> replace(EntityId conversation, long version, Instant changedAt, List<MemberRow> rows) {
        return database.inTransaction(handle -> {
            upsert(handle, rows);
            handle.createUpdate(END_OTHERS)
                    .bind("tenant", conversation.tenant())
                    .bind("conversation", conversation.id())
                    .bind("version", version)
                    .bind("changedAt", changedAt.toEpochMilli())
                    .execute();
            return Done.getInstance();
        });
    }

    /**
     * Writes the rows of a conversation that are missing or wrong, for a command that rebuilds them: a newer version is left.
     *
     * @param rows as the journal says
     */
    public CompletionStage<Repaired> repair(
            EntityId conversation, long version, Instant changedAt, List<MemberRow> rows) {
        return database.inTransaction(handle -> {
            if (newest(handle, conversation) > version) {
                return new Repaired(0, 1);
            }
            var present = handle.createQuery(PRESENT)
                    .bind("tenant", conversation.tenant())
                    .bind("conversation", conversation.id())
                    .mapTo(String.class)
                    .set();
            var expected = rows.stream().map(MemberRow::userId).collect(Collectors.toSet());
            var wrong = new ArrayList<MemberRow>();
            rows.stream().filter(row -> !present.contains(row.userId())).forEach(wrong::add);
            present.stream()
                    .filter(user -> !expected.contains(user))
                    .map(user ->
                            new MemberRow(conversation.tenant(), user, conversation.id(), version, true, changedAt))
                    .forEach(wrong::add);
            upsert(handle, wrong);
            return new Repaired(wrong.size(), 0);
        });
    }

    /**
     * @param written rows that were missing or wrong
     * @param newer 1 if the registry has a newer version, which was left
     */
    public record Repaired(int written, int newer) {}

    private static long newest(Handle handle, EntityId conversation) {
        return handle.createQuery(NEWEST)
                .bind("tenant", conversation.tenant())
                .bind("conversation", conversation.id())
                .mapTo(Long.class)
                .one();
    }

    private static void upsert(Handle handle, List<MemberRow> rows) {
        var ordered =
                rows.stream().sorted(Comparator.comparing(MemberRow::userId)).toList();
        execute(handle, INSERT, execute(handle, UPDATE, ordered));
    }

    /** The rows that the statement did not take. */
    private static List<MemberRow> execute(Handle handle, String sql, List<MemberRow> rows) {
        var rest = new ArrayList<MemberRow>();
        if (rows.isEmpty()) {
            return rest;
        }
        try (PreparedBatch batch = handle.prepareBatch(sql)) {
            for (MemberRow row : rows) {
                batch.bind("tenant", row.tenant())
                        .bind("user", row.userId())
                        .bind("conversation", row.conversationId())
                        .bind("version", row.version())
                        .bind("gone", row.gone())
                        .bind("changedAt", row.changedAt().toEpochMilli())
                        .add();
            }
            int[] counts = batch.execute();
            for (int i = 0; i < counts.length; i++) {
                if (counts[i] == 0) {
                    rest.add(rows.get(i));
                }
            }
        }
        return rest;
    }
}
