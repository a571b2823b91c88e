package io.lanying.persistence.database;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.persistence.jdbc.db.SlickDatabase;
import akka.persistence.jdbc.db.SlickExtension;
import akka.persistence.jdbc.db.SlickExtensionImpl;
import com.zaxxer.hikari.HikariDataSource;
import io.lanying.persistence.PersistenceSettings;
import io.lanying.persistence.PersistenceStats;
import io.lanying.persistence.StartRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import slick.jdbc.JdbcDataSource;
import slick.jdbc.hikaricp.HikariCPJdbcDataSource;

/**
 * The node's database: one pool, owned by the journal plug-in's Slick database, which our own statements share. Thread-safe.
 *
 * <p>Ours run on their own few threads and get connections that Slick cannot take (the pool is larger than Slick's share by
 * their number), so that neither starves the other. It closes with the actor system.
 */
public final class Database {

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    private final Dialect dialect;
    private final Jdbi jdbi;
    private final HikariDataSource pool;
    private final Executor executor;
    private final Semaphore permits;
    private final PersistenceStats stats;

    private Database(
            Dialect dialect, HikariDataSource pool, Executor executor, int maxPending, PersistenceStats stats) {
        this.dialect = dialect;
        this.pool = pool;
        this.jdbi = Jdbi.create(pool).registerArrayType(String.class, "varchar");
        // Nothing that was bound to a statement gets into messages and so into logs.
        this.jdbi.getConfig(StatementExceptions.class).setMessageRendering(StatementExceptions.MessageRendering.NONE);
        this.executor = executor;
        this.permits = new Semaphore(maxPending);
        this.stats = stats;
    }

    /**
     * Opens the pool and brings the schema up to date. Blocks; for the start of a node.
     *
     * @throws StartRefused if the settings are wrong or would lose data, or the database cannot be reached
     */
    public static Database open(ActorSystem<?> system, PersistenceSettings settings, PersistenceStats stats) {
        Dialect dialect = Dialect.of(settings.profile(), settings.jdbcUrl());
        if (dialect == Dialect.H2) {
            makeDataDir(settings.dataDir());
        }
        Database database = connect(system, dialect, settings, stats);
        Migrations.run(database.pool, dialect);
        return database;
    }

    /**
     * As {@link #open}, for a command beside the nodes: it leaves the schema as it is.
     *
     * @throws StartRefused also if the schema is not this build's
     */
    public static Database openAsItIs(ActorSystem<?> system, PersistenceSettings settings, PersistenceStats stats) {
        Dialect dialect = Dialect.of(settings.profile(), settings.jdbcUrl());
        Database database = connect(system, dialect, settings, stats);
        Migrations.requireCurrent(database.pool, dialect);
        return database;
    }

    private static Database connect(
            ActorSystem<?> system, Dialect dialect, PersistenceSettings settings, PersistenceStats stats) {
        HikariDataSource pool = sharedPool(system);
        pool.setMaximumPoolSize(settings.connections());
        checkReachable(pool, dialect, settings.jdbcUrl());
        Executor executor =
                system.dispatchers().lookup(DispatcherSelector.fromConfig("push.persistence.blocking-dispatcher"));
        return new Database(dialect, pool, executor, settings.maxPending(), stats);
    }

    public Dialect dialect() {
        return dialect;
    }

    /** The shared pool, for metrics. */
    public HikariDataSource pool() {
        return pool;
    }

    /** One transaction on the caller's thread, for the start of a node and for commands only. */
    public <T> T blocking(Function<Handle, T> work) {
        return jdbi.inTransaction(work::apply);
    }

    /** A connection of its own for as long as the caller likes; for commands, which have few others. To be closed. */
    public Handle hold() {
        return jdbi.open();
    }

    /**
     * Runs one transaction on the blocking threads. The stage fails if it did not commit or nobody knows, and at once with
     * {@link RejectedExecutionException} if too many wait.
     */
    public <T> CompletionStage<T> inTransaction(Function<Handle, T> work) {
        return run(() -> jdbi.inTransaction(work::apply));
    }

    /** Runs one statement that only reads. */
    public <T> CompletionStage<T> read(Function<Handle, T> work) {
        return run(() -> jdbi.withHandle(work::apply));
    }

    /**
     * Runs statements past all that wait, on the one thread of the caller's that the pool has a connection for
     * ({@link PersistenceSettings#connections}); each commits by itself unless the work begins a transaction.
     *
     * @param patience how long the server may be silent; then the connection ends, and nobody knows what was done
     */
    public <T> CompletionStage<T> aside(Executor thread, Duration patience, Function<Handle, T> work) {
        try {
            return CompletableFuture.supplyAsync(
                    () -> jdbi.withHandle(handle -> {
                        limit(handle, patience);
                        return work.apply(handle);
                    }),
                    thread);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The pool sets the connection back to its own limit afterwards. */
    private static void limit(Handle handle, Duration patience) {
        try {
            handle.getConnection().setNetworkTimeout(Runnable::run, Math.toIntExact(patience.toMillis()));
        } catch (SQLException e) {
            throw new ConnectionException(e);
        }
    }

    private <T> CompletionStage<T> run(Supplier<T> work) {
        if (!permits.tryAcquire()) {
            stats.countStatementRefused();
            return CompletableFuture.failedFuture(
                    new RejectedExecutionException("too many statements wait for the database"));
        }
        try {
            return CompletableFuture.supplyAsync(work, executor).whenComplete((done, failure) -> permits.release());
        } catch (RejectedExecutionException e) {
            permits.release();
            return CompletableFuture.failedFuture(e);
        }
    }

    private static HikariDataSource sharedPool(ActorSystem<?> system) {
        SlickExtensionImpl extension = (SlickExtensionImpl) SlickExtension.get(system.classicSystem());
        SlickDatabase slick = extension.database(system.settings().config().getConfig("jdbc-journal"));
        JdbcDataSource source;
        try {
            source = slick.database().source();
        } catch (RuntimeException e) {
            throw new StartRefused("the connection pool cannot be made: " + reason(e), e);
        }
        if (source instanceof HikariCPJdbcDataSource hikari) {
            return hikari.ds();
        }
        throw new StartRefused("the shared database of akka-persistence-jdbc must use connectionPool = HikariCP");
    }

    private static void makeDataDir(Path dataDir) {
        try {
            Files.createDirectories(dataDir);
        } catch (IOException e) {
            throw new StartRefused("the data directory " + dataDir + " cannot be made", e);
        }
        if (!Files.isWritable(dataDir)) {
            throw new StartRefused("no permission to write to the data directory " + dataDir);
        }
    }

    private static void checkReachable(HikariDataSource pool, Dialect dialect, String url) {
        try (Connection connection = pool.getConnection()) {
            if (dialect == Dialect.POSTGRESQL) {
                checkDurable(connection);
            }
        } catch (SQLException e) {
            throw new StartRefused(
                    "the database " + url.replaceFirst("[?;].*", "") + " cannot be opened: " + reason(e), e);
        }
    }

    private static void checkDurable(Connection connection) throws SQLException {
        if (setting(connection, "synchronous_commit").equals("off")) {
            throw new StartRefused("PostgreSQL has synchronous_commit = off: a crash would lose acknowledged data");
        }
        if (setting(connection, "fsync").equals("off")) {
            LOG.warn("PostgreSQL has fsync = off: a crash of its machine loses acknowledged data");
        }
    }

    private static String setting(Connection connection, String name) throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery("SHOW " + name)) {
            return result.next() ? result.getString(1) : "";
        }
    }

    /** What the driver said, which Hikari wraps. */
    private static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage()).lines().findFirst().orElse("unknown");
    }
}
