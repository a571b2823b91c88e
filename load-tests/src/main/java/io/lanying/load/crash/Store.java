package io.lanying.load.crash;

import io.lanying.load.client.ServerSettings;
import io.lanying.persistence.testing.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;

/** What a run's node keeps its journal in. */
public enum Store {
    H2 {
        @Override
        public Prepared prepare(Path workDir) {
            return new Prepared(ServerSettings.onH2(workDir), List.of());
        }
    },
    POSTGRES {
        @Override
        public Prepared prepare(Path workDir) {
            return on(PostgresServer.shared().newDatabase(), workDir);
        }
    };

    /**
     * Settings of a node with an empty store.
     *
     * @param files where the store keeps its files, if not in the node's work directory
     */
    public record Prepared(ServerSettings settings, List<Path> files) {

        public Prepared {
            files = List.copyOf(files);
        }
    }

    /** A new empty store and a node's settings for it. */
    public abstract Prepared prepare(Path workDir);

    /** Settings of a node with this empty database. */
    public static Prepared on(PostgresServer.Database database, Path workDir) {
        ServerSettings settings =
                ServerSettings.onPostgres(workDir, database.jdbcUrl(), database.user(), database.password());
        return new Prepared(settings, List.of(dataDirectory(database)));
    }

    /** The name in results. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static Path dataDirectory(PostgresServer.Database database) {
        try (Connection connection =
                        DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW data_directory")) {
            row.next();
            return Path.of(row.getString(1));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
