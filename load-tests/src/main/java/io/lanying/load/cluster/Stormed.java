package io.lanying.load.cluster;

import io.lanying.load.bench.ReconnectStorm;
import io.lanying.load.client.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Three thousand devices lose their connections in one moment and connect in the next, each at another node, as after a failed router. */
final class Stormed implements Harm {

    private static final int DEVICES = 3_000;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Optional<ReconnectStorm> storm = Optional.empty();

    @Override
    public void prepare(Scene scene) {
        List<ServerProcess> nodes =
                scene.places().stream().map(scene.nodes()::at).toList();
        storm = Optional.of(ReconnectStorm.of(nodes, DEVICES));
    }

    @Override
    public void strike(Scene scene) {
        try {
            report(scene, storm.orElseThrow().run(scene::struck, LIMIT));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void report(Scene scene, ReconnectStorm.Result result) {
        scene.figure("devices in the storm", DEVICES);
        scene.figure("milliseconds until 99 of 100 were welcomed again", Math.round(result.seconds99() * 1_000));
        scene.figure("milliseconds until all were", Math.round(result.seconds() * 1_000));
        scene.figure("most welcomed in a second", result.mostWelcomedInASecond());
        scene.figure("milliseconds from hello to welcome for 99 of 100", result.helloMillis99());
        scene.figure("attempts sent away", result.refused());
        scene.figure("devices not welcomed again", result.unwelcomed(), 0);
        scene.figure("pushes accepted around the storm", result.accepted());
        scene.figure("of these lost", result.lost(), 0);
        scene.figure("of these repeated", result.repeated());
        scene.figure("of these invented", result.invented(), 0);
        scene.figure("of these out of order or gone", (long) result.outOfOrder() + result.gone(), 0);
    }

    @Override
    public void heal(Scene scene) {
        scene.demandAllAlive();
    }
}
