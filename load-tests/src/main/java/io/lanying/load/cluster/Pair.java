package io.lanying.load.cluster;

import java.util.List;

/** Two nodes that reach each other, or do not. */
record Pair(int one, int other) {

    /** All there are, each once. */
    static List<Pair> all(Scene scene) {
        List<Integer> places = scene.places();
        return places.stream()
                .flatMap(one -> places.stream().filter(other -> other > one).map(other -> new Pair(one, other)))
                .toList();
    }

    /** Those that this node is one of. */
    static List<Pair> of(Scene scene, int place) {
        return all(scene).stream()
                .filter(pair -> pair.one == place || pair.other == place)
                .toList();
    }

    void cut(Scene scene) {
        scene.networks().cut(one, other);
    }

    void mend(Scene scene) {
        scene.networks().mend(one, other);
    }
}
