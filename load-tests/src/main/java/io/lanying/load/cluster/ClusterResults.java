package io.lanying.load.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;

/** The committed file of runs: a line each, never changed, so that runs accumulate over days and machines. */
public final class ClusterResults {

    private static final String HEADER =
            "fault,seed,ops,refused,unanswered,secondsToFirstAnswer,secondsToAnswer,longestWaitSeconds,doubleWriters,violations,date,commit\n";

    private final Path file;

    public ClusterResults(Path file) {
        this.file = file;
    }

    /** Whether the file has this run already. */
    public boolean has(ClusterFault fault, long seed) throws IOException {
        String start = fault.text() + "," + seed + ",";
        List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
        return lines.stream().anyMatch(line -> line.startsWith(start));
    }

    /** Appends a run. */
    public void add(ClusterRun.Outcome outcome, Clock clock, String commit) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        String line = String.join(
                        ",",
                        outcome.fault().text(),
                        Long.toString(outcome.seed()),
                        Long.toString(outcome.ops()),
                        Long.toString(outcome.refused()),
                        Long.toString(outcome.unanswered()),
                        seconds(outcome.secondsToFirstAnswer()),
                        seconds(outcome.secondsToAnswer()),
                        seconds(outcome.longestWait()),
                        Long.toString(outcome.doubleWriters()),
                        Integer.toString(outcome.verdict().violations().size()),
                        LocalDate.now(clock).toString(),
                        commit)
                + "\n";
        String text = Files.exists(file) ? line : HEADER + line;
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.1f", seconds);
    }
}
