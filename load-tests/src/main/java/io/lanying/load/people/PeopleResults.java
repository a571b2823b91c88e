package io.lanying.load.people;

import io.lanying.load.client.EarlierBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;

/** The committed file of runs: a line each, never changed, so that runs accumulate over days and machines. */
public final class PeopleResults {

    private static final String HEADER = "store,seed,ops,messages,told,vendorRequests,violations,date,commit\n";

    private final Path file;

    public PeopleResults(Path file) {
        this.file = file;
    }

    /** Whether the file has this run already. */
    public boolean has(Ground ground, long seed) throws IOException {
        String start = name(ground) + "," + seed + ",";
        List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
        return lines.stream().anyMatch(line -> line.startsWith(start));
    }

    /** Appends a run. */
    public void add(PeopleRun.Outcome outcome, Clock clock, String commit) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        String line = String.join(
                        ",",
                        name(outcome.ground()),
                        Long.toString(outcome.seed()),
                        Long.toString(outcome.ops()),
                        Long.toString(outcome.messages()),
                        Long.toString(outcome.told()),
                        Long.toString(outcome.buzzed()),
                        Integer.toString(outcome.verdict().violations().size()),
                        LocalDate.now(clock).toString(),
                        commit)
                + "\n";
        String text = Files.exists(file) ? line : HEADER + line;
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** With nodes of two builds also what the other one is. */
    private static String name(Ground ground) {
        return ground.builds().areMixed()
                ? ground.text() + "-" + EarlierBuild.required().commit()
                : ground.text();
    }
}
