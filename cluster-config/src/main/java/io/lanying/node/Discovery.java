package io.lanying.node;

import com.typesafe.config.Config;
import java.util.Map;
import java.util.Optional;

/**
 * How nodes find each other when no list names them.
 *
 * @param service the name that stands for the nodes
 * @param nodes that must be found before they form a first cluster
 */
record Discovery(Method method, String service, int nodes) {

    private static final String AT = "cluster.discovery";
    private static final String BOOTSTRAP = "akka.management.cluster.bootstrap.contact-point-discovery.";
    private static final int MOST_NODES = 100;

    /** Where a service's nodes are looked up. */
    enum Method {
        DNS("akka-dns", ""),
        /** Pods may have several ports: theirs for management has this name. */
        KUBERNETES("kubernetes-api", "management");

        private final String akkaName;
        private final String portName;

        Method(String akkaName, String portName) {
            this.akkaName = akkaName;
            this.portName = portName;
        }
    }

    /** Empty if the nodes are named by a list. */
    static Optional<Discovery> from(Config node) {
        String method = node.getString(AT + ".method");
        return switch (method) {
            case "seeds" -> Optional.empty();
            case "dns" -> Optional.of(read(Method.DNS, node));
            case "kubernetes" -> Optional.of(read(Method.KUBERNETES, node));
            default ->
                throw new StartRefused("LANYING_DISCOVERY=" + method + " is not known: use seeds, dns or kubernetes");
        };
    }

    private static Discovery read(Method method, Config node) {
        String service = node.getString(AT + ".service");
        if (service.isBlank()) {
            throw new StartRefused("LANYING_DISCOVERY_SERVICE is empty: name what stands for the nodes");
        }
        int nodes = node.getInt(AT + ".nodes");
        if (nodes < 2 || nodes > MOST_NODES) {
            throw new StartRefused(
                    "LANYING_DISCOVERY_NODES=" + nodes + " must be 2 to " + MOST_NODES
                            + ": as many as start together, or those form several clusters; leave LANYING_DISCOVERY out for a node alone");
        }
        return new Discovery(method, service, nodes);
    }

    /** What Akka has to be told beyond discovery.conf. */
    Map<String, String> settings() {
        return Map.of(BOOTSTRAP + "discovery-method", method.akkaName, BOOTSTRAP + "port-name", method.portName);
    }

    /** What Akka has to be told if nothing is discovered: nobody is to ask this node about clusters that are yet to be. */
    static Map<String, String> settingsWithout() {
        return Map.of("akka.management.http.routes.cluster-bootstrap", "");
    }
}
