package io.lanying.load.bench;

import io.lanying.load.client.ServerProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of the module {@code load-tests/micro} as a process of its own, with the server's libraries. */
final class MicroProgram implements AutoCloseable {

    /** As {@code bin/lanying} starts a node. */
    static final List<String> NODE_OPTIONS =
            List.of("-Xms512m", "-Xmx1g", "-Djava.util.concurrent.ForkJoinPool.common.parallelism=4");

    private static final int END_SECONDS = 10;

    private final Process process;
    private final BufferedReader output;

    private MicroProgram(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    /**
     * Starts it.
     *
     * @param main its class
     */
    static MicroProgram start(String main, List<String> jvmOptions, String... arguments) throws IOException {
        Path project = ServerProcess.script().resolve("../../..").normalize();
        Path classes = project.resolve("load-tests/micro/target/classes");
        if (!Files.isDirectory(classes)) {
            throw new IOException("not built: mvn -pl load-tests/micro -am -DskipTests package");
        }
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(jvmOptions);
        // The server's libraries hold another one.
        command.add("-Dlogback.configurationFile=" + classes.resolve("logback.xml"));
        command.addAll(
                List.of("-cp", classes + ":" + project.resolve("cluster-config/target/lanying/lib") + "/*", main));
        command.addAll(List.of(arguments));
        return new MicroProgram(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** The options of a server that runs, so that others can have the same; without its logs. */
    static List<String> optionsOf(ServerProcess server) {
        List<String> arguments =
                List.of(server.handle().info().arguments().orElseThrow(() -> new IllegalStateException("no /proc")));
        return arguments.subList(0, arguments.indexOf("-cp")).stream()
                .filter(option -> !option.startsWith("-Xlog"))
                .toList();
    }

    /** Its next line that begins with this word, without it. */
    String line(String word) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(word)) {
                return line.substring(word.length()).strip();
            }
            System.out.println(line);
        }
        throw new IOException("it ended before it said " + word);
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
        output.close();
    }
}
