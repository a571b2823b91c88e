package io.lanying.load.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The processes that are the server of a run: one, or several that form a cluster. A node is named by its place, from 0, which
 * it keeps through all its lives.
 *
 * <p>Threads may look after different places at the same time. {@link #close} leaves no process behind, nor does the end of the
 * JVM if there are several.
 */
public final class Nodes implements AutoCloseable {

    private static final Duration JOIN_LIMIT = Duration.ofSeconds(60);
    /** The server's {@code push.node.stop-timeout}, and the start of a JVM on a busy machine. */
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(50);

    /** Several of them share a machine with all else that a run needs. */
    private static final String SMALL = " -Xms64m -Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1";

    private final List<ServerProcess> all;
    private final Entrances entrances;
    private final HttpClient http = Api.newHttpClient();
    private final Thread atExit = new Thread(this::killAll, "nodes-end");

    private Nodes(List<ServerProcess> processes, long seed) {
        this.all = new CopyOnWriteArrayList<>(processes);
        this.entrances =
                new Entrances(processes.stream().map(ServerProcess::address).toList(), seed);
    }

    /** One that runs. */
    public static Nodes of(ServerProcess only) {
        return new Nodes(List.of(only), 0);
    }

    /**
     * Starts nodes of a cluster all at once and waits until it is whole.
     *
     * @param settings of {@link ServerSettings#cluster}
     * @throws IllegalStateException if one does not start in time; none is left then
     */
    public static Nodes start(List<ServerSettings> settings, long seed) {
        Nodes nodes = new Nodes(
                settings.stream().map(each -> ServerProcess.launch(small(each))).toList(), seed);
        Runtime.getRuntime().addShutdownHook(nodes.atExit);
        try {
            nodes.all.forEach(ServerProcess::awaitReady);
            nodes.awaitWhole();
            return nodes;
        } catch (RuntimeException e) {
            nodes.close();
            throw e;
        }
    }

    private static ServerSettings small(ServerSettings settings) {
        return settings.withJvmOptions(settings.jvmOptions() + SMALL);
    }

    public Entrances entrances() {
        return entrances;
    }

    /** How many places there are, those whose nodes ended included. */
    public int places() {
        return all.size();
    }

    public ServerProcess at(int place) {
        return all.get(place);
    }

    /** Whether any process is there. */
    public boolean anyAlive() {
        return all.stream().anyMatch(ServerProcess::alive);
    }

    /** Waits until all that are alive are up, know each other, and know of nobody else. */
    public void awaitWhole() {
        long end = System.nanoTime() + JOIN_LIMIT.toNanos();
        while (!isWhole()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("no whole cluster in " + JOIN_LIMIT);
            }
            LockSupport.parkNanos(100_000_000);
        }
    }

    private boolean isWhole() {
        List<ServerProcess> living = all.stream().filter(ServerProcess::alive).toList();
        return living.stream().allMatch(node -> sees(node, living.size()));
    }

    private boolean sees(ServerProcess node, int count) {
        JsonNode members = members(node);
        return members.path("members").size() == count
                && members.path("unreachable").isEmpty()
                && members.path("members").findValuesAsText("status").stream().allMatch("Up"::equals);
    }

    /** Nothing, if the node does not answer. */
    private JsonNode members(ServerProcess node) {
        return json(node, "/cluster/members");
    }

    private JsonNode json(ServerProcess node, String path) {
        String text = told(node, path);
        try {
            return text.isEmpty() ? MissingNode.getInstance() : Answer.JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    /** What the node's management port says; empty, if it does not answer. */
    private String told(ServerProcess node, String path) {
        HttpRequest ask = HttpRequest.newBuilder(node.management().resolve(path))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            return http.send(ask, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** How many shards, of all kinds of entities, the node says that it has. */
    public int shards(int place) {
        for (JsonNode node : json(all.get(place), "/nodes").path("nodes")) {
            if (node.path("self").asBoolean()) {
                return node.at("/figures/shards").asInt();
            }
        }
        return 0;
    }

    /** What all living nodes together count. */
    public long counted(String meter) {
        long sum = 0;
        for (int place = 0; place < places(); place++) {
            sum += counted(place, meter);
        }
        return sum;
    }

    /**
     * What a node counts; 0 if it does not answer.
     *
     * @param meter as Prometheus knows it, with its tags if it has some
     */
    public long counted(int place, String meter) {
        return told(all.get(place), "/metrics")
                .lines()
                .filter(line -> line.startsWith(meter + " "))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(meter.length() + 1)))
                .sum();
    }

    /** {@code kill -9}. Clients are not told. */
    public void kill(int place) {
        all.get(place).kill();
    }

    /** A new life at the same place, with the same settings but without any agent; waits until it serves. */
    public void startAgain(int place) {
        ServerProcess last = all.get(place);
        last.close();
        ServerProcess next = ServerProcess.launch(last.settings().withAgent(""));
        all.set(place, next);
        next.awaitReady();
    }

    /** A node at a new place, which joins the others; waits until it serves, then clients are told. Returns its place. */
    public int join() {
        ServerSettings first = all.get(0).settings();
        Path directory = first.workDir().resolveSibling("node" + all.size());
        ServerProcess node = ServerProcess.launch(first.sibling(directory));
        all.add(node);
        node.awaitReady();
        entrances.add(node.address());
        return all.indexOf(node);
    }

    /**
     * SIGTERM; when it has ended clients are told.
     *
     * @throws IllegalStateException if it does not end in order and in time
     */
    public void drain(int place) {
        ServerProcess node = all.get(place);
        int exitCode = node.stop(DRAIN_LIMIT);
        if (exitCode != 0) {
            throw new IllegalStateException("node " + place + " was asked to stop and ended with " + exitCode);
        }
        if (places() > 1 && anyAlive()) {
            entrances.remove(node.address());
        }
    }

    /**
     * Drains a node and starts another one in its place; clients are told of both. Waits until the cluster is whole.
     *
     * @param by the settings of the new node: the same ports and directory
     * @return how long the end took
     * @throws IllegalStateException if the old one does not end in order and in time, or the new one does not start
     */
    public Duration replace(int place, UnaryOperator<ServerSettings> by) {
        ServerProcess last = all.get(place);
        long asked = System.nanoTime();
        drain(place);
        Duration took = Duration.ofNanos(System.nanoTime() - asked);
        ServerProcess next = ServerProcess.launch(by.apply(last.settings()));
        all.set(place, next);
        next.awaitReady();
        entrances.add(next.address());
        awaitWhole();
        return took;
    }

    /** All places, but the oldest node's last: what exists once in a cluster is there, and moves only once then. */
    public List<Integer> oldestLast() {
        String oldest = members(all.get(0)).path("oldest").asText();
        List<Integer> places = new ArrayList<>();
        Optional<Integer> last = Optional.empty();
        for (int place = 0; place < places(); place++) {
            if (oldest.endsWith("@" + all.get(place).settings().remote())) {
                last = Optional.of(place);
            } else {
                places.add(place);
            }
        }
        places.add(last.orElseThrow(() -> new IllegalStateException("no node is " + oldest)));
        return places;
    }

    /** Drains one after the other. */
    public void drainAll() {
        for (int place = 0; place < places(); place++) {
            if (all.get(place).alive()) {
                drain(place);
            }
        }
    }

    /** The directories of all of them, dead or alive. */
    public List<Path> directories() {
        return all.stream().map(node -> node.settings().workDir()).toList();
    }

    /** How many lines of the logs of nodes that have ended, in all their lives, hold the text. */
    public long logged(String text) {
        long count = 0;
        for (ServerProcess node : all) {
            Path log = node.settings().log();
            if (Files.exists(log)) {
                try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
                    count += lines.filter(line -> line.contains(text)).count();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return count;
    }

    private void killAll() {
        all.forEach(node -> node.handle().destroyForcibly());
    }

    @Override
    public void close() {
        killAll();
        all.forEach(ServerProcess::close);
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // the JVM is ending: the hook does the same
        }
    }
}
