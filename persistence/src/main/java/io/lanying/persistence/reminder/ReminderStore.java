package io.lanying.persistence.reminder;

import io.lanying.persistence.database.Database;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.reminder.Reminder;
import io.lanying.protocol.reminder.ReminderCommand;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * The reminder table. A batch reads its entities' rows under lock, carries the operations out in memory in their order and
 * writes what came of it: three or four round trips for hundreds of operations, and no dialect.
 */
final class ReminderStore {

    private static final String LOCK = "SELECT persistence_id, due_ms, version FROM reminder"
            + " WHERE persistence_id = ANY(:ids) ORDER BY persistence_id FOR UPDATE";
    private static final String DUE = "SELECT persistence_id, due_ms, version FROM reminder"
            + " WHERE due_ms <= :until AND (due_ms, persistence_id) > (:due, :id)"
            + " ORDER BY due_ms, persistence_id LIMIT :limit";

    private static final String OPEN =
            "SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM reminder LIMIT :counted) counted) AS entities,"
                    + " (SELECT COUNT(*) FROM (SELECT 1 FROM reminder WHERE due_ms <= :now LIMIT :counted) counted) AS due,"
                    + " (SELECT MIN(due_ms) FROM reminder) AS first_due";

    private final Database database;

    ReminderStore(Database database) {
        this.database = database;
    }

    /** Carries the operations out, all or none, and says what each {@code Remind} is answered. */
    CompletionStage<List<Answer>> commit(List<ReminderCommand> batch) {
        return database.inTransaction(handle -> {
            // In one order on every node, so that two transactions cannot wait for each other.
            Map<String, Row> before = lock(handle, batch);
            Map<String, Row> after = new TreeMap<>(before);
            List<Answer> answers = carryOut(batch, after);
            write(handle, before, after);
            return answers;
        });
    }

    /** The next due rows behind a position, by due time. */
    CompletionStage<List<Row>> due(Instant until, Position after, int limit) {
        return database.read(handle -> handle.createQuery(DUE)
                .bind("until", until.toEpochMilli())
                .bind("due", after.dueMillis())
                .bind("id", after.persistenceId())
                .bind("limit", limit)
                .map((row, context) ->
                        new Row(row.getString("persistence_id"), row.getLong("due_ms"), row.getLong("version")))
                .list());
    }

    /** How much there is; counted to {@link OpenWork#COUNTED} at most. */
    CompletionStage<OpenWork> open(Instant now) {
        return database.read(handle -> handle.createQuery(OPEN)
                .bind("now", now.toEpochMilli())
                .bind("counted", OpenWork.COUNTED)
                .map((row, context) ->
                        OpenWork.of(row.getInt("entities"), row.getInt("due"), row.getLong("first_due"), now))
                .one());
    }

    private static Map<String, Row> lock(Handle handle, List<ReminderCommand> batch) {
        List<String> ids = batch.stream()
                .map(ReminderStore::persistenceId)
                .distinct()
                .sorted()
                .toList();
        Map<String, Row> rows = new TreeMap<>();
        handle.createQuery(LOCK)
                .bindArray("ids", String.class, ids)
                .map((row, context) ->
                        new Row(row.getString("persistence_id"), row.getLong("due_ms"), row.getLong("version")))
                .forEach(row -> rows.put(row.persistenceId(), row));
        return rows;
    }

    /** Pure but for the new versions: what the rows are after the operations. */
    static List<Answer> carryOut(List<ReminderCommand> batch, Map<String, Row> rows) {
        List<Answer> answers = new ArrayList<>();
        Map<String, Long> versions = new HashMap<>();
        for (ReminderCommand operation : batch) {
            String id = persistenceId(operation);
            Row row = rows.get(id);
            if (operation instanceof ReminderCommand.Remind remind) {
                long due = Math.min(remind.due().toEpochMilli(), row == null ? Long.MAX_VALUE : row.dueMillis());
                // A new version also where the time stays: a late Done of the entity's former life must not remove this
                // promise.
                Row promised = new Row(id, due, versions.computeIfAbsent(id, first -> newVersion()));
                rows.put(id, promised);
                answers.add(new Answer(remind, promised.reminder()));
            } else if (row != null && operation instanceof ReminderCommand.Rearm rearm) {
                if (row.version() == rearm.version()) {
                    rows.put(id, new Row(id, rearm.due().toEpochMilli(), newVersion()));
                }
            } else if (row != null
                    && operation instanceof ReminderCommand.Done done
                    && row.version() == done.version()) {
                rows.remove(id);
            }
        }
        return answers;
    }

    private static void write(Handle handle, Map<String, Row> before, Map<String, Row> after) {
        List<Row> inserts = new ArrayList<>();
        List<Row> updates = new ArrayList<>();
        List<Row> deletes = new ArrayList<>();
        after.forEach((id, row) -> {
            Row old = before.get(id);
            if (old == null) {
                inserts.add(row);
            } else if (!old.equals(row)) {
                updates.add(row);
            }
        });
        before.forEach((id, row) -> {
            if (!after.containsKey(id)) {
                deletes.add(row);
            }
        });
        execute(handle, "INSERT INTO reminder (persistence_id, due_ms, version) VALUES (:id, :due, :version)", inserts);
        execute(handle, "UPDATE reminder SET due_ms = :due, version = :version WHERE persistence_id = :id", updates);
        execute(handle, "DELETE FROM reminder WHERE persistence_id = :id AND version = :version", deletes);
    }

    private static void execute(Handle handle, String sql, List<Row> rows) {
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedBatch batch = handle.prepareBatch(sql)) {
            for (Row row : rows) {
                batch.bind("id", row.persistenceId());
                if (sql.contains(":due")) {
                    batch.bind("due", row.dueMillis());
                }
                if (sql.contains(":version")) {
                    batch.bind("version", row.version());
                }
                batch.add();
            }
            batch.execute();
        }
    }

    private static String persistenceId(ReminderCommand operation) {
        return operation.kind().persistenceId(operation.entity());
    }

    /** Random in 63 bits: never the version of a row that was removed and made again. */
    private static long newVersion() {
        return ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
    }

    /** What a {@code Remind} is told once its transaction is committed. */
    record Answer(ReminderCommand.Remind remind, Reminder reminder) {}

    /** A place in the order of due rows. */
    record Position(long dueMillis, String persistenceId) {

        static final Position START = new Position(Long.MIN_VALUE, "");
    }

    /** One row. */
    record Row(String persistenceId, long dueMillis, long version) {

        EntityKind kind() {
            return EntityKind.of(persistenceId.substring(0, persistenceId.indexOf('|')));
        }

        EntityId entity() {
            return EntityId.parse(persistenceId.substring(persistenceId.indexOf('|') + 1));
        }

        Reminder reminder() {
            return new Reminder(Instant.ofEpochMilli(dueMillis), version);
        }

        Position position() {
            return new Position(dueMillis, persistenceId);
        }
    }
}
