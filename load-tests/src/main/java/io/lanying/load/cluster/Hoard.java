package io.lanying.load.cluster;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Sessions that take every connection that PostgreSQL gives, and do nothing with them. Closing gives all back. */
final class Hoard implements AutoCloseable {

    private static final String OF_NODES = "FROM pg_stat_activity WHERE application_name = 'lanying-push'";
    private static final Duration AGAIN = Duration.ofMillis(50);

    private final Supplier<Connection> connect;
    private final List<Connection> held = new ArrayList<>();

    /** @param connect fails when there is none to be had */
    Hoard(Supplier<Connection> connect) {
        this.connect = connect;
    }

    /** Takes what is free, and what becomes free meanwhile. */
    void take(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            takeFree();
            LockSupport.parkNanos(AGAIN.toNanos());
        }
    }

    /** Ends the nodes' sessions and takes their places, for as long as the nodes get new ones. */
    void takeTheirs(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            ask("SELECT count(pg_terminate_backend(pid)) " + OF_NODES);
            takeFree();
            LockSupport.parkNanos(AGAIN.toNanos());
        }
    }

    /** How many the nodes have. */
    long left() {
        return ask("SELECT count(*) " + OF_NODES);
    }

    int held() {
        return held.size();
    }

    private void takeFree() {
        try {
            while (true) {
                held.add(connect.get());
            }
        } catch (IllegalStateException e) {
            // there are no more: what was wanted
        }
    }

    private long ask(String sql) {
        try (Statement statement = held.get(0).createStatement();
                ResultSet answer = statement.executeQuery(sql)) {
            answer.next();
            return answer.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        for (Connection each : held) {
            try {
                each.close();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
