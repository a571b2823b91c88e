package io.lanying.load.cluster;

import io.lanying.load.client.EarlierBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;

/** The committed file of runs with nodes of two builds: a line each, never changed, so that runs accumulate over days and machines. */
public final class UpgradeResults {

    private static final String HEADER =
            "run,earlier,seed,ops,refused,unanswered,p99BeforeMillis,p99DuringMillis,longestWaitSeconds,longestStopSeconds,"
                    + "secondsToAnswer,doubleWriters,violations,date,commit\n";

    private final Path file;
    private final EarlierBuild earlier;

    /** @param earlier the build of the runs that are asked for and added */
    public UpgradeResults(Path file, EarlierBuild earlier) {
        this.file = file;
        this.earlier = earlier;
    }

    /** Whether the file has this run already. */
    public boolean has(ClusterFault fault, long seed) throws IOException {
        String start = fault.text() + "," + earlier.commit() + "," + seed + ",";
        List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
        return lines.stream().anyMatch(line -> line.startsWith(start));
    }

    /** Appends a run. */
    public void add(ClusterRun.Outcome outcome, Clock clock, String commit) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        String line = String.join(
                        ",",
                        outcome.fault().text(),
                        earlier.commit(),
                        Long.toString(outcome.seed()),
                        Long.toString(outcome.ops()),
                        Long.toString(outcome.refused()),
                        Long.toString(outcome.unanswered()),
                        rounded("%.0f", outcome.felt().p99Before()),
                        rounded("%.0f", outcome.felt().p99During()),
                        rounded("%.1f", outcome.longestWait()),
                        rounded("%.1f", outcome.felt().longestStop()),
                        rounded("%.1f", outcome.secondsToAnswer()),
                        Long.toString(outcome.doubleWriters()),
                        Integer.toString(outcome.verdict().violations().size()),
                        LocalDate.now(clock).toString(),
                        commit)
                + "\n";
        String text = Files.exists(file) ? line : HEADER + line;
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static String rounded(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
