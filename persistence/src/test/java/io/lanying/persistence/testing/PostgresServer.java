package io.lanying.persistence.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A real PostgreSQL server with fsync on, for tests and load programs: its own directory and free port on 127.0.0.1, started
 * in about two seconds, stopped by {@link #close} or when the JVM ends. Works as root (the server then runs as another user)
 * and as an ordinary user. Thread-safe.
 */
public final class PostgresServer implements AutoCloseable {

    private static final int START_SECONDS = 60;
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final PostgresPrograms programs;
    private final Path dir;
    private final String password;
    private final int port;
    private final Thread atExit = new Thread(this::end, "postgres-end");
    private String addresses = "127.0.0.1";
    private Process server;

    private PostgresServer(PostgresPrograms programs, Path dir, String password, int port) {
        this.programs = programs;
        this.dir = dir;
        this.password = password;
        this.port = port;
    }

    /**
     * Makes a new server in a new directory and starts it.
     *
     * @throws IllegalStateException if PostgreSQL is not installed (the message says what to install) or does not start
     */
    public static PostgresServer start() {
        try {
            PostgresPrograms programs = PostgresPrograms.find();
            Path dir = Files.createTempDirectory("lanying-postgres-");
            byte[] random = new byte[16];
            new SecureRandom().nextBytes(random);
            PostgresServer made =
                    new PostgresServer(programs, dir, HexFormat.of().formatHex(random), freePort());
            Runtime.getRuntime().addShutdownHook(made.atExit);
            made.init();
            made.startAgain();
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on it also listens at this address of this machine, to that address's network of 256. */
    public synchronized void listenAt(String address) {
        stop();
        try {
            Files.writeString(
                    dir.resolve("data").resolve("pg_hba.conf"),
                    "host all all " + address + "/24 scram-sha-256\n",
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        addresses = "127.0.0.1," + address;
        startAgain();
    }

    /** One server for the whole JVM, started when first asked for; it ends with the JVM. */
    public static PostgresServer shared() {
        return Shared.SERVER;
    }

    /** A fresh empty database. */
    public Database newDatabase() {
        String name = "lanying_" + DATABASES.incrementAndGet();
        execute("CREATE DATABASE " + name);
        return new Database(url(name), "lanying", password);
    }

    /** Runs one statement in the server's own database, as its superuser. */
    public void execute(String sql) {
        try (var connection = DriverManager.getConnection(url("postgres"), "lanying", password);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refused: " + e.getMessage(), e);
        }
    }

    public int port() {
        return port;
    }

    /** What it has logged. */
    public List<String> log() {
        try {
            return Files.readAllLines(logFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it on the same data and port after {@link #stop} or {@link #kill}; returns when it takes connections. */
    public synchronized void startAgain() {
        try {
            server = new ProcessBuilder(programs.asServerUser(
                            "postgres",
                            List.of(
                                    "-D",
                                    dir.resolve("data").toString(),
                                    "-p",
                                    Integer.toString(port),
                                    "-c",
                                    "listen_addresses=" + addresses,
                                    "-c",
                                    "unix_socket_directories=",
                                    "-c",
                                    "fsync=on",
                                    "-c",
                                    "max_connections=100")))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()))
                    .directory(dir.toFile())
                    .start();
            awaitReady();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops it in order; sessions are ended, data is flushed. */
    public synchronized void stop() {
        if (server != null && server.isAlive()) {
            // SIGINT is PostgreSQL's "fast shutdown"; SIGTERM, which Java sends, would wait for all sessions.
            signal("INT", server.pid());
            awaitEnd(List.of(server.toHandle()));
        }
    }

    /** {@code kill -9} of all its processes, as when the machine fails. */
    public synchronized void kill() {
        if (server == null) {
            return;
        }
        List<ProcessHandle> all = new ArrayList<>(List.of(server.toHandle()));
        server.descendants().forEach(all::add);
        all.forEach(process -> signal("KILL", process.pid()));
        awaitEnd(all);
    }

    /** Stops it and removes its directory. */
    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    private synchronized void end() {
        kill();
        try (Stream<Path> files = Files.walk(dir)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            System.err.println("left behind: " + dir);
        }
    }

    private void init() throws IOException {
        Path passwordFile = Files.writeString(dir.resolve("password"), password);
        programs.giveToServerUser(dir);
        programs.giveToServerUser(passwordFile);
        Process init = new ProcessBuilder(programs.asServerUser(
                        "initdb",
                        List.of(
                                "-D",
                                dir.resolve("data").toString(),
                                "-U",
                                "lanying",
                                "-A",
                                "scram-sha-256",
                                "--pwfile=" + passwordFile,
                                "-E",
                                "UTF8",
                                "--locale=C",
                                "--no-sync")))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()))
                .directory(dir.toFile())
                .start();
        try {
            if (!init.waitFor(START_SECONDS, TimeUnit.SECONDS) || init.exitValue() != 0) {
                init.destroyForcibly();
                throw new IllegalStateException("initdb failed: " + logTail());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void awaitReady() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (System.nanoTime() < deadline) {
            try (var connection = DriverManager.getConnection(url("postgres"), "lanying", password)) {
                return;
            } catch (SQLException e) {
                if (exited(50)) {
                    throw new IllegalStateException("PostgreSQL ended at once: " + logTail(), e);
                }
            }
        }
        throw new IllegalStateException("PostgreSQL does not answer: " + logTail());
    }

    private boolean exited(long millis) {
        try {
            return server.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static void awaitEnd(List<ProcessHandle> processes) {
        for (ProcessHandle process : processes) {
            try {
                process.onExit().get(START_SECONDS, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new IllegalStateException("process " + process.pid() + " does not end", e);
            }
        }
    }

    private static void signal(String name, long pid) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            kill.waitFor(10, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    private Path logFile() {
        return dir.resolve("server.log");
    }

    private String logTail() {
        try {
            List<String> lines = Files.readAllLines(logFile());
            return String.join(" / ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
        } catch (IOException e) {
            return "no log";
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** How to reach one database. */
    public record Database(String jdbcUrl, String user, String password) {}

    private static final class Shared {
        private static final PostgresServer SERVER = start();
    }
}
