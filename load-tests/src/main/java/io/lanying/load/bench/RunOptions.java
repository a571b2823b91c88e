package io.lanying.load.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What every benchmark can be told, and how it reports. */
final class RunOptions {

    /** The store of all benchmarks that cannot be told another one. */
    static final String POSTGRES = "PostgreSQL, fsync on";

    /** Does one run; throws what spoils it. */
    interface Run<T> {
        T run(int number) throws IOException, InterruptedException;
    }

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(names = "--runs", defaultValue = "3", description = "Runs; the median is reported.")
    private int runs = 3;

    @Option(names = "--java-opts", defaultValue = "", description = "JVM options of the server, on top of the shipped.")
    private String javaOpts = "";

    @Option(names = "--out", description = "Writes NAME.md and NAME.json; nothing if absent.")
    private Optional<Path> out = Optional.empty();

    int runs() {
        return runs;
    }

    String javaOpts() {
        return javaOpts;
    }

    /** Does all runs, one after the other. */
    <T> List<T> each(Run<T> run) throws IOException, InterruptedException {
        List<T> done = new ArrayList<>();
        for (int number = 1; number <= runs; number++) {
            System.out.printf("bench: run %d of %d%n", number, runs);
            done.add(run.run(number));
        }
        return done;
    }

    /** Refuses what was asked for with one line. */
    void demand(boolean possible, String rule) {
        if (!possible) {
            throw new ParameterException(command.commandLine(), rule);
        }
    }

    /**
     * Prints what was found, and writes it if asked to.
     *
     * @param loads of the machine before each run
     * @param parts the figures of each run, by the part of the report
     */
    void report(
            String title,
            List<String> circumstances,
            String store,
            List<String> loads,
            Map<String, List<Map<String, Double>>> parts)
            throws IOException {
        List<String> all = new ArrayList<>(circumstances);
        all.add("server, database (%s) and load generator on %d cores (%s), Java %s; load average before each run: %s"
                .formatted(
                        store,
                        Runtime.getRuntime().availableProcessors(),
                        processor(),
                        Runtime.version().feature(),
                        loads));
        List<String> arguments = command.root().commandLine().getParseResult().originalArgs();
        all.add("`load-tests/bin/bench %s`, %s".formatted(String.join(" ", arguments), LocalDate.now(ZoneOffset.UTC)));
        Report report = new Report(title, all);
        parts.forEach(report::part);
        System.out.println(report.markdown());
        if (out.isPresent()) {
            Path file = out.get().toAbsolutePath();
            Files.createDirectories(file.getParent());
            Files.writeString(Path.of(file + ".md"), report.markdown());
            Files.writeString(Path.of(file + ".json"), report.json().toPrettyString() + "\n");
        }
    }

    private static String processor() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        }
    }
}
