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
            flyway(dataSource, dialect).migrate();
        } catch (FlywayException e) {
            throw new StartRefused("the database schema cannot be brought up to date: " + firstLine(e), e);
        }
    }

    /** Changes nothing; refuses a schema of another build. */
    static void requireCurrent(DataSource dataSource, Dialect dialect) {
        try {
            Flyway flyway = flyway(dataSource, dialect);
            if (flyway.info().pending().length > 0) {
                throw new StartRefused(
                        "the database schema is older than this program: start a node of this version first");
            }
            flyway.validate();
        } catch (FlywayException e) {
            throw new StartRefused("the database schema is not this program's: " + firstLine(e), e);
        }
    }

    private static Flyway flyway(DataSource dataSource, Dialect dialect) {
        return Flyway.configure()
                .dataSource(dataSource)
                .locations("classpath:" + dialect.migrations())
                .validateMigrationNaming(true)
                // A transaction that only holds the lock would be ended by idle_in_transaction_session_timeout.
                .configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
                .load();
    }

    private static String firstLine(FlywayException e) {
        return String.valueOf(e.getMessage())
                .lines()
                .filter(line -> !line.isBlank())
                .findFirst()
                .orElse("unknown");
    }
}
