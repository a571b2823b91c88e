package io.lanying.load.cluster;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** The database is stopped, or killed, by seed, and starts again. */
final class Outage implements Harm {

    private static final Duration OUTAGE = Duration.ofSeconds(20);

    @Override
    public void strike(Scene scene) {
        if (scene.seed() % 2 == 0) {
            scene.postgres().stop();
        } else {
            scene.postgres().kill();
        }
        LockSupport.parkNanos(OUTAGE.toNanos());
        scene.postgres().startAgain();
        scene.struck();
    }

    /** A store that is down for a while must not end anybody. */
    @Override
    public void heal(Scene scene) {
        scene.demandAllAlive();
    }
}
