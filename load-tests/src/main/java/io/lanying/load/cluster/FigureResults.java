package io.lanying.load.cluster;

import io.lanying.load.history.HistoryEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;

/**
 * The committed file of what runs measured besides times: a line for each figure of a run, never changed. What was measured more than
 * once is there with its largest value.
 */
final class FigureResults {

    private static final String HEADER = "fault,seed,figure,value,limit,date,commit\n";

    private final Path file;

    FigureResults(Path file) {
        this.file = file;
    }

    /** Appends a run's. */
    void add(ClusterRun.Outcome outcome, Clock clock, String commit) throws IOException {
        Map<String, HistoryEvent.Measured> largest = new TreeMap<>();
        outcome.history()
                .all(HistoryEvent.Measured.class)
                .forEach(measured -> largest.merge(
                        measured.what(), measured, (one, other) -> one.value() >= other.value() ? one : other));
        if (largest.isEmpty()) {
            return;
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        StringBuilder lines = new StringBuilder(Files.exists(file) ? "" : HEADER);
        for (HistoryEvent.Measured measured : largest.values()) {
            String limit = measured.limit() == Long.MAX_VALUE ? "" : Long.toString(measured.limit());
            lines.append(String.join(
                            ",",
                            outcome.fault().text(),
                            Long.toString(outcome.seed()),
                            measured.what().replace(',', ' '),
                            Long.toString(measured.value()),
                            limit,
                            LocalDate.now(clock).toString(),
                            commit))
                    .append('\n');
        }
        Files.writeString(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
