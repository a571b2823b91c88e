package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code lanying …} as an operator gives it: a process with an environment of its own, which has to end within a minute. */
final class CommandProcess {

    /** How it ended and what it said, by line. */
    record Ran(int exit, List<String> out, List<String> err) {}

    private CommandProcess() {}

    /** @param directory for what it says */
    static Ran run(Path directory, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        Path out = directory.resolve("command.out");
        Path err = directory.resolve("command.err");
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.util.concurrent.ForkJoinPool.common.parallelism=4",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().keySet().removeIf(variable -> variable.startsWith("LANYING_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return new Ran(process.exitValue(), Files.readAllLines(out), Files.readAllLines(err));
        } finally {
            process.destroyForcibly();
        }
    }
}
