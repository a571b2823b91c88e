package io.lanying.load.bench;

import io.lanying.load.client.Answer;
import io.lanying.load.client.Api;
import io.lanying.load.client.ServerProcess;
import io.lanying.load.client.Service;
import io.lanying.load.client.VendorSimulator;
import io.lanying.load.history.Recorder;
import io.lanying.load.rig.Rig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Measures pushes from the POST to Apple's answer: devices that are away, the journal before and after the vendor, the
 * channel. Exits 1 if one that was accepted was not taken by the vendor within a minute after the end.
 */
@Command(
        name = "apns-path",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Pushes from the POST to Apple's answer, to devices that are away.")
final class ApnsPathBench implements Callable<Integer> {

    private static final int REGISTRATIONS_AT_ONCE = 16;
    private static final int TOKEN_DIGITS = 64;
    private static final Duration DRAIN = Duration.ofSeconds(60);
    private static final String LEFT = "not taken by the vendor at the end";

    @Mixin
    private RunOptions options = new RunOptions();

    @Mixin
    private PostOptions posts = new PostOptions();

    @Option(names = "--devices", defaultValue = "2000", description = "Devices, each with a token and away.")
    private int devices = 2_000;

    @Override
    public Integer call() throws Exception {
        options.demand(
                devices > 0 && posts.outstanding() > 0 && posts.seconds() > 0 && options.runs() > 0,
                "all numbers are 1 or more");
        System.out.printf(
                "bench: %d runs of %d+%d s, %d POSTs outstanding, to %d devices that are away, messages of %d bytes%n",
                options.runs(), posts.warmUpSeconds(), posts.seconds(), posts.outstanding(), devices, posts.bytes());
        List<SideRun> done = options.each(this::run);
        SideRun.report(
                options,
                "From the POST to Apple's answer, %d devices".formatted(devices),
                List.of(
                        "closed loop, %d POSTs outstanding; %d s after %d s of warm-up; a new server, database and stand-in"
                                        .formatted(posts.outstanding(), posts.seconds(), posts.warmUpSeconds())
                                + " for Apple (Pushy's server for benchmarks) for each run; messages of "
                                + posts.bytes()
                                + " bytes"),
                RunOptions.POSTGRES,
                done);
        return done.stream().allMatch(run -> run.get(LEFT) == 0) ? 0 : 1;
    }

    private SideRun run(int number) throws IOException {
        SideRun run = new SideRun();
        try (Stand stand = Stand.onPostgres(options.javaOpts());
                AppleStandIn apple = new AppleStandIn();
                ServerProcess server = ServerProcess.start(apple.pointed(stand.settings()))) {
            List<String> names = IntStream.range(0, devices)
                    .mapToObj(index -> "away" + index)
                    .toList();
            String key = Population.register(server, List.of("none")).apiKey();
            register(server, key, apple, names);
            Requests requests = new Requests("127.0.0.1", key, names, "run" + number, posts.bytes());
            Borders borders = new Borders(
                    stand.meters(server), apple.clock(), new Metric(server), new JournalSize(stand.database()));
            int accepted = new PostLoad(
                            Stand.address(server),
                            requests,
                            posts.outstanding(),
                            posts.warmUpSeconds(),
                            posts.seconds())
                    .run(borders, load -> borders.tell(load, run));
            long from = System.nanoTime();
            boolean all = Rig.holdsWithin(DRAIN, () -> borders.metric.accepted() >= accepted);
            run.put("then until the vendor had all, s", (System.nanoTime() - from) / 1e9);
            run.put(LEFT, all ? 0 : (double) (accepted - borders.metric.accepted()));
            server.stop();
        }
        return run;
    }

    private static void register(ServerProcess server, String key, AppleStandIn apple, List<String> names)
            throws IOException {
        Api api = new Api(Api.newHttpClient(), server.address(), key);
        Rig.await(api.put("/v1/channels/apns/production", apple.credential())).orThrow();
        Service service = new Service(Population.TENANT, api, new Recorder());
        for (int from = 0; from < names.size(); from += REGISTRATIONS_AT_ONCE) {
            List<CompletableFuture<Answer>> page =
                    names.subList(from, Math.min(names.size(), from + REGISTRATIONS_AT_ONCE)).stream()
                            .map(name -> service.register(name, registration(name)))
                            .toList();
            page.forEach(answer -> Rig.await(answer).orThrow());
        }
    }

    private static Service.Registration registration(String name) {
        String hex = HexFormat.of().formatHex(Bytes.of(name));
        String token = "0".repeat(TOKEN_DIGITS - hex.length()) + hex;
        return new Service.Registration(
                Population.user(name), List.of(), Optional.of(new Service.Token(VendorSimulator.Kind.APNS, token)));
    }

    /** What stood where when the measured time began and ended. */
    private static final class Borders implements LoadLoop.Watcher {

        private static final int TELL_EVERY_SECONDS = 5;

        private final Meters meters;
        private final CpuClock apple;
        private final Metric metric;
        private final JournalSize journal;
        private long vendorBefore;
        private long vendorAfter;
        private double appleBefore;
        private double appleAfter;
        private long place;
        private int second;
        private int acceptedBefore;

        private Borders(Meters meters, CpuClock apple, Metric metric, JournalSize journal) {
            this.meters = meters;
            this.apple = apple;
            this.metric = metric;
            this.journal = journal;
        }

        @Override
        public void measuring() {
            place = journal.place();
            vendorBefore = metric.accepted();
            appleBefore = seconds();
            meters.measuring();
        }

        @Override
        public void measured() {
            meters.measured();
            appleAfter = seconds();
            vendorAfter = metric.accepted();
        }

        private double seconds() {
            try {
                return apple.seconds();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void second(int accepted, int received) {
            if (++second % TELL_EVERY_SECONDS == 0) {
                System.out.printf(
                        "bench: %3d s, %d accepted/s, %d taken by the vendor so far%n",
                        second, (accepted - acceptedBefore) / TELL_EVERY_SECONDS, metric.accepted());
                acceptedBefore = accepted;
            }
        }

        private void tell(LoadResult load, SideRun run) {
            double pushes = Math.max(1, load.acceptedMeasured());
            long taken = vendorAfter - vendorBefore;
            JournalSize.Growth growth = journal.since(place);
            Meters.Cpu cpu = meters.cpu(0);
            run.put("accepted pushes/s", load.acceptedPerSecond());
            run.put("taken by the vendor/s", taken / load.seconds());
            for (int percentile : new int[] {50, 99}) {
                run.put("accept p" + percentile + ", ms", LoadResult.millis(load.acceptNanos(), percentile));
            }
            run.put("server CPU per accepted push, µs", cpu.server() * 1e6 / pushes);
            run.put("database CPU per accepted push, µs", cpu.database() * 1e6 / pushes);
            run.put("stand-in's CPU per push, µs", (appleAfter - appleBefore) * 1e6 / Math.max(1, taken));
            run.put("journal rows per accepted push", growth.rows() / pushes);
            run.put("journal bytes per accepted push", growth.bytes() / pushes);
            run.put("refused (429, 503)", load.refused());
        }
    }
}
