package io.lanying.load.bench;

import io.lanying.load.client.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Measures latency against load: the same server at one rate after the other, open loop, each send charged from when it was due.
 * Exits 1 if anything was lost, repeated or out of order.
 */
@Command(
        name = "curve",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Latency of single pushes against the rate at which they come.")
final class CurveBench implements Callable<Integer> {

    private static final Duration SETTLE = Duration.ofSeconds(5);
    private static final Duration DRAIN = Duration.ofSeconds(60);
    private static final int MOST_RATE = 20_000;

    @Mixin
    private RunOptions options = new RunOptions();

    @Mixin
    private PostOptions posts = new PostOptions();

    @Option(names = "--devices", defaultValue = "200", description = "Connected devices.")
    private int devices = 200;

    @Option(
            names = "--rates",
            split = ",",
            defaultValue = "500,1000,2000,3000,4000,5000",
            description = "Sends a second, one after the other.")
    private List<Integer> rates = List.of();

    @Option(names = "--picture", description = "Draws the medians into this SVG file.")
    private Optional<Path> picture = Optional.empty();

    @Override
    public Integer call() throws Exception {
        options.demand(
                rates.stream().allMatch(rate -> rate > 0 && rate <= MOST_RATE) && devices > 0,
                "rates are 1 to " + MOST_RATE + ", devices 1 or more");
        System.out.printf(
                "bench: %d runs; %d s of warm-up in a closed loop of %d, then %s sends/s, %d s each, to %d devices%n",
                options.runs(), posts.warmUpSeconds(), posts.outstanding(), rates, posts.seconds(), devices);
        List<List<BenchRun>> done = options.each(this::run);
        Map<String, List<Map<String, Double>>> parts = new LinkedHashMap<>();
        for (int place = 0; place < rates.size(); place++) {
            int rate = place;
            parts.put(
                    rates.get(rate) + " sends/s",
                    done.stream().map(run -> run.get(rate).figures()).toList());
        }
        options.report(
                "%d devices, open loop at %s sends/s, postgres".formatted(devices, rates),
                List.of(
                        ("%d runs, each with a new server and database: %d s of warm-up in a closed loop, then %d s at each rate after"
                                        + " %d s of it; messages of %d bytes")
                                .formatted(
                                        options.runs(),
                                        posts.warmUpSeconds(),
                                        posts.seconds(),
                                        SETTLE.toSeconds(),
                                        posts.bytes())),
                RunOptions.POSTGRES,
                done.stream().map(run -> run.get(0).machineLoad()).toList(),
                parts);
        if (picture.isPresent()) {
            Files.writeString(picture.get(), LatencyPicture.of(rates, done));
        }
        return done.stream().flatMap(List::stream).allMatch(run -> run.load().correct()) ? 0 : 1;
    }

    private List<BenchRun> run(int number) throws IOException {
        try (Stand stand = Stand.onPostgres(options.javaOpts());
                ServerProcess server = stand.start()) {
            Population population = Population.register(server, Population.names(devices));
            run(
                    stand,
                    server,
                    population,
                    "warm-up",
                    0,
                    Duration.ofSeconds(posts.warmUpSeconds()),
                    Duration.ofSeconds(1));
            List<BenchRun> runs = new ArrayList<>();
            for (int rate : rates) {
                BenchRun run = run(
                        stand,
                        server,
                        population,
                        "run" + number + "-" + rate,
                        rate,
                        SETTLE,
                        Duration.ofSeconds(posts.seconds()));
                System.out.println("bench: %d sends/s: %s".formatted(rate, run.line()));
                runs.add(run);
            }
            server.stop();
            return runs;
        }
    }

    /** @param rate 0: a closed loop */
    private BenchRun run(
            Stand stand,
            ServerProcess server,
            Population population,
            String keys,
            int rate,
            Duration before,
            Duration measured)
            throws IOException {
        Requests requests = new Requests("127.0.0.1", population.apiKey(), population.names(), keys, posts.bytes());
        LoadPlan plan = new LoadPlan(posts.outstanding(), rate, before, measured, DRAIN);
        Meters meters = stand.meters(server);
        try (LoadLoop loop = new LoadLoop(Stand.address(server), plan, requests, meters)) {
            loop.connect(population.tokens());
            return meters.run(loop.run(), 0);
        }
    }
}
