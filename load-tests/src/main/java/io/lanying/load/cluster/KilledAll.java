package io.lanying.load.cluster;

/** {@code kill -9} of all nodes at once, which start again at once. */
final class KilledAll implements Harm {

    @Override
    public void strike(Scene scene) {
        scene.places().forEach(place -> scene.nodes().at(place).handle().destroyForcibly());
        scene.places().forEach(scene::rigKills);
        Scene.atOnce(scene.places(), place -> scene.nodes().startAgain(place));
    }

    @Override
    public void heal(Scene scene) {}
}
