package io.lanying.load.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;

/** The load generator's sends where nobody is connected that would receive them: closed loop, counted by their answers. */
final class PostLoad {

    private final InetSocketAddress address;
    private final LoadPlan plan;
    private final Requests requests;

    PostLoad(InetSocketAddress address, Requests requests, int outstanding, int warmUpSeconds, int seconds) {
        this.address = address;
        this.requests = requests;
        this.plan = new LoadPlan(
                outstanding, 0, Duration.ofSeconds(warmUpSeconds), Duration.ofSeconds(seconds), Duration.ZERO);
    }

    /**
     * Returns how many were accepted altogether.
     *
     * @param result gets what the measured time showed; what it says of receipt is meaningless
     */
    int run(LoadLoop.Watcher watcher, Consumer<LoadResult> result) throws IOException {
        try (LoadLoop loop = new LoadLoop(address, plan, requests, watcher)) {
            result.accept(loop.run());
            return loop.accepted();
        }
    }
}
