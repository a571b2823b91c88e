package io.lanying.load.vendor;

import io.lanying.load.client.VendorSimulator.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;

/** The committed file of runs: a line each, never changed, so that runs accumulate over days and machines. */
public final class VendorResults {

    private static final String HEADER =
            "fault,vendor,seed,items,attemptsMean,attemptsMax,repeats,offers,outcomes,openOffers,wrongDeletions,"
                    + "ownP99Quiet,ownP99Fault,otherP99Quiet,otherP99Fault,violations,date,commit\n";

    private final Path file;

    public VendorResults(Path file) {
        this.file = file;
    }

    /** Whether the file has this run already. */
    public boolean has(VendorFault fault, Kind vendor, long seed) throws IOException {
        String start = fault.text() + "," + vendor.channel() + "," + seed + ",";
        List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
        return lines.stream().anyMatch(line -> line.startsWith(start));
    }

    /** Appends a run. */
    public void add(Outcome outcome, Clock clock, String commit) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        String line = outcome.line() + "," + LocalDate.now(clock) + "," + commit + "\n";
        String text = Files.exists(file) ? line : HEADER + line;
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
