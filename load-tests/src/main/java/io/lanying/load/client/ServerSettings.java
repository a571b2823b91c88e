package io.lanying.load.client;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How a server process is started: api.md's environment variables, the same for every start of one node.
 *
 * @param workDir holds data and logs
 * @param jvmOptions added to the shipped ones
 * @param agent another JVM option, which a rig does not give to the next life of a server that died
 * @param launcher what goes before the script, for a server that is to run elsewhere than its rig
 * @param script the shipped script of the build that is to run
 */
public record ServerSettings(
        Path workDir,
        int httpPort,
        int managementPort,
        Map<String, String> environment,
        String jvmOptions,
        String agent,
        List<String> launcher,
        Path script) {

    /** Not a secret: the operator key of servers that live as long as a test. Its text is a canary. */
    public static final String OPERATOR_KEY = "ok_aaaabbbbccccddddeeeeffffgggghhhhiiiijjjjkkkkllllmmmm";

    /** What no two nodes on one machine share. */
    private static final List<String> OWN =
            List.of("LANYING_HTTP_PORT", "LANYING_MANAGEMENT_PORT", "LANYING_REMOTE_PORT", "LANYING_DATA_DIR");

    public ServerSettings {
        environment = Map.copyOf(environment);
        launcher = List.copyOf(launcher);
    }

    /** One node on free loopback ports with H2 in the work directory. */
    public static ServerSettings onH2(Path workDir) {
        int http = FreePorts.next();
        int management = FreePorts.next();
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("LANYING_HTTP_HOST", "127.0.0.1");
        environment.put("LANYING_HTTP_PORT", Integer.toString(http));
        environment.put("LANYING_MANAGEMENT_PORT", Integer.toString(management));
        environment.put("LANYING_REMOTE_HOST", "127.0.0.1");
        environment.put("LANYING_REMOTE_PORT", Integer.toString(FreePorts.next()));
        environment.put("LANYING_JOURNAL", "h2");
        environment.put("LANYING_DATA_DIR", workDir.resolve("data").toString());
        environment.put("LANYING_OPERATOR_KEY", OPERATOR_KEY);
        byte[] masterKey = new byte[32];
        new SecureRandom().nextBytes(masterKey);
        environment.put("LANYING_MASTER_KEY", Base64.getEncoder().encodeToString(masterKey));
        return new ServerSettings(workDir, http, management, environment, "", "", List.of(), ServerProcess.script());
    }

    /** The same on PostgreSQL. */
    public static ServerSettings onPostgres(Path workDir, String jdbcUrl, String user, String password) {
        return onH2(workDir)
                .with("LANYING_JOURNAL", "postgres")
                .with("LANYING_JDBC_URL", jdbcUrl)
                .with("LANYING_JDBC_USER", user)
                .with("LANYING_JDBC_PASSWORD", password);
    }

    /** Another node of the same cluster: the same store, keys and options; a directory and ports of its own. */
    public ServerSettings sibling(Path directory) {
        ServerSettings fresh = onH2(directory);
        ServerSettings sibling = new ServerSettings(
                directory, fresh.httpPort(), fresh.managementPort(), environment, jvmOptions, agent, launcher, script);
        for (String own : OWN) {
            sibling = sibling.with(own, fresh.environment().getOrDefault(own, ""));
        }
        return sibling;
    }

    /**
     * Nodes of a new cluster on the store of the first; all are seeds of all, and share a directory of attachments.
     *
     * @param directory holds a directory for each
     */
    public static List<ServerSettings> cluster(ServerSettings first, int count, Path directory) {
        ServerSettings shared = first.with(
                "LANYING_ATTACHMENTS_DIR", directory.resolve("attachments").toString());
        List<ServerSettings> all = new ArrayList<>(List.of(shared));
        while (all.size() < count) {
            all.add(shared.sibling(directory.resolve("node" + all.size())));
        }
        return seedsOfEachOther(all);
    }

    /** The same nodes, all of which are seeds of all. */
    public static List<ServerSettings> seedsOfEachOther(List<ServerSettings> nodes) {
        String seeds = nodes.stream().map(ServerSettings::remote).collect(Collectors.joining(","));
        return nodes.stream()
                .map(node -> node.with("LANYING_SEED_NODES", seeds))
                .toList();
    }

    /** The same at another address, where the launcher has it run. */
    public ServerSettings at(String host, List<String> by) {
        ServerSettings there = with("LANYING_HTTP_HOST", host)
                .with("LANYING_REMOTE_HOST", host)
                .with("LANYING_MANAGEMENT_HOST", host);
        return new ServerSettings(
                workDir, httpPort, managementPort, there.environment(), jvmOptions, agent, by, script);
    }

    /** Where the server listens. */
    public String host() {
        return environment.getOrDefault("LANYING_HTTP_HOST", "127.0.0.1");
    }

    String remote() {
        return host() + ":" + environment.get("LANYING_REMOTE_PORT");
    }

    public ServerSettings with(String variable, String value) {
        Map<String, String> changed = new LinkedHashMap<>(environment);
        changed.put(variable, value);
        return new ServerSettings(workDir, httpPort, managementPort, changed, jvmOptions, agent, launcher, script);
    }

    public ServerSettings withJvmOptions(String options) {
        return new ServerSettings(workDir, httpPort, managementPort, environment, options, agent, launcher, script);
    }

    public ServerSettings withAgent(String option) {
        return new ServerSettings(workDir, httpPort, managementPort, environment, jvmOptions, option, launcher, script);
    }

    /** The same by another build. */
    public ServerSettings by(Path otherScript) {
        return new ServerSettings(
                workDir, httpPort, managementPort, environment, jvmOptions, agent, launcher, otherScript);
    }

    /** Where the server's output goes. */
    public Path log() {
        return workDir.resolve("server.log");
    }
}
