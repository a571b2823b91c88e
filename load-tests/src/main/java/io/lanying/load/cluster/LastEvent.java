package io.lanying.load.cluster;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The last event of one entity, written straight into the journal. Closing makes it what it was. */
final class LastEvent implements AutoCloseable {

    private static final String FIND = "SELECT sequence_number, event_payload FROM event_journal"
            + " WHERE persistence_id = ? ORDER BY sequence_number DESC LIMIT 1";
    private static final String WRITE =
            "UPDATE event_journal SET event_payload = ? WHERE persistence_id = ? AND sequence_number = ?";
    private static final byte[] NONSENSE = {(byte) 0xde, (byte) 0xad, (byte) 0xbe, (byte) 0xef};

    private final Connection connection;
    private final String persistenceId;
    private final long sequenceNumber;
    private final byte[] payload;

    private LastEvent(Connection connection, String persistenceId, ResultSet row) throws SQLException {
        this.connection = connection;
        this.persistenceId = persistenceId;
        this.sequenceNumber = row.getLong(1);
        this.payload = row.getBytes(2);
    }

    /** @throws IllegalStateException if it has none */
    static LastEvent of(String persistenceId, Scene scene) {
        Connection connection = scene.connect();
        try (PreparedStatement find = connection.prepareStatement(FIND)) {
            find.setString(1, persistenceId);
            try (ResultSet row = find.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException(persistenceId + " has no events");
                }
                return new LastEvent(connection, persistenceId, row);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Nobody can decode it from now on. */
    void spoil() {
        write(NONSENSE);
    }

    private void write(byte[] bytes) {
        try (PreparedStatement write = connection.prepareStatement(WRITE)) {
            write.setBytes(1, bytes);
            write.setString(2, persistenceId);
            write.setLong(3, sequenceNumber);
            if (write.executeUpdate() != 1) {
                throw new IllegalStateException("the event is not there");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        write(payload);
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
