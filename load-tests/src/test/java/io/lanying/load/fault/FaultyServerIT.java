package io.lanying.load.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.load.check.Invariant;
import io.lanying.load.check.Verdict;
import io.lanying.load.client.ServerProcess;
import io.lanying.load.client.ServerSettings;
import io.lanying.load.crash.AgentJar;
import io.lanying.load.rig.Rig;
import io.lanying.load.rig.Sender;
import io.lanying.load.rig.Workload;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole rig must notice a faulty server: the real one, with a fault before it or in its process. */
class FaultyServerIT {

    @TempDir
    private static Path directory;

    private static ServerProcess server;

    @BeforeAll
    static void start() {
        server = ServerProcess.start(ServerSettings.onH2(directory.resolve("shared")));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource(PlantedFault.class)
    void theFaultIsNoticed(PlantedFault fault) {
        try (FaultyProxy proxy = new FaultyProxy(server.address(), fault);
                Rig rig = Rig.visiting(server, proxy.address(), fault.name().hashCode())) {
            Workload.populate(rig);
            Workload.steps(rig, 60);
            rig.settle();

            Verdict verdict = rig.check();

            assertThat(verdict.broken()).as(verdict.summary()).contains(fault.breaks());
        }
    }

    @Test
    void aServerThatHogsThreadsAndPrintsSecretsIsNoticed() {
        String secret = ServerSettings.OPERATOR_KEY;
        AgentJar agent = AgentJar.in(directory.resolve("agent"));
        ServerSettings settings =
                ServerSettings.onH2(directory.resolve("node")).withAgent(agent.option("threads=300,say=" + secret));
        try (Rig rig = Rig.on(ServerProcess.start(settings), 4)) {
            Sender sender = rig.tenant("acme");
            rig.phone(sender.service(), "phone", "user", 1);
            rig.measure(200, Long.MAX_VALUE);

            Verdict verdict = rig.stopAndCheck(List.of());

            assertThat(verdict.broken()).containsExactlyInAnyOrder(Invariant.I7, Invariant.I10);
        }
    }
}
