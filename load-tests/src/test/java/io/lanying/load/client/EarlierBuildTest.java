package io.lanying.load.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EarlierBuildTest {

    @TempDir
    private Path directory;

    @Test
    void aNodeIsUpgradedToWhatItWouldHaveBeen() throws Exception {
        ServerSettings shipped = ServerSettings.onH2(directory).withJvmOptions("-Da=b");

        ServerSettings earlier = build("akka.cluster.sharding { }").node(shipped);

        assertThat(earlier.script()).isEqualTo(directory.resolve("2c59628/cluster-config/bin/lanying"));
        assertThat(earlier.jvmOptions())
                .startsWith("-Da=b ")
                .contains("-Dakka.cluster.app-version=0.0.1", "-Dakka.cluster.sharding.role=entities");
        assertThat(EarlierBuild.upgraded(earlier)).isEqualTo(shipped);
    }

    @Test
    void aBuildThatKnowsRolesIsNotToldOne() throws Exception {
        ServerSettings shipped = ServerSettings.onH2(directory).withJvmOptions("-Da=b");

        ServerSettings earlier =
                build("akka.cluster.sharding { role = \"entities\" }").node(shipped);

        assertThat(earlier.jvmOptions()).isEqualTo("-Da=b -Dakka.cluster.app-version=0.0.1");
        assertThat(EarlierBuild.upgraded(earlier)).isEqualTo(shipped);
    }

    private EarlierBuild build(String clusterConf) throws IOException {
        Path checkout = directory.resolve("2c59628");
        Path resources = checkout.resolve("cluster-config/src/main/resources");
        Files.createDirectories(resources);
        Files.writeString(resources.resolve("cluster.conf"), clusterConf);
        return new EarlierBuild(checkout);
    }
}
