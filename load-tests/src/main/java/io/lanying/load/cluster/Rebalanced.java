package io.lanying.load.cluster;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A fourth node comes and goes, again and again: shards move to it, and from it back to the others, while everybody sends. */
final class Rebalanced implements Harm {

    private static final int ROUNDS = 3;
    /** Shards begin to move within 3 s and go a fifth at a time. */
    private static final Duration MOVING = Duration.ofSeconds(9);

    private static final Duration LONGEST_STOP = Duration.ofSeconds(45);

    @Override
    public void strike(Scene scene) {
        for (int round = 0; round < ROUNDS; round++) {
            scene.struck();
            int fourth = scene.nodes().join();
            scene.nodes().awaitWhole();
            LockSupport.parkNanos(MOVING.toNanos());
            scene.awaitAnswered();
            demandShards(scene, fourth);
            scene.struck();
            long asked = System.nanoTime();
            scene.nodes().drain(fourth);
            Duration took = Duration.ofNanos(System.nanoTime() - asked);
            scene.stopped(took);
            scene.figure("milliseconds until the fourth node had ended", took.toMillis(), LONGEST_STOP.toMillis());
            scene.awaitAnswered();
        }
    }

    /** Or nothing would have been tried. */
    private static void demandShards(Scene scene, int place) {
        int shards = scene.nodes().shards(place);
        scene.figure("shards that the fourth node had", shards);
        if (shards == 0) {
            throw new IllegalStateException("no shard moved to the fourth node");
        }
    }

    @Override
    public void heal(Scene scene) {}
}
