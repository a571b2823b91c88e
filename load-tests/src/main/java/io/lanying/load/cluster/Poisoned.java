package io.lanying.load.cluster;

import io.lanying.load.client.ServerSettings;
import io.lanying.load.client.Service;
import io.lanying.load.rig.Phone;
import io.lanying.load.rig.Rig;
import io.lanying.load.rig.Sender;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An event that nobody can decode stands in the journal of one device, which is not in memory. It cannot start, says so, and goes on once
 * the event can be read again; its neighbours, those of its own shard too, must not notice, and the node can be replaced.
 */
final class Poisoned implements Harm {

    private static final String TENANT = "poisoned";
    private static final String DEVICE = "victim";
    private static final int NEIGHBOURS = 4;
    /** The server's akka.cluster.sharding.number-of-shards. */
    private static final int SHARDS = 256;

    private static final int PASSIVATE_SECONDS = 3;
    private static final Duration GONE = Duration.ofSeconds(PASSIVATE_SECONDS + 2);
    private static final Duration FOUND_OUT = Duration.ofSeconds(40);
    private static final int PROBES = 40;
    private static final Duration PACE = Duration.ofMillis(400);
    /** The server's push.http.ask-timeout, less a little. */
    private static final long UNBEARABLE_MILLIS = 4_500;

    private static final Duration AGAIN = Duration.ofMillis(100);
    /** The server's push.node.stop-timeout. */
    private static final long LONGEST_STOP_MILLIS = 45_000;

    private static final String UNREADABLE = "push_journal_unreadable_total";

    private final Latencies neighbours = new Latencies();
    private final List<CompletableFuture<Void>> tries = new ArrayList<>();
    private long accepted;
    private long notAccepted;

    @Override
    public ServerSettings settings(ServerSettings shipped) {
        return shipped.withJvmOptions(
                "-Dpush.device.passivate-after=%1$ds -Dpush.device.session-return=%1$ds".formatted(PASSIVATE_SECONDS));
    }

    @Override
    public void prepare(Scene scene) {
        Service service = scene.rig().tenant(TENANT).service();
        Service.Registration nobodys = new Service.Registration("", List.of(), Optional.empty());
        scene.rig().phone(service, DEVICE, nobodys, Phone.Manner.AWAY);
        names().forEach(name -> scene.rig().phone(service, name, nobodys, Phone.Manner.ATTENTIVE));
    }

    /** Some that live in the same shard. */
    private static Stream<String> names() {
        return IntStream.iterate(0, number -> number + 1)
                .mapToObj(number -> "neighbour" + number)
                .filter(name -> shard(name) == shard(DEVICE))
                .limit(NEIGHBOURS);
    }

    private static int shard(String device) {
        return Math.abs(new EntityId(TENANT, device).toString().hashCode() % SHARDS);
    }

    @Override
    public void strike(Scene scene) {
        Sender sender = scene.senderOf(TENANT);
        try (LastEvent event = LastEvent.of(EntityKind.DEVICE.persistenceId(new EntityId(TENANT, DEVICE)), scene)) {
            event.spoil();
            awaitDead(sender);
            scene.struck();
            for (int probe = 0; probe < PROBES; probe++) {
                probe(sender);
                LockSupport.parkNanos(PACE.toNanos());
            }
            tries.forEach(Rig::await);
            scene.awaitAnswered();
            scene.demandAnswers();
            demandTold(scene);
            moveAway(scene, sender);
        }
    }

    /** As long as it is in memory it does not read what is in its journal. */
    private static void awaitDead(Sender sender) {
        Rig.awaitUntil(FOUND_OUT, "the device does not start", () -> {
            LockSupport.parkNanos(GONE.toNanos());
            Sender.Command command = sender.newCommand(DEVICE);
            Rig.await(sender.send(command));
            return !command.answered();
        });
    }

    /** To the device that cannot start, whose answer is not waited for; and to each neighbour, who has to answer. */
    private void probe(Sender sender) {
        Sender.Command hopeless = sender.newCommand(DEVICE);
        tries.add(sender.send(hopeless).thenRun(() -> count(hopeless)));
        for (String name : names().toList()) {
            Sender.Command command = sender.newCommand(name);
            long begun = System.nanoTime();
            Rig.await(sender.send(command));
            neighbours.add(System.nanoTime() - begun);
            notAccepted += command.answered() ? 0 : 1;
        }
    }

    private synchronized void count(Sender.Command hopeless) {
        accepted += hopeless.answered() ? 1 : 0;
    }

    private static void demandTold(Scene scene) {
        long told = scene.nodes().counted(UNREADABLE);
        scene.figure("starts that failed, as nodes count them", told);
        if (told == 0) {
            throw new IllegalStateException("nobody is told of the event that cannot be read");
        }
    }

    /** The node that tries to start it is replaced: its neighbours must get away from there, and it must not keep the node from ending. */
    private void moveAway(Scene scene, Sender sender) {
        int place = scene.places().stream()
                .max(Comparator.comparingLong(each -> scene.nodes().counted(each, UNREADABLE)))
                .orElseThrow();
        CompletableFuture<Duration> replaced =
                CompletableFuture.supplyAsync(() -> scene.nodes().replace(place, node -> node));
        long longest = 0;
        while (!replaced.isDone()) {
            longest = Math.max(
                    longest, millisUntilAccepted(sender, names().findFirst().orElseThrow()));
            LockSupport.parkNanos(AGAIN.toNanos());
        }
        scene.stopped(replaced.join());
        scene.figure(
                "milliseconds until the node with it had ended", replaced.join().toMillis(), LONGEST_STOP_MILLIS);
        scene.figure("milliseconds that a neighbour waited while the node was replaced", longest);
    }

    private static long millisUntilAccepted(Sender sender, String device) {
        Sender.Command command = sender.newCommand(device);
        long begun = System.nanoTime();
        Rig.awaitUntil(Rig.STEP, "a neighbour is answered", () -> {
            Rig.await(sender.send(command));
            return command.answered();
        });
        return Duration.ofNanos(System.nanoTime() - begun).toMillis();
    }

    @Override
    public void heal(Scene scene) {
        scene.demandAllAlive();
    }

    @Override
    public synchronized void report(Scene scene) {
        scene.figure("commands accepted by the device that cannot start", accepted, 0);
        scene.figure("commands to its neighbours not accepted", notAccepted, 0);
        scene.figure("milliseconds for 99 of 100 commands to its neighbours", neighbours.millis(99), UNBEARABLE_MILLIS);
        scene.figure("milliseconds for the slowest of them", neighbours.millis(100));
    }
}
