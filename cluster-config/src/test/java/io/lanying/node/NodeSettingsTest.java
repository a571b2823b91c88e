package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lanying.node.NodeSettings.Journal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeSettingsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            push.node.journal = oracle                                          | LANYING_JOURNAL=oracle is not known
            push.node.cluster.seed-nodes = "127.0.0.1:25520"                    | LANYING_SEED_NODES needs a store that nodes can share
            push.node.cluster.port = 70000                                      | LANYING_REMOTE_PORT=70000 is not a port
            push.node.management.port = -1                                      | LANYING_MANAGEMENT_PORT=-1 is not a port
            push.node.cluster.port = many                                       | LANYING_REMOTE_PORT=many is not a port
            push.node.operator-key = secret                                     | LANYING_OPERATOR_KEY is not a key
            push.node.region = "eu west"                                        | LANYING_REGION is not a region
            push.node.start-timeout = soon                                      | start-timeout
            push.node.cluster.tls.cert = "/etc/lanying/tls.crt"                 | LANYING_CLUSTER_TLS_CA go together
            push.node.roles = "edge, sockets"                                   | LANYING_ROLES=edge, sockets is not known
            push.node.roles = ""                                                | LANYING_ROLES= is not known
            push.node.roles = edge                                              | LANYING_ROLES needs both
            push.node.cluster.discovery.method = consul                         | LANYING_DISCOVERY=consul is not known
            push.node.cluster.discovery.method = dns                            | LANYING_DISCOVERY needs a store that nodes can share
            push.node { journal = postgres, cluster.discovery { method = dns, nodes = 1 } }                 | LANYING_DISCOVERY_NODES=1 must be 2 to 100
            push.node { journal = postgres, cluster.discovery { method = dns, service = "" } }              | LANYING_DISCOVERY_SERVICE is empty
            push.node { journal = postgres, cluster { discovery.method = dns, seed-nodes = "a:1" } }        | contradict each other
            push.node { journal = postgres, cluster { discovery.method = dns, host = "10.0.0.1" } }         | LANYING_MANAGEMENT_HOST=127.0.0.1 is not what other nodes find
            push.node { journal = postgres, cluster.discovery.method = kubernetes, management.host = "::" } | LANYING_MANAGEMENT_HOST=:: is not what other nodes find
            push.persistence.lease = maybe                                      | LANYING_SHARD_LEASE=maybe is not known
            push.node { journal = postgres, cluster.seed-nodes = "one two" }    | LANYING_SEED_NODES: "one two" is not host:port
            push.node { journal = postgres, cluster.seed-nodes = "host" }       | LANYING_SEED_NODES: "host" is not host:port
            """)
    void wrongSettingsAreRefusedInOneLine(String setting, String expected) {
        Config overrides = ConfigFactory.parseString(setting);

        assertThatThrownBy(() -> NodeSettings.from(NodeConfig.load(overrides)))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining(expected)
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("\n"));
    }

    @Test
    void theOperatorKeyIsNotRepeatedWhenRefused() {
        Config overrides = ConfigFactory.parseString("push.node.operator-key = ok_almostasecret");

        assertThatThrownBy(() -> NodeSettings.from(NodeConfig.load(overrides)))
                .hasMessageNotContaining("almostasecret");
    }

    @Test
    void defaultsAreAClusterOfOneOnLoopbackWithH2() {
        NodeSettings settings = NodeSettings.from(NodeConfig.load(ConfigFactory.empty()));

        assertThat(settings.journal()).isEqualTo(Journal.H2);
        assertThat(settings.seedNodes()).isEmpty();
        assertThat(settings.http().host()).isEqualTo("127.0.0.1");
        assertThat(settings.http().port()).isEqualTo(8080);
        assertThat(settings.management().host()).isEqualTo("127.0.0.1");
        assertThat(settings.management().port()).isEqualTo(8558);
        assertThat(settings.remote().port()).isEqualTo(25520);
        assertThat(settings.clusterTls()).isEmpty();
        assertThat(settings.warnings()).isEmpty();
        assertThat(settings.operatorKey()).isEmpty();
        assertThat(settings.region()).isEqualTo("default");
    }

    @Test
    void seedNodesAreReadOneByOne() {
        Config overrides = ConfigFactory.parseString(
                "push.node { journal = postgres, cluster.seed-nodes = \"10.0.0.1:25520, node2:25521\" }");

        assertThat(NodeSettings.from(NodeConfig.load(overrides)).seedNodes())
                .containsExactly("10.0.0.1:25520", "node2:25521");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            push.node.cluster.host = "10.0.0.1"                                                 | neither encrypted nor authenticated
            push.node { journal = postgres, cluster.seed-nodes = "127.0.0.1:1, 127.0.0.1:2" }   | three are better
            """)
    void whatIsUnwiseIsSaid(String setting, String expected) {
        assertThat(NodeSettings.from(NodeConfig.load(ConfigFactory.parseString(setting)))
                        .warnings())
                .singleElement()
                .asString()
                .contains(expected);
    }

    @Test
    void certificatesChooseTheTransport() {
        Config overrides = ConfigFactory.parseString(
                "push.node.cluster { host = \"10.0.0.1\", tls { cert = a, key = b, ca = c } }");

        assertThat(NodeConfig.load(overrides).getString("akka.remote.artery.transport"))
                .isEqualTo("tls-tcp");
        assertThat(NodeSettings.from(NodeConfig.load(overrides)).warnings()).isEmpty();
    }

    @Test
    void leasesOfShardsAreASetting() {
        String useLease = "akka.cluster.sharding.use-lease";
        String postgres = "push.node.journal = postgres, push.persistence.lease = ";

        assertThat(NodeConfig.load(ConfigFactory.parseString(postgres + "off")).getString(useLease))
                .isEmpty();
        Config leased = NodeConfig.load(ConfigFactory.parseString(postgres + "on"));
        assertThat(leased.getConfig(leased.getString(useLease)).getString("lease-class"))
                .isEqualTo("io.lanying.persistence.lease.ShardLease");
    }

    @Test
    void theJournalDecidesWhichDatabaseIsConfigured() {
        Config h2 = NodeConfig.load(ConfigFactory.parseString("push.node.data-dir = \"/srv/lanying\""));
        Config postgres = NodeConfig.load(ConfigFactory.parseString("push.node.journal = postgres"));

        String url = "akka-persistence-jdbc.shared-databases.slick.db.url";
        assertThat(h2.getString(url)).startsWith("jdbc:h2:file:/srv/lanying/").contains("WRITE_DELAY=0");
        assertThat(postgres.getString("akka-persistence-jdbc.shared-databases.slick.db.driver"))
                .isEqualTo("io.lanying.persistence.database.PatientDriver");
    }
}
