package io.lanying.node.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A command of ours as a process of its own, with its output in files. */
final class NodeProcess {

    private static final String READY = "lanying ready ";
    private static final String REFUSED = "lanying: ";
    private static final Duration START = Duration.ofMinutes(2);

    private final Process process;

    private NodeProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts {@code node} and returns once it serves.
     *
     * @throws CommandFailed with the line that the node itself gave as the reason
     */
    static NodeProcess node(LocalState state, Map<String, String> environment) {
        Path out = state.path("node.out");
        Path log = state.path("node.log");
        NodeProcess node = start(List.of("node"), environment, out, log, List.of("-Xmx512m"));
        long deadline = System.nanoTime() + START.toNanos();
        while (node.line(out, READY).isEmpty()) {
            if (!node.process.isAlive()) {
                throw new CommandFailed(node.line(log, REFUSED)
                        .map(line -> line.substring(REFUSED.length()))
                        .orElse("the node did not start: see " + log));
            }
            if (System.nanoTime() > deadline) {
                node.kill();
                throw new CommandFailed("the node did not start within " + START.toSeconds() + " s: see " + log);
            }
            pause();
        }
        return node;
    }

    /** Starts another command, which goes on when this process has ended. */
    static NodeProcess start(
            List<String> command, Map<String, String> environment, Path out, Path log, List<String> javaOptions) {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.util.concurrent.ForkJoinPool.common.parallelism=4"));
        line.addAll(javaOptions);
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.lanying.node.Main"));
        line.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectErrorStream(out.equals(log));
        if (!out.equals(log)) {
            builder.redirectError(log.toFile());
        }
        // The quickstart's store is its own, whatever database the shell points at.
        builder.environment().keySet().removeIf(name -> name.startsWith("LANYING_JDBC_"));
        builder.environment().putAll(environment);
        try {
            return new NodeProcess(builder.start());
        } catch (IOException e) {
            throw new CommandFailed("cannot start a process: " + e.getMessage(), e);
        }
    }

    /** The URL in the node's ready line. */
    String url(LocalState state) {
        return line(state.path("node.out"), READY).orElseThrow().substring(READY.length());
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** {@code kill -9}: no hook runs, nothing is flushed. Returns when the process is gone. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The status that the system gave the ended process: 128 plus the signal's number if a signal ended it. */
    int exitStatus() {
        return process.exitValue();
    }

    private Optional<String> line(Path file, String prefix) {
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(prefix)).reduce((first, last) -> last);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed("interrupted", e);
        }
    }
}
