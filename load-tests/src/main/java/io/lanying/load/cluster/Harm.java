package io.lanying.load.cluster;

import io.lanying.load.client.Builds;
import io.lanying.load.client.ServerSettings;

/** What a {@link ClusterFault} does in one run. Strikes and heals on a thread of its own, while services send. */
interface Harm {

    /** What stands between nodes, or between them and their database, so that it can be tampered with. */
    enum Between {
        NOTHING,
        /** Each node is in a network of its own. */
        NETWORKS,
        /** Nodes reach their database by a way that can be made slow. */
        SLOW_WAY
    }

    /** What nodes are started with. */
    default ServerSettings settings(ServerSettings shipped) {
        return shipped;
    }

    /** Which builds there are. */
    default Builds builds() {
        return Builds.THIS;
    }

    default Between between() {
        return Between.NOTHING;
    }

    /** Whether it makes networks or mounts disks, which end with the namespaces that they are in. */
    default boolean needsNamespaces() {
        return between() == Between.NETWORKS;
    }

    /** Makes tenants and devices of its own, before anything is sent. */
    default void prepare(Scene scene) {}

    /** Does the harm; returns when it is done, which may take a while. */
    void strike(Scene scene);

    /** Makes the cluster as large as it was, after everybody is answered again. */
    void heal(Scene scene);

    /** Reports what it has seen, once all is settled. */
    default void report(Scene scene) {}
}
