package io.lanying.load.cluster;

import io.lanying.load.client.Nodes;
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
    /** F1: one node dies; it starts again once the others have taken over. */
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
            int exitCode = scene.nodes().at(scene.victim()).awaitEnded(FOUND_OUT);
            if (exitCode == 0) {
                throw new IllegalStateException("a node that was removed ended as if it had been asked to");
            }
            scene.restarted();
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
    };

    /** More than 3 × (stable-after + the margin of sharding), both 5 s. */
    private static final Duration FROZEN = Duration.ofSeconds(42);

    private static final Duration FOUND_OUT = Duration.ofSeconds(60);
    private static final Duration OUTAGE = Duration.ofSeconds(20);

    /** What a fault works on. */
    interface Scene {
        Nodes nodes();

        PostgresServer postgres();

        long seed();

        /** The place of the node that it happens to. */
        int victim();

        /** Kills a node, and has it recorded. */
        void rigKills(int place);

        /** Records that a node lost what it had in memory. */
        void restarted();

        /** What is measured is measured from now on, not from the beginning of the strike. */
        void struck();

        long nanosSinceStrike();
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
