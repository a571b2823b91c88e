package io.lanying.load.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import io.lanying.load.client.Api;
import io.lanying.load.client.ServerProcess;
import io.lanying.load.client.ServerSettings;
import io.lanying.persistence.testing.PostgresServer;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What one push to one connected device costs the real server, counted and not timed: journal rows, transactions and allocated
 * bytes. A limit is some fifth above what was counted when it was last set; whoever raises one says what for.
 */
class PushCostIT {

    private static final int DEVICES = 50;
    private static final int OUTSTANDING = 32;
    private static final int WARM_UP = 2_000;
    private static final int PUSHES = 4_000;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** What is on its way when counting begins is in the journal already, and its answer is counted. */
    private static final double LEAST_JOURNAL_ROWS = 1 - (double) OUTSTANDING / PUSHES;

    private static final double MOST_JOURNAL_ROWS = 1.1;
    private static final double MOST_TRANSACTIONS = 0.6;
    private static final double MOST_KIBIBYTES = 90;

    @TempDir
    private Path directory;

    @Test
    void aPushWritesOneEventAndLittleElse() throws Exception {
        PostgresServer.Database database = PostgresServer.shared().newDatabase();
        Path log = directory.resolve("gc.log");
        ServerSettings settings = ServerSettings.onPostgres(
                        directory, database.jdbcUrl(), database.user(), database.password())
                .withJvmOptions(Heap.option(log));
        List<Long> rows = new ArrayList<>();
        List<Double> allocated = new ArrayList<>();
        List<Integer> accepted = new ArrayList<>();
        try (ServerProcess server = ServerProcess.start(settings)) {
            Heap heap = new Heap(log, server.handle().pid());
            List<String> names = Population.names(DEVICES);
            Population population = Population.register(server, names);
            Requests requests = new Requests("127.0.0.1", population.apiKey(), names, "cost", 300);
            LoadPlan plan = new LoadPlan(OUTSTANDING, 0, Duration.ZERO, PATIENCE, PATIENCE);
            try (LoadLoop loop = new LoadLoop(Stand.address(server), plan, requests, new Silent())) {
                loop.connect(population.tokens());
                Runnable count = () -> {
                    accepted.add(loop.accepted());
                    rows.add(count(database, "SELECT count(*) FROM event_journal"));
                    allocated.add(allocatedBytes(server, heap));
                };
                List<LoadResult> results = loop.run(List.of(
                        new LoadLoop.Stage(() -> {}, PATIENCE, () -> loop.accepted() >= WARM_UP),
                        new LoadLoop.Stage(count, PATIENCE, () -> loop.accepted() >= WARM_UP + PUSHES)));
                count.run();
                assertThat(results.get(1).correct()).isTrue();
            }
            server.stop();
        }
        // A database session tells what it did when it ends, if not before.
        long transactions =
                count(database, "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()");

        int pushes = accepted.get(1) - accepted.get(0);
        double journalRows = (double) (rows.get(1) - rows.get(0)) / pushes;
        double kibibytes = (allocated.get(1) - allocated.get(0)) / pushes / 1024;
        double perPush = (double) transactions / accepted.get(1);
        System.out.printf(
                "a push: %.2f journal rows, %.2f transactions, %.0f KiB allocated%n", journalRows, perPush, kibibytes);
        assertThat(pushes).isGreaterThanOrEqualTo(PUSHES);
        assertSoftly(all -> {
            all.assertThat(journalRows).as("journal rows of a push").isBetween(LEAST_JOURNAL_ROWS, MOST_JOURNAL_ROWS);
            all.assertThat(perPush).as("transactions of a push").isBetween(0.02, MOST_TRANSACTIONS);
            all.assertThat(kibibytes).as("KiB allocated for a push").isBetween(5.0, MOST_KIBIBYTES);
        });
    }

    private static long count(PostgresServer.Database database, String sql) {
        try (var connection = DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The server counts what it has allocated when it collects. */
    private static double allocatedBytes(ServerProcess server, Heap heap) {
        try {
            heap.collect();
            var metrics = Api.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(server.management().resolve("/metrics"))
                                    .build(),
                            BodyHandlers.ofString());
            return metrics.body()
                    .lines()
                    .filter(line -> line.startsWith("jvm_gc_memory_allocated_bytes_total"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
