package io.lanying.persistence.database;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Tells failures of the data from failures of the database. */
public final class SqlFailures {

    private SqlFailures() {}

    /** Whether one row broke a rule, lost a race or a dead-lock: other rows of its transaction would have been fine. */
    public static boolean concernsRows(Throwable failure) {
        String state = sqlState(failure);
        return state != null && (state.startsWith("22") || state.startsWith("23") || state.startsWith("40"));
    }

    /** Whether a row with this key was there already. */
    public static boolean isDuplicate(Throwable failure) {
        return "23505".equals(sqlState(failure));
    }

    /** Whether another transaction had what this one waited for, for longer than it would. */
    public static boolean isLocked(Throwable failure) {
        return "55P03".equals(sqlState(failure));
    }

    private static @Nullable String sqlState(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return null;
    }
}
