package io.lanying.persistence.journal;

import akka.persistence.jdbc.journal.dao.JournalTables.JournalAkkaSerializationRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import scala.runtime.BoxedUnit;

/**
 * A batch of events in one statement (PostgreSQL), which is also its transaction: one way to the database and back for all of
 * them, and the same statement whatever their number. All of them are written, or none.
 */
final class EventInsert {

    private static final String SQL =
            "INSERT INTO event_journal (persistence_id, sequence_number, deleted, writer, write_timestamp,"
                    + " adapter_manifest, event_ser_id, event_ser_manifest, event_payload)"
                    + " SELECT id, number, false, writer, written, adapter, serializer, manifest, payload"
                    + " FROM unnest(?::varchar[], ?::bigint[], ?::varchar[], ?::bigint[], ?::varchar[], ?::bigint[], ?::varchar[],"
                    + " ?::bytea[]) WITH ORDINALITY AS event (id, number, writer, written, adapter, serializer, manifest, payload, place)"
                    + " ORDER BY place";

    private EventInsert() {}

    /** Whether it can write this event: those of the plug-in's other features it can not. */
    static boolean takes(JournalAkkaSerializationRow row) {
        return row.metaPayload().isEmpty() && !row.deleted();
    }

    /** The events get their place among all others in this order. */
    static BoxedUnit write(Connection connection, List<JournalAkkaSerializationRow> rows) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(SQL)) {
            texts(insert, 1, rows, JournalAkkaSerializationRow::persistenceId);
            numbers(insert, 2, rows, JournalAkkaSerializationRow::sequenceNumber);
            texts(insert, 3, rows, JournalAkkaSerializationRow::writer);
            numbers(insert, 4, rows, JournalAkkaSerializationRow::writeTimestamp);
            texts(insert, 5, rows, JournalAkkaSerializationRow::adapterManifest);
            numbers(insert, 6, rows, JournalAkkaSerializationRow::eventSerId);
            texts(insert, 7, rows, JournalAkkaSerializationRow::eventSerManifest);
            insert.setArray(
                    8,
                    connection.createArrayOf(
                            "bytea",
                            rows.stream()
                                    .map(JournalAkkaSerializationRow::eventPayload)
                                    .toArray(byte[][]::new)));
            insert.executeUpdate();
            return BoxedUnit.UNIT;
        }
    }

    private static void texts(
            PreparedStatement insert,
            int parameter,
            List<JournalAkkaSerializationRow> rows,
            Function<JournalAkkaSerializationRow, String> column)
            throws SQLException {
        insert.setArray(
                parameter,
                insert.getConnection()
                        .createArrayOf("varchar", rows.stream().map(column).toArray(String[]::new)));
    }

    private static void numbers(
            PreparedStatement insert,
            int parameter,
            List<JournalAkkaSerializationRow> rows,
            ToLongFunction<JournalAkkaSerializationRow> column)
            throws SQLException {
        insert.setArray(
                parameter,
                insert.getConnection()
                        .createArrayOf(
                                "bigint",
                                rows.stream().mapToLong(column).boxed().toArray(Long[]::new)));
    }
}
