package io.lanying.load.corpus;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.persistence.testing.PostgresServer;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/** The rows of events and snapshots that a node wrote to a database. */
final class Rows {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final PostgresServer.Database database;

    Rows(PostgresServer.Database database) {
        this.database = database;
    }

    /** Whether an entity of this kind has a snapshot. */
    boolean hasSnapshot(String kind) {
        return count("SELECT count(*) FROM snapshot WHERE persistence_id LIKE ?", kind + "|%") > 0;
    }

    /** How many events of each type there are, by the last part of their names. */
    Map<String, Long> types() {
        Map<String, Long> types = new TreeMap<>();
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT event_ser_manifest, count(*) FROM event_journal GROUP BY event_ser_manifest");
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                String manifest = rows.getString(1);
                types.put(manifest.substring(manifest.lastIndexOf('.') + 1), rows.getLong(2));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return types;
    }

    private long count(String sql, String argument) {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, argument);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Writes all rows, by entity and number, a line of JSON each, compressed.
     *
     * @param clear what must not be found in a row: it was to be sealed
     * @throws IllegalStateException if it is found; the file is not made then
     * @throws java.nio.file.FileAlreadyExistsException a corpus is never changed
     */
    void export(Path file, String clear) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
        try (Connection connection = connect();
                Writer lines = new OutputStreamWriter(
                        new GZIPOutputStream(Files.newOutputStream(unfinished)), StandardCharsets.UTF_8)) {
            write(connection, "event", lines, clear, """
                    SELECT persistence_id, sequence_number, event_ser_id, event_ser_manifest, event_payload
                    FROM event_journal ORDER BY persistence_id, sequence_number""");
            write(connection, "snapshot", lines, clear, """
                    SELECT persistence_id, sequence_number, snapshot_ser_id, snapshot_ser_manifest, snapshot_payload
                    FROM snapshot ORDER BY persistence_id, sequence_number""");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        Files.move(unfinished, file);
    }

    private static void write(Connection connection, String what, Writer lines, String clear, String sql)
            throws SQLException, IOException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                byte[] bytes = rows.getBytes(5);
                if (new String(bytes, StandardCharsets.ISO_8859_1).contains(clear)) {
                    throw new IllegalStateException("not sealed: " + what + " " + rows.getLong(2) + " of "
                            + rows.getString(1) + ", a " + rows.getString(4));
                }
                ObjectNode line = JSON.createObjectNode()
                        .put("entity", rows.getString(1))
                        .put(what, rows.getLong(2))
                        .put("serializer", rows.getInt(3))
                        .put("manifest", rows.getString(4))
                        .put("bytes", Base64.getEncoder().encodeToString(bytes));
                lines.write(line + "\n");
            }
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
    }
}
