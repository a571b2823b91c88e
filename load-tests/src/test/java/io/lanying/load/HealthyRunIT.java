package io.lanying.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.load.check.Verdict;
import io.lanying.load.client.ServerProcess;
import io.lanying.load.client.Service;
import io.lanying.load.crash.Store;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.rig.Phone;
import io.lanying.load.rig.Rig;
import io.lanying.load.rig.Sender;
import io.lanying.load.rig.Vendors;
import io.lanying.load.rig.Workload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The real server, with clients that repeat themselves: without faults, and through {@code kill -9}. */
class HealthyRunIT {

    private static final long MOST_THREADS = 200;
    private static final long MOST_BYTES = 2L << 30;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(Store.class)
    void allPromisesHoldThroughTwoKills(Store store) {
        Store.Prepared prepared = store.prepare(directory);
        try (Rig rig = Rig.on(ServerProcess.start(prepared.settings()), 1)) {
            Workload.populate(rig);
            Workload.steps(rig, 100);
            rig.settle();
            rig.killAndRestart();
            Workload.steps(rig, 100);
            rig.killAndRestart();
            Workload.steps(rig, 50);
            Workload.leaveForNextOwner(rig);
            rig.settle();
            rig.measure(MOST_THREADS, MOST_BYTES);

            Verdict verdict = rig.stopAndCheck(prepared.files());

            assertThat(verdict.holds()).as(verdict.summary()).isTrue();
            assertThat(verdict.commands()).isGreaterThan(150);
            assertThat(verdict.delivered()).isGreaterThan(100);
            assertThat(rig.recorder().history().all(HistoryEvent.Scanned.class))
                    .anyMatch(scanned -> scanned.bytes() > 10_000);
        }
    }

    /** Phones that vendors can reach, connected, silent and away; audiences; a kill; a token that goes to another phone. */
    @Test
    void allPromisesHoldWithVendorsAndAudiences() {
        Store.Prepared prepared = Store.H2.prepare(directory.resolve("node"));
        try (Vendors vendors = Vendors.start(directory.resolve("vendors"), 3);
                Rig rig = Rig.on(ServerProcess.start(vendors.pointed(prepared.settings())), 3)
                        .with(vendors.all())) {
            Workload.populateWithVendors(rig);
            Workload.steps(rig, 100);
            rig.settle();
            Workload.scatter(rig);
            rig.killAndRestart();
            Workload.steps(rig, 50);
            Workload.leaveForNextOwner(rig);
            Workload.moveToken(rig);
            rig.settle();

            Verdict verdict = rig.stopAndCheck(prepared.files());

            assertThat(verdict.holds()).as(verdict.summary()).isTrue();
            assertThat(rig.recorder().history().all(HistoryEvent.VendorAsked.class))
                    .hasSizeGreaterThan(100);
            assertThat(rig.recorder().history().all(HistoryEvent.CountsRead.class))
                    .hasSizeGreaterThan(10);
        }
    }

    /** F17. */
    @Test
    void theSameCommandInParallelIsOneNotificationAndOneItem() {
        Store.Prepared prepared = Store.H2.prepare(directory);
        try (Rig rig = Rig.on(ServerProcess.start(prepared.settings()), 2)) {
            Sender sender = rig.tenant("acme");
            Phone phone = rig.phone(sender.service(), "phone", "user", 1);
            int commands = 40;
            for (int command = 0; command < commands; command++) {
                sendInParallel(sender.service(), phone, "key" + command, 1 + command % 5);
            }
            rig.settle();

            Verdict verdict = rig.check();

            assertThat(verdict.holds()).as(verdict.summary()).isTrue();
            assertThat(verdict.delivered()).isEqualTo(commands);
            assertThat(phone.app().receivedSeq()).isEqualTo(commands);
        }
    }

    private static void sendInParallel(Service service, Phone phone, String key, int times) {
        var notification = Service.notification(phone.device(), key, "the same each time");
        List<CompletableFuture<HistoryEvent>> sends = new ArrayList<>();
        for (int time = 0; time < times; time++) {
            sends.add(service.send(phone.device(), key, notification));
        }
        Set<String> ids = new HashSet<>();
        int replayed = 0;
        for (CompletableFuture<HistoryEvent> send : sends) {
            HistoryEvent.Ok ok = (HistoryEvent.Ok) Rig.await(send);
            ids.add(ok.notificationId());
            replayed += ok.replayed() ? 1 : 0;
        }
        assertThat(ids).hasSize(1);
        assertThat(replayed).isEqualTo(times - 1);
    }
}
