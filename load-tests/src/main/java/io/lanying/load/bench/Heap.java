package io.lanying.load.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** What is left on the server's heap after collections, from the collector's log: reading it disturbs nobody. */
final class Heap {

    private static final Pattern COLLECTION = Pattern.compile("Pause (\\w+).* \\d+M->(\\d+)M\\(");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path log;
    private final long pid;

    Heap(Path log, long pid) {
        this.log = log;
        this.pid = pid;
    }

    /** The JVM option that writes the log. */
    static String option(Path log) {
        return "-Xlog:gc:file=" + log;
    }

    /** How many collections there have been. */
    int collections() {
        return after("").size();
    }

    /** The most that a collection left, in MiB, of all after the first so many; 0 if there were none. */
    long highestSince(int collections) {
        return after("").stream()
                .skip(collections)
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }

    /** Collects everything and says what is left, in MiB. Stops the server for some 100 ms. */
    long collect() throws IOException, InterruptedException {
        int before = after("Full").size();
        jcmd(pid, "GC.run");
        List<Long> full = after("Full");
        if (full.size() == before) {
            throw new IOException("no full collection in " + log);
        }
        return full.get(full.size() - 1);
    }

    /** What the JVM's own tool answers. */
    static String jcmd(long pid, String command) throws IOException, InterruptedException {
        String tool = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process process = new ProcessBuilder(tool, Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("jcmd " + command + " failed: " + output);
        }
        return output;
    }

    private List<Long> after(String kind) {
        try {
            return Files.readAllLines(log).stream()
                    .map(COLLECTION::matcher)
                    .filter(line -> line.find() && line.group(1).startsWith(kind))
                    .map(line -> Long.parseLong(line.group(2)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
