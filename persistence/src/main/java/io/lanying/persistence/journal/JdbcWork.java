package io.lanying.persistence.journal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletionStage;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;
import slick.dbio.DBIOAction;
import slick.jdbc.JdbcBackend;
import slick.jdbc.SimpleJdbcAction;

/** Statements of our own on the plug-in's threads and connections, which are as many as each other. Thread-safe. */
final class JdbcWork {

    private final JdbcBackend.DatabaseDef database;

    JdbcWork(JdbcBackend.DatabaseDef database) {
        this.database = database;
    }

    /** What needs a connection. */
    interface Work<T> {
        T apply(Connection connection) throws SQLException;
    }

    /** Does it with a connection of its own, each statement by itself. The stage fails as the work does. */
    <T> CompletionStage<T> run(Work<T> work) {
        return FutureConverters.asJava(start(work));
    }

    /** The same, for Scala. */
    @SuppressWarnings({"unchecked", "rawtypes"}) // Slick's type for "any effect" cannot be written in Java
    <T> Future<T> start(Work<T> work) {
        DBIOAction action = new SimpleJdbcAction<>(context -> {
            try {
                return work.apply(context.connection());
            } catch (SQLException e) {
                throw new IllegalStateException("a statement of the journal failed", e);
            }
        });
        return (Future<T>) database.run(action);
    }
}
