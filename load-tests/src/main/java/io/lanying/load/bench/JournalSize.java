package io.lanying.load.bench;

import io.lanying.persistence.testing.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** How much the journal holds, asked of the database itself. */
final class JournalSize {

    /**
     * What was written between two places.
     *
     * @param rows events
     * @param bytes of those rows as the table has them, without indexes
     */
    record Growth(long rows, long bytes) {}

    private static final String LAST = "SELECT coalesce(max(ordering), 0) FROM event_journal";
    private static final String SINCE = "SELECT count(*), coalesce(sum(pg_column_size(event_journal.*)), 0)"
            + " FROM event_journal WHERE ordering > ?";

    private final PostgresServer.Database database;

    JournalSize(PostgresServer.Database database) {
        this.database = database;
    }

    /** Where the journal ends now. */
    long place() {
        try (Connection connection = connect();
                PreparedStatement query = connection.prepareStatement(LAST);
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What was written since. */
    Growth since(long place) {
        try (Connection connection = connect();
                PreparedStatement query = connection.prepareStatement(SINCE)) {
            query.setLong(1, place);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return new Growth(row.getLong(1), row.getLong(2));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
    }
}
