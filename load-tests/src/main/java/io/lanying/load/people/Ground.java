package io.lanying.load.people;

import io.lanying.load.client.Builds;
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
    H2("h2", Store.H2, 1, Builds.THIS),
    POSTGRES("postgres", Store.POSTGRES, 1, Builds.THIS),
    THREE_NODES("postgres-3", Store.POSTGRES, 3, Builds.THIS),
    /** Each of three nodes of an earlier build is replaced by one of this. */
    UPGRADE("upgrade", Store.POSTGRES, 3, Builds.EARLIER_THEN_THIS),
    /** Each of three nodes of this build is replaced by one of an earlier one. */
    GO_BACK("go-back", Store.POSTGRES, 3, Builds.THIS_THEN_EARLIER);

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
    private final Builds builds;

    Ground(String text, Store store, int nodes, Builds builds) {
        this.text = text;
        this.store = store;
        this.nodes = nodes;
        this.builds = builds;
    }

    /** The name in results. */
    public String text() {
        return text;
    }

    /** Which builds the nodes are of. */
    public Builds builds() {
        return builds;
    }

    /** @param each changes the settings of every node */
    Prepared prepare(Path workDir, long seed, UnaryOperator<ServerSettings> each) {
        Store.Prepared prepared = store.prepare(workDir.resolve("node"));
        ServerSettings first = builds.first(each.apply(prepared.settings()));
        Nodes started = nodes == 1
                ? Nodes.of(ServerProcess.start(first))
                : Nodes.start(ServerSettings.cluster(first, nodes, workDir), seed);
        return new Prepared(started, prepared.files());
    }

    /**
     * What happens, one after the other: the only node is killed and starts again, so often; of several, one is killed, another
     * one is drained and a new one takes its place, and the killed one comes back; of two builds, nodes of the one take the place of
     * the other's, the oldest's last.
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
        if (builds.areMixed()) {
            List<Integer> places = new ArrayList<>();
            for (int turn = 0; turn < nodes; turn++) {
                troubles.add(rig -> CompletableFuture.runAsync(() -> {
                    if (places.isEmpty()) {
                        places.addAll(rig.nodes().oldestLast());
                    }
                    rig.nodes().replace(places.remove(0), builds::next);
                }));
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
