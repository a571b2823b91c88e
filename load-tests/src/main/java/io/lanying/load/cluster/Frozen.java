package io.lanying.load.cluster;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** One node stops, and goes on as if nothing was when the others have long gone on without it. */
final class Frozen implements Harm {

    /** More than 3 × (stable-after + the margin of sharding), with room for what detection takes. */
    private static final Duration FROZEN = Duration.ofSeconds(42);

    @Override
    public void strike(Scene scene) {
        scene.nodes().at(scene.victim()).freeze();
    }

    /** It finds itself removed, and ends; a supervisor starts it again. */
    @Override
    public void heal(Scene scene) {
        LockSupport.parkNanos(Math.max(0, FROZEN.toNanos() - scene.nanosSinceStrike()));
        scene.nodes().at(scene.victim()).thaw();
        scene.endsByItself(scene.victim());
        scene.nodes().startAgain(scene.victim());
    }
}
