package io.lanying.load.cluster;

import io.lanying.load.client.ServerSettings;

/**
 * {@code kill -9} of one node, which starts again once the others have taken over.
 *
 * @param seen whether the others, on its machine, see its process end; otherwise it is as if its machine were lost
 */
record KilledOne(boolean seen) implements Harm {

    @Override
    public ServerSettings settings(ServerSettings shipped) {
        return seen ? shipped : shipped.withJvmOptions("-Dpush.node.cluster.neighbour-interval=0s");
    }

    @Override
    public void strike(Scene scene) {
        scene.rigKills(scene.victim());
    }

    @Override
    public void heal(Scene scene) {
        scene.nodes().startAgain(scene.victim());
    }
}
