package io.lanying.persistence.database;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.Properties;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's driver, which tries again by itself once it has ever connected: for as long as {@link #PATIENCE}, ten times a second.
 * HikariCP pauses longer after each failure, up to five seconds, so that a database that has returned would not be noticed for as long.
 * Named in persistence-postgres.conf. Thread-safe; blocks its caller, which is the pool's own thread: whoever waits for a connection waits
 * no longer than the pool lets him.
 */
public final class PatientDriver implements Driver {

    static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long AGAIN_MILLIS = 100;

    private final Driver driver;
    private volatile boolean connected;

    /** For the pool. */
    public PatientDriver() throws SQLException {
        this(DriverManager.getDriver("jdbc:postgresql://localhost/any"));
    }

    PatientDriver(Driver driver) {
        this.driver = driver;
    }

    @Override
    public @Nullable Connection connect(String url, Properties info) throws SQLException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                Connection connection = driver.connect(url, info);
                connected = true;
                return connection;
            } catch (SQLException e) {
                // A first failure is a wrong setting as likely as not: it is to be said at once.
                if (!connected || System.nanoTime() - end > 0) {
                    throw e;
                }
                pause(e);
            }
        }
    }

    /** The pool interrupts when it closes. */
    private static void pause(SQLException failure) throws SQLException {
        try {
            Thread.sleep(AGAIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure;
        }
    }

    @Override
    public boolean acceptsURL(String url) throws SQLException {
        return driver.acceptsURL(url);
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) throws SQLException {
        return driver.getPropertyInfo(url, info);
    }

    @Override
    public int getMajorVersion() {
        return driver.getMajorVersion();
    }

    @Override
    public int getMinorVersion() {
        return driver.getMinorVersion();
    }

    @Override
    public boolean jdbcCompliant() {
        return driver.jdbcCompliant();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return driver.getParentLogger();
    }
}
