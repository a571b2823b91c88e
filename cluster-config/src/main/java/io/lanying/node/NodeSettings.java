package io.lanying.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.lanying.protocol.EntityId;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What an operator has set, checked as a whole before anything starts.
 *
 * @param region whose tenants are served
 * @param roles never empty
 * @param seedNodes {@code host:port} each; empty, and nothing discovered, means a cluster of one
 * @param discovery how other nodes are found if not by seed nodes
 * @param clusterTls what encrypts the transport between nodes; empty means nothing does
 * @param operatorKey the key itself, if one was given
 */
record NodeSettings(
        Journal journal,
        Path dataDir,
        String region,
        Set<Role> roles,
        Endpoint http,
        Endpoint remote,
        Endpoint management,
        List<String> seedNodes,
        Optional<Discovery> discovery,
        Optional<ClusterTls.Files> clusterTls,
        Optional<String> operatorKey,
        Duration startTimeout,
        Duration stopTimeout) {

    private static final Pattern OPERATOR_KEY = Pattern.compile("ok_[a-z2-7]{52}");
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
    private static final Pattern SEED = Pattern.compile("[^:\\s]+:[0-9]{1,5}");

    NodeSettings {
        roles = Set.copyOf(roles);
        seedNodes = List.copyOf(seedNodes);
    }

    /** The journals a node can be told to use. */
    enum Journal {
        H2("persistence-h2.conf"),
        POSTGRES("persistence-postgres.conf"),
        CASSANDRA("persistence-cassandra.conf");

        private final String resource;

        Journal(String resource) {
            this.resource = resource;
        }

        /** The configuration file of persistence that selects it. */
        String resource() {
            return resource;
        }

        static Journal of(String name) {
            return switch (name) {
                case "h2" -> H2;
                case "postgres" -> POSTGRES;
                case "cassandra" -> CASSANDRA;
                default ->
                    throw new StartRefused("LANYING_JOURNAL=" + name
                            + " is not known: use h2 (one node), postgres (clusters) or cassandra");
            };
        }
    }

    /** Where something listens, and the variable that says so. */
    record Endpoint(String host, int port, String variable) {

        boolean isLoopback() {
            return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
        }

        boolean isAnyAddress() {
            return host.equals("0.0.0.0") || host.equals("::");
        }
    }

    /**
     * Reads and checks the settings.
     *
     * @throws StartRefused naming the first that is wrong and what it may be
     */
    static NodeSettings from(Config config) {
        try {
            return read(config);
        } catch (ConfigException e) {
            throw new StartRefused("wrong setting: " + firstLine(e), e);
        }
    }

    private static NodeSettings read(Config config) {
        Config node = config.getConfig("push.node");
        NodeSettings settings = new NodeSettings(
                Journal.of(node.getString("journal")),
                dataDir(node.getString("data-dir")),
                region(node.getString("region")),
                Role.of(node.getString("roles")),
                endpoint(config, "push.http", "LANYING_HTTP_PORT"),
                endpoint(config, "push.node.cluster", "LANYING_REMOTE_PORT"),
                endpoint(config, "push.node.management", "LANYING_MANAGEMENT_PORT"),
                seeds(node.getString("cluster.seed-nodes")),
                Discovery.from(node),
                clusterTls(node.getConfig("cluster.tls")),
                Optional.of(node.getString("operator-key")).filter(key -> !key.isEmpty()),
                node.getDuration("start-timeout"),
                node.getDuration("stop-timeout"));
        settings.refuseContradictions();
        return settings;
    }

    /** Whether shards run under a lease. */
    static boolean lease(Config config) {
        String lease = config.getString("push.persistence.lease");
        return switch (lease) {
            case "on", "true" -> true;
            case "off", "false" -> false;
            default -> throw new StartRefused("LANYING_SHARD_LEASE=" + lease + " is not known: use on or off");
        };
    }

    private void refuseContradictions() {
        if (journal == Journal.H2 && !isAlone()) {
            throw new StartRefused((discovery.isPresent() ? "LANYING_DISCOVERY" : "LANYING_SEED_NODES")
                    + " needs a store that nodes can share: H2's files are used by one node only, "
                    + "set LANYING_JOURNAL=postgres");
        }
        if (discovery.isPresent() && !seedNodes.isEmpty()) {
            throw new StartRefused(
                    "LANYING_SEED_NODES and LANYING_DISCOVERY contradict each other: some nodes would form a "
                            + "cluster by the list and others by discovery; leave one of them out");
        }
        boolean elsewhere = management.isAnyAddress() || (management.isLoopback() && !remote.isLoopback());
        if (discovery.isPresent() && elsewhere) {
            throw new StartRefused(
                    "LANYING_MANAGEMENT_HOST=" + management.host() + " is not what other nodes find: with "
                            + "LANYING_DISCOVERY it has to be this node's own address, as LANYING_REMOTE_HOST");
        }
        if (isAlone() && roles.size() < Role.values().length) {
            throw new StartRefused("LANYING_ROLES needs both, entities and edge, at a node without others: "
                    + "name others by LANYING_SEED_NODES or LANYING_DISCOVERY");
        }
        if (operatorKey.isPresent() && !OPERATOR_KEY.matcher(operatorKey.get()).matches()) {
            // The value itself is a secret and stays out of the message.
            throw new StartRefused(
                    "LANYING_OPERATOR_KEY is not a key: it must be ok_ and 52 characters of a-z and 2-7");
        }
    }

    /** Whether nothing says how this node would find others. */
    boolean isAlone() {
        return seedNodes.isEmpty() && discovery.isEmpty();
    }

    boolean isEdge() {
        return roles.contains(Role.EDGE);
    }

    /** Why a node that was to join others may have been left alone. */
    String nobodyLetItIn() {
        String reached = ", and do they reach this one at " + remote.host() + ":" + remote.port() + "?";
        return discovery
                .map(found -> "no cluster was found, and fewer than " + found.nodes() + " nodes to form one, by "
                        + found.service() + " of LANYING_DISCOVERY_SERVICE: do they run" + reached)
                .orElse("no node of LANYING_SEED_NODES let this one in: do they run" + reached);
    }

    private static Optional<ClusterTls.Files> clusterTls(Config tls) {
        List<String> names = List.of("cert", "key", "ca");
        long given =
                names.stream().filter(name -> !tls.getString(name).isEmpty()).count();
        if (given == 0) {
            return Optional.empty();
        }
        if (given < names.size()) {
            throw new StartRefused(
                    "LANYING_CLUSTER_TLS_CERT, LANYING_CLUSTER_TLS_KEY and LANYING_CLUSTER_TLS_CA go together: "
                            + "set all three or none");
        }
        return Optional.of(new ClusterTls.Files(
                path("LANYING_CLUSTER_TLS_CERT", tls.getString("cert")),
                path("LANYING_CLUSTER_TLS_KEY", tls.getString("key")),
                path("LANYING_CLUSTER_TLS_CA", tls.getString("ca")),
                tls.getDuration("reload-interval")));
    }

    /** What is wise to be told at a start, a sentence each. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (clusterTls.isEmpty() && !remote.isLoopback()) {
            warnings.add("other machines reach the transport between nodes at " + remote.host()
                    + ", which is neither encrypted nor authenticated: keep it on a network that only nodes are on, "
                    + "or set LANYING_CLUSTER_TLS_CERT, LANYING_CLUSTER_TLS_KEY and LANYING_CLUSTER_TLS_CA");
        }
        if (seedNodes.size() == 2) {
            warnings.add("LANYING_SEED_NODES names two nodes: of two, the one with the higher address ends itself when "
                    + "they lose sight of each other, and with the lower one gone nobody serves; three are better");
        }
        return List.copyOf(warnings);
    }

    private static Endpoint endpoint(Config config, String at, String variable) {
        String port = config.getString(at + ".port");
        if (!PORT.matcher(port).matches() || Integer.parseInt(port) > 65_535) {
            throw new StartRefused(variable + "=" + port + " is not a port: use 1 to 65535");
        }
        return new Endpoint(config.getString(at + ".host"), Integer.parseInt(port), variable);
    }

    private static String region(String text) {
        if (!EntityId.isValid(text)) {
            throw new StartRefused("LANYING_REGION is not a region: use 1 to 64 characters of A-Z a-z 0-9 . _ ~ -");
        }
        return text;
    }

    static Path dataDir(String text) {
        return path("LANYING_DATA_DIR", text);
    }

    private static Path path(String variable, String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new StartRefused(variable + " is not a path: " + e.getReason(), e);
        }
    }

    private static List<String> seeds(String text) {
        List<String> seeds = Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(seed -> !seed.isEmpty())
                .toList();
        for (String seed : seeds) {
            if (!SEED.matcher(seed).matches()) {
                throw new StartRefused("LANYING_SEED_NODES: \"" + seed + "\" is not host:port");
            }
        }
        return seeds;
    }

    private static String firstLine(Throwable failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("unreadable");
    }
}
