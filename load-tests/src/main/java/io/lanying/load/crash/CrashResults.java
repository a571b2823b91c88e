package io.lanying.load.crash;

import io.lanying.load.agent.CrashPoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;

/** The committed file of runs: a line each, never changed, so that runs accumulate over days and machines. */
public final class CrashResults {

    private static final String HEADER = "point,store,seed,ops,violations,date,commit\n";

    private final Path file;

    public CrashResults(Path file) {
        this.file = file;
    }

    /** Whether the file has this run already. */
    public boolean has(CrashPoint point, Store store, long seed) throws IOException {
        String start = point.text() + "," + store.text() + "," + seed + ",";
        return lines().stream().anyMatch(line -> line.startsWith(start));
    }

    /** Appends a run. */
    public void add(CrashRun.Outcome outcome, Clock clock, String commit) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        String line = String.join(
                        ",",
                        outcome.point().text(),
                        outcome.store().text(),
                        Long.toString(outcome.seed()),
                        Long.toString(outcome.ops()),
                        Integer.toString(outcome.verdict().violations().size()),
                        LocalDate.now(clock).toString(),
                        commit)
                + "\n";
        String text = Files.exists(file) ? line : HEADER + line;
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private List<String> lines() throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    /** The commit that is checked out, with a plus if there are changes. */
    public static String commit() throws IOException {
        String hash = git("rev-parse", "--short", "HEAD");
        return git("status", "--porcelain", "--untracked-files=no").isEmpty() ? hash : hash + "+";
    }

    private static String git(String... arguments) throws IOException {
        String[] command = new String[arguments.length + 1];
        command[0] = "git";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }
}
