package io.lanying.load.bench;

import io.lanying.load.client.ServerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Measures the server's memory for connections on which nothing happens, and for known devices that are away. Exits 1 if a connection
 * was cut off.
 */
@Command(
        name = "connections",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Memory for idle connections, and for known devices that are away.")
final class ConnectionsBench implements Callable<Integer> {

    private static final int SOCKETS = 19_000;
    private static final int CONNECT_AT_ONCE = 200;
    private static final Duration CONNECT = Duration.ofSeconds(60);

    /** So many are connected once before anything is measured, so that what the first ones bring about is there. */
    private static final int REHEARSED = 500;

    /** Longer than users stay in memory after their devices were registered: a minute. */
    private static final Duration USERS_GONE = Duration.ofSeconds(75);

    @Mixin
    private RunOptions options = new RunOptions();

    @Option(names = "--connections", defaultValue = "10000", description = "Idle connections: 1 to 19000.")
    private int connections = 10_000;

    @Option(names = "--known", defaultValue = "100000", description = "Devices that are registered and away.")
    private int known = 100_000;

    @Option(names = "--idle-seconds", defaultValue = "75", description = "How long nothing happens before measuring.")
    private int idleSeconds = 75;

    @Option(
            names = "--passivate-seconds",
            defaultValue = "10",
            description = "How long devices without a connection stay in the server's memory; shipped: 120.")
    private int passivateSeconds = 10;

    @Override
    public Integer call() throws Exception {
        options.demand(connections > 0 && connections <= SOCKETS, "connections are 1 to " + SOCKETS);
        options.demand(
                known >= 0 && passivateSeconds > 0 && passivateSeconds <= 60,
                "known is 0 or more, passivate-seconds 1 to 60");
        OpenFiles.demand(options, connections);
        System.out.printf(
                "bench: %d runs; memory before, with %d connections that were idle for %d s, after them, and with %d devices that"
                        + " are known and away%n",
                options.runs(), connections, idleSeconds, known);
        List<ConnectionsRun> done = options.each(number -> run());
        options.report(
                "%d idle connections, then %d known devices that are away, postgres".formatted(connections, known),
                List.of(
                        "%d runs, each with a new server and database; WebSockets of devices with a user each, welcomed, idle for %d s but for"
                                        .formatted(options.runs(), idleSeconds)
                                + " a ping every 20 s; devices that are away leave the memory after %d s"
                                        .formatted(passivateSeconds),
                        "memory is read after two full collections. Live heap: what they left, to the MiB. Outside the heap: resident memory"
                                + " (RSS) without the pages of the Java heap, so threads, code, buffers. RSS with the heap's free room depends"
                                + " on how far the collector had let the heap grow; what the kernel keeps for a socket is in none of them"),
                RunOptions.POSTGRES,
                done.stream().map(ConnectionsRun::machineLoad).toList(),
                Map.of("figure", done.stream().map(ConnectionsRun::figures).toList()));
        return 0;
    }

    private ConnectionsRun run() throws IOException, InterruptedException {
        String passivate = Stand.passivating(passivateSeconds);
        try (Stand stand = Stand.onPostgres(passivate + options.javaOpts());
                ServerProcess server = stand.start()) {
            Population population = Population.register(server, Population.names(connections));
            Heap heap = stand.heap(server);
            Meters meters = stand.meters(server);
            connect(server, population.tokens().subList(0, Math.min(REHEARSED, connections)), 1, () -> {});
            register(server, population, "r", REHEARSED);
            Memory before = afterPassivation(server, heap);
            Memory[] connected = new Memory[1];
            Connected how = connect(
                    server, population.tokens(), idleSeconds, () -> connected[0] = tell("connected", server, heap));
            Memory closed = afterPassivation(server, heap);
            register(server, population, "c", known);
            Memory after = afterPassivation(server, heap);
            ConnectionsRun run = new ConnectionsRun(
                    connections,
                    known,
                    before,
                    connected[0],
                    closed,
                    after,
                    how.seconds(),
                    how.refused(),
                    meters.machineLoad());
            System.out.println("bench: " + run.line());
            server.stop();
            return run;
        }
    }

    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    private record Connected(double seconds, int refused) {}

    /** Connects, is idle, does what is to be done then, and closes; throws if one was cut off. */
    private static Connected connect(ServerProcess server, List<String> tokens, int idleSeconds, Step then)
            throws IOException, InterruptedException {
        try (Wires wires = new Wires()) {
            Fleet fleet = new Fleet(wires, Stand.address(server), DeviceLine.TITLE, (app, mark) -> {
                throw new IllegalStateException("an item that nobody sent");
            });
            long began = System.nanoTime();
            fleet.connect(tokens, CONNECT_AT_ONCE, CONNECT);
            double seconds = (System.nanoTime() - began) / 1e9;
            System.out.printf("bench: %d connected in %.1f s%n", tokens.size(), seconds);
            wires.turnUntil(Duration.ofSeconds(idleSeconds), () -> false);
            then.run();
            return new Connected(seconds, fleet.refused());
        }
    }

    private static void register(ServerProcess server, Population population, String prefix, int count)
            throws IOException {
        try (Registrations all = new Registrations(
                Stand.address(server),
                population.apiKey(),
                number -> prefix + number,
                "{\"platform\":\"android\"}",
                count)) {
            all.run();
        }
    }

    private static Memory afterPassivation(ServerProcess server, Heap heap) throws IOException, InterruptedException {
        LockSupport.parkNanos(USERS_GONE.toNanos());
        return tell("nobody connected", server, heap);
    }

    private static Memory tell(String when, ServerProcess server, Heap heap) throws IOException, InterruptedException {
        Memory memory = Memory.read(server, heap);
        System.out.printf(
                "bench: %s: RSS %d MiB, live heap %d MiB, outside the heap %d MiB%n",
                when, memory.resident() >> 20, memory.live() >> 20, memory.outside() >> 20);
        return memory;
    }
}
