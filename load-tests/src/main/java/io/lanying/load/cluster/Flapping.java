package io.lanying.load.cluster;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A node's ways to the others come and go; whoever ends by it is started again. */
final class Flapping implements Harm {

    private static final int FLAPS = 6;
    private static final Duration FLAP_TIME = Duration.ofSeconds(4);

    @Override
    public Between between() {
        return Between.NETWORKS;
    }

    @Override
    public void strike(Scene scene) {
        for (int turn = 0; turn < FLAPS; turn++) {
            Pair.of(scene, scene.victim()).forEach(pair -> pair.cut(scene));
            LockSupport.parkNanos(FLAP_TIME.toNanos());
            Pair.of(scene, scene.victim()).forEach(pair -> pair.mend(scene));
            LockSupport.parkNanos(FLAP_TIME.toNanos());
        }
        startAgainWhoEnded(scene);
        scene.struck();
    }

    /** One may have ended since. */
    @Override
    public void heal(Scene scene) {
        startAgainWhoEnded(scene);
    }

    private static void startAgainWhoEnded(Scene scene) {
        for (int place : scene.places()) {
            if (!scene.nodes().at(place).alive()) {
                scene.endsByItself(place);
                scene.nodes().startAgain(place);
            }
        }
    }
}
