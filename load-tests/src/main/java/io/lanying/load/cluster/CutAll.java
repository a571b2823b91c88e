package io.lanying.load.cluster;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** Nobody reaches anybody, so nobody has a majority and all have to end; supervisors start them at once, the ways come back later. */
final class CutAll implements Harm {

    /** Longer than anybody waits before it decides, and than a start takes. */
    private static final Duration APART = Duration.ofSeconds(45);

    @Override
    public Between between() {
        return Between.NETWORKS;
    }

    @Override
    public void strike(Scene scene) {
        Pair.all(scene).forEach(pair -> pair.cut(scene));
        CompletableFuture<Void> mended = CompletableFuture.runAsync(() -> {
            LockSupport.parkNanos(APART.toNanos());
            Pair.all(scene).forEach(pair -> pair.mend(scene));
        });
        Scene.atOnce(scene.places(), place -> {
            scene.endsByItself(place);
            scene.nodes().startAgain(place);
        });
        mended.join();
        scene.struck();
    }

    @Override
    public void heal(Scene scene) {}
}
