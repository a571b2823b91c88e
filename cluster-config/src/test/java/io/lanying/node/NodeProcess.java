package io.lanying.node;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The node command as a process, on H2 in the directory; ended by its process id. */
final class NodeProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final Path out;
    private final Path err;

    private NodeProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /**
     * @param name of the files of its output
     * @param settings over those of the configuration
     */
    static NodeProcess start(Path directory, String name, Map<String, String> environment, Map<String, String> settings)
            throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Djava.util.concurrent.ForkJoinPool.common.parallelism=4", "-Xmx512m"));
        settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "node"));
        Path out = directory.resolve(name + ".out");
        Path err = directory.resolve(name + ".err");
        var builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().keySet().removeIf(variable -> variable.startsWith("LANYING_"));
        builder.environment().put("LANYING_DATA_DIR", directory.resolve("data").toString());
        builder.environment().put("LANYING_REMOTE_PORT", Integer.toString(NodeFixture.freePort()));
        builder.environment().put("LANYING_MANAGEMENT_PORT", Integer.toString(NodeFixture.freePort()));
        builder.environment().putAll(environment);
        return new NodeProcess(builder.start(), out, err);
    }

    /** Waits until it says that it serves; fails with what it complained of, should it end instead. */
    NodeProcess ready() {
        await("ready").atMost(PATIENCE).until(() -> !process.isAlive() || serves());
        if (!serves()) {
            throw new IllegalStateException("it has ended: " + complained());
        }
        return this;
    }

    private boolean serves() {
        return said().stream().anyMatch(line -> line.startsWith("lanying ready "));
    }

    /** The lines of its standard output. */
    List<String> said() {
        return lines(out);
    }

    List<String> complained() {
        return lines(err);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks it to end. */
    void terminate() {
        process.destroy();
    }

    /** Its exit code; within a minute. */
    int ended() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("it has not ended");
        }
        return process.exitValue();
    }

    /** As the loss of its machine: no handler of its own runs. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        ended();
    }

    /** By the name of a signal, such as STOP. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
