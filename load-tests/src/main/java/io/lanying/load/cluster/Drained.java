package io.lanying.load.cluster;

/** A new node joins, then an old one is asked to stop. */
final class Drained implements Harm {

    @Override
    public void strike(Scene scene) {
        scene.nodes().join();
        scene.struck();
        scene.nodes().drain(scene.victim());
    }

    @Override
    public void heal(Scene scene) {}
}
