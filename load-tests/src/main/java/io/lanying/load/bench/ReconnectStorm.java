package io.lanying.load.bench;

import io.lanying.load.client.ServerProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Very many devices on the nodes of a cluster lose their connections in one moment and connect in the next, each at another node, while
 * pushes come for them. What was accepted has to come, in order; what was not acknowledged at that moment may come again. One thread.
 */
public final class ReconnectStorm {

    /**
     * What it showed.
     *
     * @param seconds99 from the cut until 99 of 100 devices were welcomed again
     * @param seconds until all were, or the limit
     * @param mostWelcomedInASecond the most that were, in any second of the storm
     * @param helloMillis99 what 99 of 100 waited from hello to welcome
     * @param refused attempts to connect that were sent away
     * @param lost accepted and not received in time
     * @param repeated received again: not acknowledged, or not heard to be, when the connection was cut
     */
    public record Result(
            double seconds99,
            double seconds,
            int mostWelcomedInASecond,
            long helloMillis99,
            int refused,
            int unwelcomed,
            int accepted,
            int lost,
            int repeated,
            int invented,
            int outOfOrder,
            int gone) {}

    private static final int CONNECT_AT_ONCE = 200;
    private static final int PER_SECOND = 100;
    private static final int BYTES = 200;
    private static final Duration CONNECT = Duration.ofSeconds(60);
    private static final Duration QUIET = Duration.ofSeconds(5);
    private static final Duration AFTERWARDS = Duration.ofSeconds(3);
    private static final Duration ARRIVES = Duration.ofSeconds(30);

    private final List<InetSocketAddress> nodes;
    private final List<String> tokens;
    private final Requests requests;
    private final Messages messages = new Messages();

    private ReconnectStorm(List<InetSocketAddress> nodes, Population population) {
        this.nodes = nodes;
        this.tokens = population.tokens();
        this.requests = new Requests("127.0.0.1", population.apiKey(), population.names(), "storm", BYTES);
    }

    /** Registers devices of a tenant of its own; nothing is connected yet. */
    public static ReconnectStorm of(List<ServerProcess> nodes, int devices) {
        Population population = Population.register(nodes.get(0), Population.names(devices));
        return new ReconnectStorm(nodes.stream().map(Stand::address).toList(), population);
    }

    /**
     * Connects all in peace, and has the storm.
     *
     * @param cut told at the moment of the cut
     * @param limit for all to be welcomed again
     */
    public Result run(Runnable cut, Duration limit) throws IOException {
        try (SteadySends sends = new SteadySends(nodes, requests, messages, PER_SECOND)) {
            int outOfOrder = peace(sends, cut);
            try (Wires wires = new Wires()) {
                return storm(wires, sends, outOfOrder, limit);
            }
        }
    }

    /** Until the cut; how many numbers did not follow one another. */
    private int peace(SteadySends sends, Runnable cut) throws IOException {
        try (Wires before = new Wires()) {
            List<Fleet> fleets = fleets(before, sends);
            for (int node = 0; node < nodes.size(); node++) {
                fleets.get(node).connect(tokensOf(node), CONNECT_AT_ONCE, CONNECT);
            }
            before.turnUntil(QUIET, () -> false);
            cut.run();
            return fleets.stream().mapToInt(Fleet::outOfOrder).sum();
        }
    }

    private Result storm(Wires wires, SteadySends sends, int outOfOrderBefore, Duration limit) throws IOException {
        long cutAt = System.nanoTime();
        List<Fleet> fleets = fleets(wires, sends);
        Welcomes welcomes = new Welcomes(cutAt, tokens.size());
        wires.eachTurn(() -> welcomes.are(welcomed(fleets), System.nanoTime()));
        for (int node = 0; node < nodes.size(); node++) {
            fleets.get(node).open(tokensOf(node + 1));
        }
        wires.turnUntil(limit, () -> welcomed(fleets) == tokens.size());
        welcomes.are(welcomed(fleets), System.nanoTime());
        wires.turnUntil(AFTERWARDS, () -> false);
        sends.stop();
        wires.turnUntil(ARRIVES, () -> sends.allAnswered() && messages.lost() == 0);
        return new Result(
                welcomes.seconds99(),
                welcomes.seconds(),
                welcomes.mostInASecond(),
                helloMillis99(fleets),
                fleets.stream().mapToInt(Fleet::refused).sum(),
                tokens.size() - welcomed(fleets),
                messages.accepted(),
                messages.lost(),
                messages.repeated(),
                messages.invented(),
                outOfOrderBefore + fleets.stream().mapToInt(Fleet::outOfOrder).sum(),
                fleets.stream().mapToInt(Fleet::gone).sum());
    }

    /** One for each node; sends go on at each turn. */
    private List<Fleet> fleets(Wires wires, SteadySends sends) {
        List<Fleet> fleets = new ArrayList<>();
        for (InetSocketAddress node : nodes) {
            fleets.add(new Fleet(wires, node, DeviceLine.TITLE, (app, message) -> messages.receive(message)));
        }
        wires.eachTurn(sends::turn);
        return fleets;
    }

    private List<String> tokensOf(int node) {
        List<String> theirs = new ArrayList<>();
        for (int device = node % nodes.size(); device < tokens.size(); device += nodes.size()) {
            theirs.add(tokens.get(device));
        }
        return theirs;
    }

    private static int welcomed(List<Fleet> fleets) {
        return fleets.stream().mapToInt(Fleet::welcomed).sum();
    }

    private static long helloMillis99(List<Fleet> fleets) {
        return fleets.stream()
                .mapToLong(fleet -> fleet.helloNanos().getValueAtPercentile(99) / 1_000_000)
                .max()
                .orElse(0);
    }
}
