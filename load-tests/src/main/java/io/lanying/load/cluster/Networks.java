package io.lanying.load.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A network for the nodes of a run, each in a namespace of its own with a wire to one bridge, at whose other end are the clients and
 * the database; ways between two nodes can be cut. Linux and root only, and only in a namespace that had nothing but
 * loopback before: what is made here touches nothing else and ends with it.
 */
final class Networks implements AutoCloseable {

    private static final String NET = "10.77.0.";
    private static final int FIRST_NODE = 10;
    private static final int SECONDS = 10;
    /** Nobody has it: what is sent there is lost, as on a broken way, and nobody is told. */
    private static final String NOBODY = "02:00:00:00:00:ff";

    private final List<Process> holders = new ArrayList<>();
    private final Thread atExit = new Thread(this::end, "networks-end");

    private Networks() {}

    /** Why it cannot be made here; empty if it can. */
    static Optional<String> whyNot() {
        try {
            List<String> links =
                    Programs.run(List.of("ip", "-o", "link")).lines().toList();
            boolean alone = links.stream().allMatch(link -> link.contains(": lo:") || link.contains("@NONE:"));
            return alone && "root".equals(System.getProperty("user.name"))
                    ? Optional.empty()
                    : Optional.of("cutting networks and filling disks needs root and namespaces of one's own: "
                            + "load-tests/bin/cluster-faults makes them where that is allowed");
        } catch (IllegalStateException e) {
            return Optional.of("cutting networks and filling disks needs Linux with iproute2: " + e.getMessage());
        }
    }

    static Networks make(int nodes) {
        Networks networks = new Networks();
        Runtime.getRuntime().addShutdownHook(networks.atExit);
        try {
            ip("link", "set", "lo", "up");
            ip("link", "add", "bridge", "type", "bridge");
            ip("addr", "add", networks.gateway() + "/24", "dev", "bridge");
            ip("link", "set", "bridge", "up");
            for (int place = 0; place < nodes; place++) {
                networks.add(place);
            }
            return networks;
        } catch (IOException | RuntimeException e) {
            networks.close();
            throw new IllegalStateException("no networks: " + e.getMessage(), e);
        }
    }

    private void add(int place) throws IOException {
        Process holder = new ProcessBuilder("unshare", "--net", "sleep", "infinity").start();
        holders.add(holder);
        String wire = "node" + place;
        awaitOwnNamespace(holder);
        ip("link", "add", wire, "type", "veth", "peer", "name", "eth0", "netns", Long.toString(holder.pid()));
        ip("link", "set", wire, "master", "bridge");
        ip("link", "set", wire, "up");
        in(place, "ip", "link", "set", "lo", "up");
        in(place, "ip", "addr", "add", host(place) + "/24", "dev", "eth0");
        in(place, "ip", "link", "set", "eth0", "up");
    }

    /** {@code unshare} needs a moment before it is where it should be. */
    private static void awaitOwnNamespace(Process holder) {
        for (int tries = 0; tries < 100; tries++) {
            if (!namespace("self").equals(namespace(Long.toString(holder.pid())))) {
                return;
            }
            pause();
        }
        throw new IllegalStateException("unshare made no namespace");
    }

    private static String namespace(String process) {
        return Programs.run(List.of("readlink", "/proc/" + process + "/ns/net"));
    }

    /** Where clients and the database are. */
    String gateway() {
        return NET + "1";
    }

    String host(int place) {
        return NET + (FIRST_NODE + place);
    }

    /** What goes before a command that is to run where the node is. */
    List<String> launcher(int place) {
        return List.of(
                "nsenter", "--net", "--target", Long.toString(holders.get(place).pid()));
    }

    /** Nothing gets from one to the other any more, nor back. */
    void cut(int one, int other) {
        neighbour("replace", one, other);
        neighbour("replace", other, one);
    }

    /** The way is as it was. */
    void mend(int one, int other) {
        neighbour("del", one, other);
        neighbour("del", other, one);
    }

    private void neighbour(String change, int from, int to) {
        List<String> words = new ArrayList<>(List.of("ip", "neigh", change, host(to)));
        if (change.equals("replace")) {
            words.addAll(List.of("lladdr", NOBODY, "nud", "permanent"));
        }
        words.addAll(List.of("dev", "eth0"));
        in(from, words.toArray(String[]::new));
    }

    private void in(int place, String... words) {
        List<String> command = new ArrayList<>(launcher(place));
        command.addAll(List.of(words));
        Programs.run(command);
    }

    private static void ip(String... words) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words));
        Programs.run(command);
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The wires end with the namespaces that they lead into. */
    private void end() {
        holders.forEach(Process::destroyForcibly);
        try {
            new ProcessBuilder("ip", "link", "del", "bridge").start().waitFor(SECONDS, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
