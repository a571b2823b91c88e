package io.lanying.persistence.database;

import io.lanying.persistence.StartRefused;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings the schema to this build's version. Nodes that start together wait for one another. */
final class Migrations {

    private Migrations() {}

    static void run(DataSource dataSource, Dialect dialect) {
        try {
            Flyway.configure()
                    .dataSource(dataSource)
                    .locations("classpath:" + dialect.migrations())
                    .validateMigrationNaming(true)
                    // A transaction that only holds the lock would be ended by idle_in_transaction_session_timeout.
                    .configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new StartRefused("the database schema cannot be brought up to date: " + firstLine(e), e);
        }
    }

    private static String firstLine(FlywayException e) {
        return String.valueOf(e.getMessage())
                .lines()
                .filter(line -> !line.isBlank())
                .findFirst()
                .orElse("unknown");
    }
}
