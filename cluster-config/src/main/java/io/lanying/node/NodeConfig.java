package io.lanying.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Puts a node's configuration together: overrides, system properties, application.conf with the environment, references. */
final class NodeConfig {

    private static final String USE_LEASE = "akka.cluster.sharding.use-lease";
    private static final ConfigValue SHARD_LEASE = ConfigValueFactory.fromAnyRef("push.persistence.shard-lease");

    private NodeConfig() {}

    static Config load(Config overrides) {
        try {
            Config own = overrides
                    .withFallback(ConfigFactory.defaultOverrides())
                    .withFallback(ConfigFactory.defaultApplication());
            Config references = ConfigFactory.defaultReferenceUnresolved();
            Config node = own.withFallback(references).resolve().getConfig("push.node");
            // Which store it is decides which of persistence's files is included, which no include statement can do;
            // nor can one choose by whether there are certificates, how nodes find each other, or whether sharding uses
            // leases.
            NodeSettings.Journal journal = NodeSettings.Journal.of(node.getString("journal"));
            Path data = NodeSettings.dataDir(node.getString("data-dir"))
                    .toAbsolutePath()
                    .normalize();
            String transport = node.getString("cluster.tls.cert").isEmpty() ? "tcp" : "tls-tcp";
            List<String> roles =
                    Role.of(node.getString("roles")).stream().map(Role::text).toList();
            Config config = own.withFallback(ConfigFactory.parseMap(Map.of(
                            "push.persistence.data-dir",
                            data.toString(),
                            "akka.remote.artery.transport",
                            transport,
                            "akka.cluster.roles",
                            roles)))
                    .withFallback(ConfigFactory.parseMap(
                            Discovery.from(node).map(Discovery::settings).orElseGet(Discovery::settingsWithout)))
                    .withFallback(ConfigFactory.parseResources(NodeConfig.class.getClassLoader(), journal.resource()))
                    .withFallback(references)
                    .resolve();
            return NodeSettings.lease(config) ? config.withValue(USE_LEASE, SHARD_LEASE) : config;
        } catch (ConfigException e) {
            throw new StartRefused(
                    "wrong setting: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    e);
        }
    }
}
