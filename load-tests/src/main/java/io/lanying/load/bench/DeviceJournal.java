package io.lanying.load.bench;

import io.lanying.persistence.testing.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** How much one device's journal holds, asked of the database itself. */
final class DeviceJournal {

    /**
     * What there is.
     *
     * @param bytes of the events, as the table has them
     * @param snapshotBytes of the largest snapshot; 0 if there is none
     */
    record Size(long events, long bytes, long snapshotBytes) {}

    private static final String LENGTH =
            "SELECT coalesce(max(sequence_number), 0) FROM event_journal WHERE persistence_id = ?";
    private static final String SIZE =
            "SELECT count(*), coalesce(sum(octet_length(event_payload)), 0), (SELECT coalesce(max(octet_length(snapshot_payload)), 0)"
                    + " FROM snapshot s WHERE s.persistence_id = j.id)"
                    + " FROM (SELECT ?::varchar AS id) j JOIN event_journal e ON e.persistence_id = j.id GROUP BY j.id";

    private final PostgresServer.Database database;
    private final String persistenceId;

    DeviceJournal(PostgresServer.Database database, String device) {
        this.database = database;
        this.persistenceId = "Device|" + Population.TENANT + ":" + device;
    }

    /** The number of the last event; quick. */
    long length() {
        return ask(LENGTH, row -> row.getLong(1));
    }

    Size size() {
        return ask(SIZE, row -> new Size(row.getLong(1), row.getLong(2), row.getLong(3)));
    }

    private interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    private <T> T ask(String sql, Reading<T> reading) {
        try (Connection connection =
                        DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
                PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, persistenceId);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException("nothing is journaled of " + persistenceId);
                }
                return reading.of(row);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
