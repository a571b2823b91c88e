package io.lanying.node;

import java.sql.Array;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A node's database from outside; on H2 only while the node is stopped, whose file it is. */
record StoreAccess(String url, String user, String password) {

    /** Runs one statement; returns how many rows it changed. */
    int execute(String sql) {
        try (var connection = DriverManager.getConnection(url, user, password);
                var statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The rows of a query, each as its columns' texts joined by commas. */
    List<String> rows(String sql) {
        List<String> rows = new ArrayList<>();
        try (var connection = DriverManager.getConnection(url, user, password);
                var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            while (result.next()) {
                List<String> columns = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    Object value = result.getObject(i);
                    columns.add(
                            value instanceof Array array
                                    ? Arrays.toString((Object[]) array.getArray())
                                    : String.valueOf(value));
                }
                rows.add(String.join(",", columns));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return rows;
    }
}
