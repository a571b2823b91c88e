package io.lanying.load.people;

import io.lanying.load.client.Nodes;
import io.lanying.load.client.ServerProcess;
import io.lanying.load.client.ServerSettings;
import io.lanying.load.crash.Store;
import io.lanying.load.rig.Rig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** What people stand on while they talk: a store, with one node or three, and what happens to the nodes. */
public enum Ground {
    H2("h2", Store.H2, 1),
    POSTGRES("postgres", Store.POSTGRES, 1),
    THREE_NODES("postgres-3", Store.POSTGRES, 3);

    /** Begins; completes when it is over. People go on talking meanwhile, if there is anybody to talk to. */
    interface Trouble extends Function<Rig, CompletableFuture<Void>> {}

    /**
     * Running nodes with an empty store.
     *
     * @param files where the store keeps its files, if not in the nodes' directories
     */
    record Prepared(Nodes nodes, List<Path> files) {}

    private final String text;
    private final Store store;
    private final int nodes;

    Ground(String text, Store store, int nodes) {
        this.text = text;
        this.store = store;
        this.nodes = nodes;
    }

    /** The name in results. */
    public String text() {
        return text;
    }

    /** @param each changes the settings of every node */
    Prepared prepare(Path workDir, long seed, UnaryOperator<ServerSettings> each) {
        Store.Prepared prepared = store.prepare(workDir.resolve("node"));
        ServerSettings first = each.apply(prepared.settings());
        Nodes started = nodes == 1
                ? Nodes.of(ServerProcess.start(first))
                : Nodes.start(ServerSettings.cluster(first, nodes, workDir), seed);
        return new Prepared(started, prepared.files());
    }

    /**
     * What happens, one after the other: the only node is killed and starts again, so often; of several, one is killed, another
     * one is drained and a new one takes its place, and the killed one comes back.
     */
    List<Trouble> troubles(int kills, long seed) {
        List<Trouble> troubles = new ArrayList<>();
        if (nodes == 1) {
            for (int kill = 0; kill < kills; kill++) {
                troubles.add(rig -> {
                    rig.killAndRestart();
                    return CompletableFuture.completedFuture(null);
                });
            }
            return troubles;
        }
        int killed = (int) Math.floorMod(seed, (long) nodes);
        int drained = (killed + 1) % nodes;
        troubles.add(rig -> {
            rig.kill(killed);
            return CompletableFuture.completedFuture(null);
        });
        troubles.add(rig -> CompletableFuture.runAsync(() -> {
            rig.nodes().join();
            rig.nodes().drain(drained);
        }));
        troubles.add(rig -> CompletableFuture.runAsync(() -> {
            rig.nodes().startAgain(killed);
            rig.nodes().awaitWhole();
        }));
        return troubles;
    }
}
