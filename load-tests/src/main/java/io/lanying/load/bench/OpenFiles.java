package io.lanying.load.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How many files and sockets a process may have open: the server inherits it from us. Linux only. */
final class OpenFiles {

    private static final String LIMIT = "Max open files";

    /** Jars, logs, the journal's connections, posters. */
    private static final int OTHERS = 500;

    private OpenFiles() {}

    /** Refuses to run if so many connections do not fit. Java raises its own limit to the hard one. */
    static void demand(RunOptions options, int connections) throws IOException {
        String limit = Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith(LIMIT))
                .map(line -> line.substring(LIMIT.length()).strip().split("\\s+", -1)[1])
                .findFirst()
                .orElse("unlimited");
        int needed = connections + OTHERS;
        options.demand(
                limit.equals("unlimited") || Long.parseLong(limit) >= needed,
                "%d connections need %d open files, and a process may have %s here: raise the hard limit (ulimit -Hn)"
                        .formatted(connections, needed, limit));
    }
}
