package io.lanying.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Puts a node's configuration together: overrides, system properties, application.conf with the environment, references. */
final class NodeConfig {

    private NodeConfig() {}

    static Config load(Config overrides) {
        try {
            Config own = overrides
                    .withFallback(ConfigFactory.defaultOverrides())
                    .withFallback(ConfigFactory.defaultApplication());
            Config references = ConfigFactory.defaultReferenceUnresolved();
            Config node = own.withFallback(references).resolve().getConfig("push.node");
            // Which store it is decides which of persistence's files is included, which no include statement can do;
            // nor can
            // one choose by whether there are certificates, or by how nodes find each other.
            NodeSettings.Journal journal = NodeSettings.Journal.of(node.getString("journal"));
            Path data = NodeSettings.dataDir(node.getString("data-dir"))
                    .toAbsolutePath()
                    .normalize();
            String transport = node.getString("cluster.tls.cert").isEmpty() ? "tcp" : "tls-tcp";
            List<String> roles =
                    Role.of(node.getString("roles")).stream().map(Role::text).toList();
            return own.withFallback(ConfigFactory.parseMap(Map.of(
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
        } catch (ConfigException e) {
            throw new StartRefused(
                    "wrong setting: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    e);
        }
    }
}
