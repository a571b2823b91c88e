package io.lanying.load.cluster;

import io.lanying.load.client.Builds;
import java.time.Duration;

/**
 * Each node ends by SIGTERM and starts again as the other build, the oldest last; the next one only when every watched device has
 * answered since the last was asked to end.
 */
record Replaced(Builds builds) implements Harm {

    @Override
    public void strike(Scene scene) {
        for (int place : scene.nodes().oldestLast()) {
            scene.struck();
            Duration stop = scene.nodes().replace(place, builds::next);
            scene.stopped(stop);
            scene.awaitAnswered();
        }
    }

    @Override
    public void heal(Scene scene) {}
}
