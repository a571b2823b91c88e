package io.lanying.load.bench;

import picocli.CommandLine.Option;

/** What a benchmark of single pushes can be told of its POSTs. */
final class PostOptions {

    @Option(names = "--outstanding", defaultValue = "64", description = "POSTs on their way at once.")
    private int outstanding = 64;

    @Option(names = "--bytes", defaultValue = "300", description = "Size of a message.")
    private int bytes = 300;

    @Option(names = "--warm-up", defaultValue = "20", description = "Seconds before measuring.")
    private int warmUpSeconds = 20;

    @Option(names = "--seconds", defaultValue = "30", description = "Measured seconds.")
    private int seconds = 30;

    int outstanding() {
        return outstanding;
    }

    int bytes() {
        return bytes;
    }

    int warmUpSeconds() {
        return warmUpSeconds;
    }

    int seconds() {
        return seconds;
    }
}
