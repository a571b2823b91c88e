package io.lanying.persistence.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real Cassandra of one node, for tests: a process of its own with its own directory and free ports on 127.0.0.1. It ends by
 * {@link #close} or with the JVM. Thread-safe.
 */
public final class CassandraServer implements AutoCloseable {

    /** The only data centre. */
    public static final String DATACENTER = "datacenter1";

    private static final int START_SECONDS = 120;

    /** Where the build lists the server's jars, seen from the modules whose tests start it. */
    private static final List<Path> CLASS_PATHS = List.of(
            Path.of("cassandra-server/target/cassandra.classpath"),
            Path.of("../persistence/cassandra-server/target/cassandra.classpath"));

    /** What Cassandra needs of Java 17 (conf/jvm17-server.options of its source). */
    private static final List<String> OPENED = List.of(
            "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
            "--add-exports=java.base/java.lang.ref=ALL-UNNAMED",
            "--add-exports=java.management.rmi/com.sun.jmx.remote.internal.rmi=ALL-UNNAMED",
            "--add-exports=java.rmi/sun.rmi.registry=ALL-UNNAMED",
            "--add-exports=java.rmi/sun.rmi.server=ALL-UNNAMED",
            "--add-exports=java.sql/java.sql=ALL-UNNAMED",
            "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.module=ALL-UNNAMED",
            "--add-opens=java.base/jdk.internal.loader=ALL-UNNAMED",
            "--add-opens=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-opens=java.base/jdk.internal.reflect=ALL-UNNAMED",
            "--add-opens=java.base/jdk.internal.math=ALL-UNNAMED",
            "--add-opens=java.base/jdk.internal.module=ALL-UNNAMED",
            "--add-opens=java.base/jdk.internal.util.jar=ALL-UNNAMED",
            "--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED");

    private final Path dir;
    private final int port;
    private final Process process;
    private final Thread atExit = new Thread(this::end, "cassandra-end");

    private CassandraServer(Path dir, int port, Process process) {
        this.dir = dir;
        this.port = port;
        this.process = process;
    }

    /** Makes and starts one; returns when it takes connections. */
    public static CassandraServer start() {
        try {
            Path dir = Files.createTempDirectory("lanying-cassandra-");
            int port = freePort();
            Path config = Files.writeString(dir.resolve("cassandra.yaml"), yaml(dir, port, freePort()));
            Path logging = Files.writeString(dir.resolve("logback.xml"), LOGBACK);
            CassandraServer server = new CassandraServer(dir, port, launch(dir, config, logging));
            Runtime.getRuntime().addShutdownHook(server.atExit);
            server.awaitReady();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** host:port for clients. */
    public String contactPoint() {
        return "127.0.0.1:" + port;
    }

    /** It is there and answers nobody, until {@link #goOn}. */
    public void freeze() {
        signal("STOP");
    }

    /** After {@link #freeze}. */
    public void goOn() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** {@code kill -9}. */
    public void kill() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("Cassandra does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    private void end() {
        kill();
        try (Stream<Path> files = Files.walk(dir)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            System.err.println("left behind: " + dir);
        }
    }

    private static Process launch(Path dir, Path config, Path logging) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPENED);
        command.addAll(List.of(
                "-Xms384m",
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dcassandra.config=" + config.toUri(),
                "-Dlogback.configurationFile=" + logging,
                "-Dcassandra.storagedir=" + dir,
                "-Dcassandra-foreground=true",
                "-Dcassandra.ring_delay_ms=100",
                "-Dcassandra.skip_wait_for_gossip_to_settle=0",
                "-Dcassandra.superuser_setup_delay_ms=0",
                "-Djdk.attach.allowAttachSelf=true",
                "-Dio.netty.tryReflectionSetAccessible=true",
                "-cp",
                classPath(),
                "org.apache.cassandra.service.CassandraDaemon"));
        return new ProcessBuilder(command)
                .directory(dir.toFile())
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("server.log").toFile())
                .start();
    }

    private static String classPath() throws IOException {
        for (Path path : CLASS_PATHS) {
            if (Files.exists(path)) {
                return Files.readString(path).strip();
            }
        }
        throw new IllegalStateException("no list of Cassandra's jars: build persistence/cassandra-server first (-am)");
    }

    private static String yaml(Path dir, int port, int storagePort) {
        return """
                cluster_name: lanying
                partitioner: org.apache.cassandra.dht.Murmur3Partitioner
                num_tokens: 1
                data_file_directories: ["%1$s/data"]
                commitlog_directory: %1$s/commitlog
                saved_caches_directory: %1$s/saved_caches
                hints_directory: %1$s/hints
                cdc_raw_directory: %1$s/cdc_raw
                commitlog_sync: periodic
                commitlog_sync_period: 10000ms
                seed_provider:
                  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
                    parameters:
                      - seeds: "127.0.0.1:%3$d"
                listen_address: 127.0.0.1
                rpc_address: 127.0.0.1
                storage_port: %3$d
                start_native_transport: true
                native_transport_port: %2$d
                endpoint_snitch: SimpleSnitch
                auto_snapshot: false
                concurrent_reads: 4
                concurrent_writes: 4
                concurrent_compactors: 1
                """.formatted(dir, port, storagePort);
    }

    private static final String LOGBACK = """
            <configuration>
              <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
                <encoder><pattern>%d %-5level %logger{0} %msg%n</pattern></encoder>
              </appender>
              <root level="INFO"><appender-ref ref="out"/></root>
            </configuration>
            """;

    private void awaitReady() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (System.nanoTime() < deadline) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
                return;
            } catch (IOException e) {
                if (exited(100)) {
                    throw new IllegalStateException("Cassandra ended at once: " + logTail(), e);
                }
            }
        }
        throw new IllegalStateException("Cassandra does not answer: " + logTail());
    }

    private boolean exited(long millis) {
        try {
            return process.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private String logTail() {
        try {
            List<String> lines = Files.readAllLines(dir.resolve("server.log"));
            return String.join(" / ", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
        } catch (IOException e) {
            return "no log";
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
