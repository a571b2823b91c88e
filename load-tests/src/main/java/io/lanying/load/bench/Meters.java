package io.lanying.load.bench;

import io.lanying.load.client.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads CPU clocks at the borders of the measured time and tells the progress. */
final class Meters implements LoadLoop.Watcher {

    private static final int TELL_EVERY_SECONDS = 5;

    private final ServerProcess server;
    private final CpuClock serverClock;
    private final CpuClock load = CpuClock.ofProcess(ProcessHandle.current().pid());
    private final Optional<CpuClock> database;
    private final String machineLoad;
    private final List<double[]> borders = new ArrayList<>();
    private int second;
    private int acceptedBefore;

    Meters(ServerProcess process, Optional<ProcessHandle> databaseProcess) throws IOException {
        server = process;
        serverClock = CpuClock.ofTree(process.handle().pid());
        database = databaseProcess.map(handle -> CpuClock.ofTree(handle.pid()));
        machineLoad = Files.readString(Path.of("/proc/loadavg")).replaceAll(" .*\\s*", "");
    }

    @Override
    public void measuring() {
        borders.add(read());
    }

    @Override
    public void measured() {
        borders.add(read());
    }

    @Override
    public void second(int accepted, int received) {
        if (++second % TELL_EVERY_SECONDS == 0) {
            System.out.printf(
                    "bench: %3d s, %d accepted/s, %d accepted and not received yet%n",
                    second, (accepted - acceptedBefore) / TELL_EVERY_SECONDS, Math.max(0, accepted - received));
            acceptedBefore = accepted;
        }
    }

    private double[] read() {
        try {
            return new double[] {
                serverClock.seconds(), database.isPresent() ? database.get().seconds() : 0, load.seconds()
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param stage which of the measured times the result is of, from 0 */
    BenchRun run(LoadResult result, int stage) {
        return new BenchRun(result, cpu(stage), server.residentBytes(), machineLoad);
    }

    /** CPU seconds, by who used them. */
    record Cpu(double server, double database, double load) {}

    /** @param stage which of the measured times, from 0 */
    Cpu cpu(int stage) {
        double[] before = borders.get(2 * stage);
        double[] after = borders.get(2 * stage + 1);
        return new Cpu(after[0] - before[0], after[1] - before[1], after[2] - before[2]);
    }

    /** The machine's load average before it all began. */
    String machineLoad() {
        return machineLoad;
    }
}
