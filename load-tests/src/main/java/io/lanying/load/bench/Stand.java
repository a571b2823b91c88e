package io.lanying.load.bench;

import io.lanying.load.client.ServerProcess;
import io.lanying.load.client.ServerSettings;
import io.lanying.persistence.testing.PostgresServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** What is measured: a PostgreSQL of its own with fsync on, or H2, and servers on it, one at a time. Closing it removes all. */
final class Stand implements AutoCloseable {

    private final Path workDir;
    private final Optional<PostgresServer> postgres;
    private final Optional<PostgresServer.Database> database;
    private final Optional<ProcessHandle> databaseProcess;
    private final ServerSettings settings;

    private Stand(Optional<PostgresServer> postgres, String jvmOptions) throws IOException {
        this.workDir = Files.createTempDirectory("lanying-bench-");
        this.postgres = postgres;
        // Our only child that lives is the database's first process: the server is started later.
        this.databaseProcess = postgres.flatMap(started -> ProcessHandle.current()
                .children()
                .filter(ProcessHandle::isAlive)
                .findFirst());
        this.database = postgres.map(PostgresServer::newDatabase);
        this.settings = database.map(
                        made -> ServerSettings.onPostgres(workDir, made.jdbcUrl(), made.user(), made.password()))
                .orElseGet(() -> ServerSettings.onH2(workDir))
                .withJvmOptions((Heap.option(log()) + " " + jvmOptions).strip());
    }

    /** @param jvmOptions of the servers, on top of the shipped */
    static Stand onPostgres(String jvmOptions) throws IOException {
        return new Stand(Optional.of(PostgresServer.start()), jvmOptions);
    }

    /** The same with H2 in the server. */
    static Stand onH2(String jvmOptions) throws IOException {
        return new Stand(Optional.empty(), jvmOptions);
    }

    /**
     * The JVM options by which devices without a connection leave the server's memory after so many seconds instead of 120. How long
     * one waits for its session after a restart must not be longer, and plays no part in what is measured.
     */
    static String passivating(int seconds) {
        return "-Dpush.device.passivate-after=%1$ds -Dpush.device.session-return=%1$ds ".formatted(seconds);
    }

    ServerProcess start() {
        return ServerProcess.start(settings);
    }

    /** What its servers are started with. */
    ServerSettings settings() {
        return settings;
    }

    static InetSocketAddress address(ServerProcess server) {
        return new InetSocketAddress(
                InetAddress.getLoopbackAddress(), server.settings().httpPort());
    }

    Meters meters(ServerProcess server) throws IOException {
        return new Meters(server, databaseProcess);
    }

    Heap heap(ServerProcess server) {
        return new Heap(log(), server.handle().pid());
    }

    private Path log() {
        return workDir.resolve("gc.log");
    }

    /** The database's first process. Only on PostgreSQL. */
    ProcessHandle databaseProcess() {
        return databaseProcess.orElseThrow();
    }

    /** Only on PostgreSQL. */
    PostgresServer.Database database() {
        return database.orElseThrow();
    }

    @Override
    public void close() throws IOException {
        postgres.ifPresent(PostgresServer::close);
        try (Stream<Path> files = Files.walk(workDir)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
