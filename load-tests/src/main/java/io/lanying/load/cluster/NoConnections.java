package io.lanying.load.cluster;

import java.time.Duration;

/**
 * Others take all connections that the database has to give: first those that are free, which nodes must not notice, then the nodes'
 * own, so that these have none and get none until all are given back.
 */
final class NoConnections implements Harm {

    private static final Duration FREE_ONES = Duration.ofSeconds(8);
    private static final Duration ALL = Duration.ofSeconds(12);

    @Override
    public void strike(Scene scene) {
        try (Hoard hoard = new Hoard(scene::connect)) {
            hoard.take(FREE_ONES);
            scene.awaitAnswered();
            hoard.takeTheirs(ALL);
            scene.figure("connections taken", hoard.held());
            scene.figure("connections left to the nodes", hoard.left());
        }
        scene.struck();
    }

    /** As with a database that is away. */
    @Override
    public void heal(Scene scene) {
        scene.demandAllAlive();
    }

    @Override
    public void report(Scene scene) {
        scene.demandAnswers();
    }
}
