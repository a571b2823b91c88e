package io.lanying.load.bench;

import io.lanying.load.rig.Rig;
import io.lanying.persistence.testing.PostgresServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Inserts rows into the real journal's table as fast as so many connections can, each with commits of its own. The rows are
 * copies of one that a real push left, for other devices.
 */
final class JournalInserts {

    /** How it is done. */
    record Plan(int connections, int rowsInCommit, Duration warmUp, Duration measured) {

        String describe() {
            return "%d connection%s, %d row%s in a commit"
                    .formatted(connections, connections == 1 ? "" : "s", rowsInCommit, rowsInCommit == 1 ? "" : "s");
        }
    }

    /**
     * What came of it in the measured time.
     *
     * @param database CPU seconds of the database
     */
    record Result(long rows, double seconds, double database, Histogram commitNanos) {

        double rowsPerSecond() {
            return rows / seconds;
        }
    }

    /** As a push's event stands in the table. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Row(String writer, int serializer, String manifest, byte[] payload) {}

    private static final String LAST =
            "SELECT writer, event_ser_id, event_ser_manifest, event_payload FROM event_journal"
                    + " WHERE persistence_id = ? ORDER BY sequence_number DESC LIMIT 1";
    private static final String INSERT = "INSERT INTO event_journal (persistence_id, sequence_number, deleted, writer,"
            + " write_timestamp, adapter_manifest, event_ser_id, event_ser_manifest, event_payload)"
            + " VALUES (?, ?, false, ?, ?, '', ?, ?, ?)";

    /** As many devices as other benchmarks have. */
    private static final int DEVICES = 200;

    private static final long LONGEST_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int DIGITS = 3;

    private final PostgresServer.Database database;
    private final CpuClock clock;
    private final Row row;
    private final AtomicLong rows = new AtomicLong();
    private volatile boolean measuring;
    private volatile boolean over;

    /**
     * On this database.
     *
     * @param process the database's first
     * @param device whose last event is copied
     */
    JournalInserts(PostgresServer.Database database, ProcessHandle process, String device) {
        this.database = database;
        this.clock = CpuClock.ofTree(process.pid());
        this.row = last(device);
    }

    /** The bytes of the event that is copied. */
    int eventBytes() {
        return row.payload().length;
    }

    private Row last(String device) {
        try (Connection connection = connect();
                PreparedStatement query = connection.prepareStatement(LAST)) {
            query.setString(1, "Device|" + Population.TENANT + ":" + device);
            try (ResultSet found = query.executeQuery()) {
                if (!found.next()) {
                    throw new IllegalStateException("no push was journaled");
                }
                return new Row(found.getString(1), found.getInt(2), found.getString(3), found.getBytes(4));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param name tells its devices from those of other runs */
    Result run(Plan plan, String name) throws IOException {
        Histogram nanos = new ConcurrentHistogram(LONGEST_NANOS, DIGITS);
        measuring = false;
        over = false;
        ExecutorService threads = Executors.newFixedThreadPool(plan.connections());
        try {
            List<CompletableFuture<Void>> writers = new ArrayList<>();
            for (int writer = 0; writer < plan.connections(); writer++) {
                String prefix = name + "-" + writer;
                writers.add(CompletableFuture.runAsync(() -> write(plan, prefix, nanos), threads));
            }
            LockSupport.parkNanos(plan.warmUp().toNanos());
            double cpuBefore = clock.seconds();
            long rowsBefore = rows.get();
            long from = System.nanoTime();
            measuring = true;
            LockSupport.parkNanos(plan.measured().toNanos());
            measuring = false;
            Result result = new Result(
                    rows.get() - rowsBefore, (System.nanoTime() - from) / 1e9, clock.seconds() - cpuBefore, nanos);
            over = true;
            writers.forEach(Rig::await);
            return result;
        } finally {
            over = true;
            threads.shutdown();
        }
    }

    private void write(Plan plan, String prefix, Histogram nanos) {
        try (Connection connection = connect();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            boolean alone = plan.rowsInCommit() == 1; // then the insert commits by itself, in one round trip
            connection.setAutoCommit(alone);
            long number = 0;
            while (!over) {
                long from = System.nanoTime();
                for (int left = plan.rowsInCommit(); left > 0; left--) {
                    bind(insert, "Device|floor:" + prefix + "-" + number % DEVICES, number / DEVICES + 1);
                    number++;
                }
                insert.executeBatch();
                if (!alone) {
                    connection.commit();
                }
                rows.addAndGet(plan.rowsInCommit());
                if (measuring) {
                    nanos.recordValue(Math.min(LONGEST_NANOS, System.nanoTime() - from));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void bind(PreparedStatement insert, String persistenceId, long number) throws SQLException {
        insert.setString(1, persistenceId);
        insert.setLong(2, number);
        insert.setString(3, row.writer());
        insert.setLong(4, System.currentTimeMillis());
        insert.setInt(5, row.serializer());
        insert.setString(6, row.manifest());
        insert.setBytes(7, row.payload());
        insert.addBatch();
    }

    private Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", database.user());
        properties.setProperty("password", database.password());
        properties.setProperty("reWriteBatchedInserts", "true"); // as the server does
        return DriverManager.getConnection(database.jdbcUrl(), properties);
    }
}
