package io.lanying.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.load.check.Verdict;
import io.lanying.load.client.ServerProcess;
import io.lanying.load.client.ServerSettings;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.rig.Phone;
import io.lanying.load.rig.Rig;
import io.lanying.load.rig.Sender;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** I7: with limits that are easily reached, what is too much is refused or ends in a fate, and the rest is delivered. */
class OverloadIT {

    private static final long MOST_THREADS = 200;
    private static final long MOST_BYTES = 2L << 30;

    @TempDir
    private Path directory;

    @Test
    void whatIsTooMuchIsRefusedAndNothingIsLost() {
        ServerSettings settings = ServerSettings.onH2(directory)
                .withJvmOptions("-Dpush.http.max-unanswered=20 -Dpush.device.max-open-items=100");
        try (Rig rig = Rig.on(ServerProcess.start(settings), 5)) {
            Sender sender = rig.tenant("acme");
            Phone here = rig.phone(sender.service(), "here", "user1", 8);
            Phone away = rig.phone(sender.service(), "away", "user2", 8);
            away.app().close();

            for (int send = 0; send < 150; send++) {
                Rig.await(sender.sendTo(away.device()));
            }
            List<CompletableFuture<Void>> sends = new ArrayList<>();
            for (int send = 0; send < 400; send++) {
                sends.add(sender.sendTo(here.device()));
            }
            rig.measure(MOST_THREADS, MOST_BYTES);
            sends.forEach(Rig::await);
            rig.comeBack(away);
            rig.settle();
            rig.measure(MOST_THREADS, MOST_BYTES);

            Verdict verdict = rig.check();

            assertThat(verdict.holds()).as(verdict.summary()).isTrue();
            assertThat(rig.recorder().history().all(HistoryEvent.Refused.class))
                    .as("refused because 20 were unanswered")
                    .isNotEmpty()
                    .allMatch(refused -> refused.status() == 503 && refused.retryAfter());
            assertThat(rig.recorder().history().all(HistoryEvent.FateRead.class))
                    .as("ended because 100 were open")
                    .filteredOn(read -> read.fate().equals("refused"))
                    .hasSizeGreaterThan(20);
        }
    }
}
