package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LocalProcessTest {

    private LocalProcess self;

    @BeforeEach
    void linux() {
        assumeTrue(Files.exists(Path.of("/proc/self/stat")), "only where /proc is");
        self = LocalProcess.self().orElseThrow();
    }

    @Test
    void aProcessSeesItself() {
        assertThat(self.runs()).isTrue();
        assertThat(self.sees(self)).isTrue();
    }

    @Test
    void anIdThatIsUsedAgainIsAnotherProcess() {
        assertThat(new LocalProcess(self.machine(), self.id(), self.startedAt() + "0").runs())
                .isFalse();
    }

    @Test
    void aProcessThatHasEndedDoesNotRun() throws Exception {
        Process other = new ProcessBuilder("true").start();
        other.waitFor();

        assertThat(new LocalProcess(self.machine(), other.pid(), self.startedAt()).runs())
                .isFalse();
    }

    @Test
    void whatRunsOnAnotherMachineIsNotSeen() {
        assertThat(self.sees(new LocalProcess("another " + self.machine(), self.id(), self.startedAt())))
                .isFalse();
    }
}
