package io.lanying.load.cluster;

import io.lanying.load.client.Builds;
import io.lanying.load.client.Nodes;
import io.lanying.load.client.ServerSettings;
import io.lanying.persistence.testing.PostgresServer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** What happens to nodes and their database while services send. */
public enum ClusterFault {
    /** F1: one node dies, and the others, on its machine, see its process end; it starts again once they have taken over. */
    KILL_ONE {
        @Override
        void strike(Scene scene) {
            scene.rigKills(scene.victim());
        }

        @Override
        void heal(Scene scene) {
            scene.nodes().startAgain(scene.victim());
        }
    },
    /** F1 as well: as if its machine were lost, nobody sees anything but silence. */
    LOSE_ONE {
        @Override
        ServerSettings settings(ServerSettings shipped) {
            return shipped.withJvmOptions("-Dpush.node.cluster.neighbour-interval=0s");
        }

        @Override
        void strike(Scene scene) {
            scene.rigKills(scene.victim());
        }

        @Override
        void heal(Scene scene) {
            scene.nodes().startAgain(scene.victim());
        }
    },
    /** F2: all die at once, and start again at once. */
    KILL_ALL {
        @Override
        void strike(Scene scene) {
            List<Integer> places =
                    IntStream.range(0, scene.nodes().places()).boxed().toList();
            places.forEach(place -> scene.nodes().at(place).handle().destroyForcibly());
            places.forEach(scene::rigKills);
            atOnce(places, place -> scene.nodes().startAgain(place));
        }

        @Override
        void heal(Scene scene) {}
    },
    /** F5: one node stops for three times as long as the others need to go on without it, and then goes on as if nothing was. */
    FREEZE {
        @Override
        void strike(Scene scene) {
            scene.nodes().at(scene.victim()).freeze();
        }

        /** It finds itself removed, and ends; a supervisor starts it again. */
        @Override
        void heal(Scene scene) {
            LockSupport.parkNanos(Math.max(0, FROZEN.toNanos() - scene.nanosSinceStrike()));
            scene.nodes().at(scene.victim()).thaw();
            endsByItself(scene, scene.victim());
            scene.nodes().startAgain(scene.victim());
        }
    },
    /** F3 and F19: a new node joins, then an old one is asked to stop. */
    DRAIN {
        @Override
        void strike(Scene scene) {
            scene.nodes().join();
            scene.struck();
            scene.nodes().drain(scene.victim());
        }

        @Override
        void heal(Scene scene) {}
    },
    /** F3: each node of an earlier build ends by SIGTERM and starts again as this build, the oldest last. */
    UPGRADE {
        @Override
        public Builds builds() {
            return Builds.EARLIER_THEN_THIS;
        }

        @Override
        void strike(Scene scene) {
            scene.nodes().oldestLast().forEach(scene::replace);
        }

        @Override
        void heal(Scene scene) {}
    },
    /** F3 the other way: an upgrade is taken back, node by node, after events of the newer build were written. */
    GO_BACK {
        @Override
        public Builds builds() {
            return Builds.THIS_THEN_EARLIER;
        }

        @Override
        void strike(Scene scene) {
            scene.nodes().oldestLast().forEach(scene::replace);
        }

        @Override
        void heal(Scene scene) {}
    },
    /** F6: the database is stopped, or killed, and starts again. */
    DATABASE {
        @Override
        void strike(Scene scene) {
            if (scene.seed() % 2 == 0) {
                scene.postgres().stop();
            } else {
                scene.postgres().kill();
            }
            LockSupport.parkNanos(OUTAGE.toNanos());
            scene.postgres().startAgain();
            scene.struck();
        }

        /** A store that is down for a while must not end anybody. */
        @Override
        void heal(Scene scene) {
            for (int place = 0; place < scene.nodes().places(); place++) {
                if (!scene.nodes().at(place).alive()) {
                    throw new IllegalStateException("node " + place + " ended with its database");
                }
            }
        }
    },
    /** F4, two and one: a node reaches clients and the database, but not the others; it has to end by itself. */
    CUT_ONE {
        @Override
        boolean cutsNetworks() {
            return true;
        }

        @Override
        void strike(Scene scene) {
            scene.pairs(scene.victim()).forEach(pair -> scene.networks().cut(pair.one(), pair.other()));
        }

        @Override
        void heal(Scene scene) {
            endsByItself(scene, scene.victim());
            scene.pairs(scene.victim()).forEach(pair -> scene.networks().mend(pair.one(), pair.other()));
            scene.nodes().startAgain(scene.victim());
        }
    },
    /** F4, one and one and one: nobody has a majority, all have to end; their supervisors start them at once, the ways come back later. */
    CUT_ALL {
        @Override
        boolean cutsNetworks() {
            return true;
        }

        @Override
        void strike(Scene scene) {
            List<Integer> places =
                    IntStream.range(0, scene.nodes().places()).boxed().toList();
            scene.pairs().forEach(pair -> scene.networks().cut(pair.one(), pair.other()));
            CompletableFuture<Void> mended = CompletableFuture.runAsync(() -> {
                LockSupport.parkNanos(APART.toNanos());
                scene.pairs().forEach(pair -> scene.networks().mend(pair.one(), pair.other()));
            });
            atOnce(places, place -> {
                endsByItself(scene, place);
                scene.nodes().startAgain(place);
            });
            mended.join();
            scene.struck();
        }

        @Override
        void heal(Scene scene) {}
    },
    /** F4, flapping: a node's ways to the others come and go; whoever ends by it is started again. */
    FLAP {
        @Override
        boolean cutsNetworks() {
            return true;
        }

        @Override
        void strike(Scene scene) {
            for (int turn = 0; turn < FLAPS; turn++) {
                scene.pairs(scene.victim()).forEach(pair -> scene.networks().cut(pair.one(), pair.other()));
                LockSupport.parkNanos(FLAP_TIME.toNanos());
                scene.pairs(scene.victim()).forEach(pair -> scene.networks().mend(pair.one(), pair.other()));
                LockSupport.parkNanos(FLAP_TIME.toNanos());
            }
            startAgainWhoEnded(scene);
            scene.struck();
        }

        /** One may have ended since. */
        @Override
        void heal(Scene scene) {
            startAgainWhoEnded(scene);
        }
    };

    /** More than 3 × (stable-after + the margin of sharding), with room for what detection takes. */
    private static final Duration FROZEN = Duration.ofSeconds(42);

    /** Longer than anybody waits before it decides, and than a start takes. */
    private static final Duration APART = Duration.ofSeconds(45);

    private static final int FLAPS = 6;
    private static final Duration FLAP_TIME = Duration.ofSeconds(4);

    private static final Duration FOUND_OUT = Duration.ofSeconds(60);
    private static final Duration OUTAGE = Duration.ofSeconds(20);

    /** What a fault works on. */
    interface Scene {
        Nodes nodes();

        /** @throws java.util.NoSuchElementException if the fault did not say that it {@link ClusterFault#cutsNetworks} */
        Networks networks();

        PostgresServer postgres();

        long seed();

        /** The place of the node that it happens to. */
        int victim();

        /** Kills a node, and has it recorded. */
        void rigKills(int place);

        /** Records that a node lost what it had in memory. */
        void restarted();

        /**
         * Replaces a node by one of the run's other build; returns when every watched device has answered a command that was begun
         * after the old one was asked to end.
         */
        void replace(int place);

        /** What is measured is measured from now on, not from the beginning of the strike. */
        void struck();

        long nanosSinceStrike();

        /** All pairs of nodes, each once. */
        default List<Pair> pairs() {
            int places = nodes().places();
            return IntStream.range(0, places)
                    .boxed()
                    .flatMap(one -> IntStream.range(one + 1, places).mapToObj(other -> new Pair(one, other)))
                    .toList();
        }

        /** Those that this node is one of. */
        default List<Pair> pairs(int place) {
            return pairs().stream()
                    .filter(pair -> pair.one() == place || pair.other() == place)
                    .toList();
        }
    }

    /** Two nodes. */
    record Pair(int one, int other) {}

    /** What nodes are started with. */
    ServerSettings settings(ServerSettings shipped) {
        return shipped;
    }

    /** Which builds there are. */
    public Builds builds() {
        return Builds.THIS;
    }

    /** Whether nodes need networks of their own. */
    boolean cutsNetworks() {
        return false;
    }

    private static void startAgainWhoEnded(Scene scene) {
        for (int place = 0; place < scene.nodes().places(); place++) {
            if (!scene.nodes().at(place).alive()) {
                endsByItself(scene, place);
                scene.nodes().startAgain(place);
            }
        }
    }

    /** It has found out that it was removed, or has to be; a supervisor may start it again. */
    private static void endsByItself(Scene scene, int place) {
        int exitCode = scene.nodes().at(place).awaitEnded(FOUND_OUT);
        if (exitCode == 0) {
            throw new IllegalStateException("a node that was removed ended as if it had been asked to");
        }
        scene.restarted();
    }

    /** Does the harm; returns when it is done, which may take a while. */
    abstract void strike(Scene scene);

    /** Makes the cluster as large as it was, after everybody is answered again. */
    abstract void heal(Scene scene);

    /** The name in results. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void atOnce(List<Integer> places, IntConsumer work) {
        CompletableFuture.allOf(places.stream()
                        .map(place -> CompletableFuture.runAsync(() -> work.accept(place)))
                        .toArray(CompletableFuture[]::new))
                .join();
    }
}
