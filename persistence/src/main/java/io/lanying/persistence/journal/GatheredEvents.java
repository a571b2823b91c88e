package io.lanying.persistence.journal;

import akka.persistence.jdbc.journal.dao.JournalTables.JournalAkkaSerializationRow;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import scala.Option;

/**
 * The events that entities recover from, of many entities in one statement (PostgreSQL). The plug-in asks twice for each entity:
 * for its last number, then for its events; both come from the same read, the events waiting in between. Thread-safe.
 */
final class GatheredEvents {

    /** Of one entity in one read; an entity that has more, after its snapshot, reads the others by itself. */
    static final int EVENTS = 64;

    /** Entities that recover at the same moment; one of which nobody asks for the events is forgotten with the oldest. */
    private static final int READ_AHEAD = 1_000;

    private static final int ENTITIES = 32;
    private static final int PARALLELISM = 2;

    private static final String SQL =
            "SELECT wanted.place, found.* FROM unnest(?::varchar[], ?::bigint[]) WITH ORDINALITY AS wanted (id, first, place)"
                    + " CROSS JOIN LATERAL ("
                    + "SELECT ordering, deleted, persistence_id, sequence_number, writer, write_timestamp,"
                    + " adapter_manifest, event_payload, event_ser_id, event_ser_manifest, meta_payload, meta_ser_id,"
                    + " meta_ser_manifest FROM event_journal WHERE persistence_id = wanted.id"
                    + " AND sequence_number >= wanted.first ORDER BY sequence_number LIMIT " + EVENTS + ") found";

    private final Gathered<Wanted, List<JournalAkkaSerializationRow>> reads;
    private final Map<String, ReadAhead> readAhead = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ReadAhead> eldest) {
            return size() > READ_AHEAD;
        }
    };

    private record Wanted(String persistenceId, long first) {}

    /**
     * An entity's next events.
     *
     * @param rows by number, deleted ones among them
     * @param first from which number on
     */
    record ReadAhead(List<JournalAkkaSerializationRow> rows, long first) {

        /** Whether that is all there is; without any it is known only from the beginning on. */
        boolean isAll() {
            return rows.size() < EVENTS && (!rows.isEmpty() || first == 0);
        }

        long last() {
            return rows.isEmpty() ? 0 : rows.get(rows.size() - 1).sequenceNumber();
        }
    }

    GatheredEvents(JdbcWork jdbc) {
        this.reads = new Gathered<>(ENTITIES, PARALLELISM, wanted -> jdbc.run(connection -> read(connection, wanted)));
    }

    /** Reads an entity's events from a number on, and keeps those behind it for {@link #take}. */
    CompletionStage<ReadAhead> read(String persistenceId, long first) {
        return reads.ask(new Wanted(persistenceId, first)).thenApply(found -> {
            var ahead = new ReadAhead(found.orElse(List.of()), first);
            synchronized (readAhead) {
                readAhead.remove(persistenceId);
                if (ahead.last() > first) {
                    readAhead.put(persistenceId, ahead);
                }
            }
            return ahead;
        });
    }

    /** What was read of an entity, once; empty if nothing was, or nothing from this number on. */
    Optional<ReadAhead> take(String persistenceId, long first) {
        synchronized (readAhead) {
            return Optional.ofNullable(readAhead.remove(persistenceId)).filter(ahead -> ahead.first() <= first);
        }
    }

    private static Map<Wanted, List<JournalAkkaSerializationRow>> read(Connection connection, List<Wanted> wanted)
            throws SQLException {
        Map<Wanted, List<JournalAkkaSerializationRow>> found = new HashMap<>();
        try (var statement = connection.prepareStatement(SQL)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "varchar",
                            wanted.stream().map(Wanted::persistenceId).toArray()));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "bigint", wanted.stream().map(Wanted::first).toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.computeIfAbsent(wanted.get(rows.getInt("place") - 1), each -> new ArrayList<>())
                            .add(row(rows));
                }
            }
        }
        found.values()
                .forEach(rows -> rows.sort(Comparator.comparingLong(JournalAkkaSerializationRow::sequenceNumber)));
        return found;
    }

    private static JournalAkkaSerializationRow row(ResultSet row) throws SQLException {
        byte[] metadata = row.getBytes("meta_payload");
        return new JournalAkkaSerializationRow(
                row.getLong("ordering"),
                row.getBoolean("deleted"),
                row.getString("persistence_id"),
                row.getLong("sequence_number"),
                row.getString("writer"),
                row.getLong("write_timestamp"),
                row.getString("adapter_manifest"),
                row.getBytes("event_payload"),
                row.getInt("event_ser_id"),
                row.getString("event_ser_manifest"),
                Option.apply(metadata),
                metadata == null ? Option.empty() : Option.<Object>apply(row.getInt("meta_ser_id")),
                Option.apply(row.getString("meta_ser_manifest")));
    }
}
