package io.lanying.load.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The real server as a process of its own, started by a build's shipped script. Ended only by its process id; {@link #close}
 * leaves nothing behind.
 */
public final class ServerProcess implements AutoCloseable {

    private static final String READY = "lanying ready ";
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    private final Process process;
    private final ServerSettings settings;

    private ServerProcess(Process process, ServerSettings settings) {
        this.process = process;
        this.settings = settings;
    }

    /**
     * Starts the server and waits until it serves.
     *
     * @throws IllegalStateException with the end of its output, if it does not in time
     */
    public static ServerProcess start(ServerSettings settings) {
        ServerProcess server = launch(settings);
        server.awaitReady();
        return server;
    }

    /** Starts the server without waiting. */
    public static ServerProcess launch(ServerSettings settings) {
        try {
            Files.createDirectories(settings.workDir());
            Files.deleteIfExists(current(settings));
            List<String> command = new ArrayList<>(settings.launcher());
            command.addAll(List.of(settings.script().toString(), "node"));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(settings.workDir().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(current(settings).toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("LANYING_"));
            builder.environment().putAll(settings.environment());
            String options = (settings.jvmOptions() + " " + settings.agent()).strip();
            if (!options.isEmpty()) {
                builder.environment().put("LANYING_JAVA_OPTS", options);
            }
            return new ServerProcess(builder.start(), settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path current(ServerSettings settings) {
        return settings.workDir().resolve("server.out");
    }

    /** The shipped script of this build, found from the working directory upwards. */
    public static Path script() {
        Path start = Path.of("").toAbsolutePath();
        for (Path directory = start; directory != null; directory = directory.getParent()) {
            Path script = directory.resolve("cluster-config/bin/lanying");
            if (Files.isExecutable(script)) {
                return script;
            }
        }
        throw new IllegalStateException("cluster-config/bin/lanying is not above " + start);
    }

    /**
     * Waits until it serves.
     *
     * @throws IllegalStateException with the end of its output, if it does not in time; it is killed then
     */
    public void awaitReady() {
        Instant limit = Instant.now().plus(START_LIMIT);
        while (!output().contains(READY)) {
            if (!process.isAlive() || Instant.now().isAfter(limit)) {
                String tail = tail();
                kill();
                throw new IllegalStateException("the server did not start: " + tail);
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    public ServerSettings settings() {
        return settings;
    }

    public URI address() {
        return URI.create("http://" + settings.host() + ":" + settings.httpPort());
    }

    public URI management() {
        return URI.create("http://" + settings.host() + ":" + settings.managementPort());
    }

    /** The process that is the server: the script's, or the one it started. */
    public ProcessHandle handle() {
        Optional<ProcessHandle> child =
                process.descendants().filter(ServerProcess::isJava).findFirst();
        return child.orElse(process.toHandle());
    }

    private static boolean isJava(ProcessHandle handle) {
        return handle.info().command().orElse("").endsWith("java");
    }

    /** How many threads it has. */
    public long threads() {
        return status("Threads:");
    }

    /** How much memory it has, in bytes. */
    public long residentBytes() {
        return status("VmRSS:") * 1024;
    }

    private long status(String name) {
        try {
            return Files.readAllLines(Path.of("/proc/" + handle().pid() + "/status")).stream()
                    .filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** The exit code of a process that has ended. */
    public int exitCode() {
        return process.exitValue();
    }

    /** Completes when the process has ended, however. */
    public CompletableFuture<Process> ended() {
        return process.onExit();
    }

    /** SIGSTOP: it is there and does nothing, until it is thawed or killed. */
    public void freeze() {
        signal("STOP");
    }

    /** SIGCONT: it goes on as if no time had passed. */
    public void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(handle().pid()))
                    .inheritIO()
                    .start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("SIG" + name + " did not reach the server");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** {@code kill -9}, and waits until it is gone. Also after it has died by itself. */
    public void kill() {
        Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList()
                .forEach(ProcessHandle::destroyForcibly);
        awaitEnd(STOP_LIMIT);
        keepOutput();
    }

    /**
     * SIGTERM, and waits for the graceful end.
     *
     * @return the exit code
     */
    public int stop() {
        return stop(STOP_LIMIT);
    }

    /** The same, with another limit. */
    public int stop(Duration limit) {
        handle().destroy();
        awaitEnd(limit);
        keepOutput();
        return process.exitValue();
    }

    /**
     * Waits for an end that somebody else brought about.
     *
     * @return the exit code
     */
    public int awaitEnded(Duration limit) {
        awaitEnd(limit);
        keepOutput();
        return process.exitValue();
    }

    private void awaitEnd(Duration limit) {
        try {
            if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
                throw new IllegalStateException("the server did not end in " + limit + ": " + tail());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    /** Appends this process's output to the node's log, which holds all its lives. */
    private void keepOutput() {
        try {
            Path output = current(settings);
            if (Files.exists(output)) {
                byte[] bytes = Files.readAllBytes(output);
                Files.write(settings.log(), bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String output() {
        try {
            return Files.readString(current(settings));
        } catch (IOException e) {
            return "";
        }
    }

    private String tail() {
        String text = output();
        return text.substring(Math.max(0, text.length() - 4_000));
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
        keepOutput();
    }
}
