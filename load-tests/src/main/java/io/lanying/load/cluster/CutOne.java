package io.lanying.load.cluster;

/** A node reaches clients and the database, but not the others; it has to end by itself. */
final class CutOne implements Harm {

    @Override
    public Between between() {
        return Between.NETWORKS;
    }

    @Override
    public void strike(Scene scene) {
        Pair.of(scene, scene.victim()).forEach(pair -> pair.cut(scene));
    }

    @Override
    public void heal(Scene scene) {
        scene.endsByItself(scene.victim());
        Pair.of(scene, scene.victim()).forEach(pair -> pair.mend(scene));
        scene.nodes().startAgain(scene.victim());
    }
}
