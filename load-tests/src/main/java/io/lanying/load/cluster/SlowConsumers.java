package io.lanying.load.cluster;

import io.lanying.load.client.ServerProcess;
import io.lanying.load.client.Service;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.rig.Phone;
import io.lanying.load.rig.Rig;
import io.lanying.load.rig.Sender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * A twentieth of the sockets reads a byte a second while large pushes come for them. They are closed with 4003, have everything when they
 * come back, and the others do not notice: in the quiet time before, the same large pushes go to apps that read.
 */
final class SlowConsumers implements Harm {

    private static final String TENANT = "readers";
    private static final int SLOW = 3;
    private static final int QUICK = 42;
    /** Less than a device's 1 MiB together, more than its window of 512 KiB, which a kernel does not keep for who reads nothing. */
    private static final int LARGE_PUSHES = 40;

    private static final int LARGE_BYTES = 16 * 1024;
    private static final Duration LARGE_PACE = Duration.ofMillis(100);
    private static final Duration PACE = Duration.ofMillis(15);
    private static final Duration WARM_UP = Duration.ofSeconds(15);
    private static final Duration PHASE = Duration.ofSeconds(30);
    private static final Duration CLOSED = Duration.ofSeconds(60);
    private static final Duration NEVER = Duration.ofSeconds(2);
    private static final String CLOSES = "push_sockets_closes_total{code=\"4003\"}";
    /** Of what it is in quiet. */
    private static final long MOST_PERCENT = 120;

    private static final long MOST_THREADS = 200;
    private static final long MOST_BYTES = 1L << 30;

    private final List<CompletableFuture<Void>> large = new ArrayList<>();
    private int probes;

    @Override
    public void prepare(Scene scene) {
        Service service = scene.rig().tenant(TENANT).service();
        Service.Registration nobodys = new Service.Registration("", List.of(), Optional.empty());
        names("slow", SLOW).forEach(name -> scene.rig().phone(service, name, nobodys, Phone.Manner.AWAY));
        names("quick", QUICK).forEach(name -> scene.rig().phone(service, name, nobodys, Phone.Manner.ATTENTIVE));
    }

    private static List<String> names(String kind, int count) {
        return IntStream.range(0, count).mapToObj(number -> kind + number).toList();
    }

    @Override
    public void strike(Scene scene) {
        Sender sender = scene.senderOf(TENANT);
        List<Phone> quick = scene.rig().phones().stream()
                .filter(phone -> phone.device().startsWith("quick"))
                .toList();
        List<Phone> probed = quick.subList(SLOW, QUICK);
        phase(sender, probed, WARM_UP, List.of());
        Latencies before = phase(sender, probed, PHASE, names("quick", SLOW));
        long residentBefore = resident(scene);
        long closedBefore = scene.nodes().counted(CLOSES);
        List<SlowSocket> sockets = open(scene, sender.service());
        scene.struck();
        Latencies during = phase(sender, probed, PHASE, names("slow", SLOW));
        Rig.awaitUntil(
                CLOSED, "who does not read is cut off", () -> sockets.stream().allMatch(SlowSocket::isCutOff));
        scene.figure("slow sockets", SLOW);
        scene.figure("slow sockets not closed with 4003", SLOW - (scene.nodes().counted(CLOSES) - closedBefore), 0);
        scene.figure("mebibytes by which the largest node grew meanwhile", (resident(scene) - residentBefore) >> 20);
        scene.rig().measure(MOST_THREADS, MOST_BYTES);
        compare(scene, before, during);
        large.forEach(Rig::await);
        sockets.forEach(SlowSocket::close);
        scene.awaitAnswered();
    }

    private static long resident(Scene scene) {
        return scene.places().stream()
                .map(scene.nodes()::at)
                .filter(ServerProcess::alive)
                .mapToLong(ServerProcess::residentBytes)
                .max()
                .orElse(0);
    }

    private static List<SlowSocket> open(Scene scene, Service service) {
        List<SlowSocket> sockets = new ArrayList<>();
        for (String name : names("slow", SLOW)) {
            String token = Rig.await(service.sessionToken(name));
            scene.rig().recorder().add(new HistoryEvent.Canary(TENANT, token, true));
            sockets.add(new SlowSocket(scene.nodes().entrances().any(), token));
        }
        return sockets;
    }

    /** How long pushes to those who read take until they are received, while large ones go to some. */
    private Latencies phase(Sender sender, List<Phone> probed, Duration time, List<String> toThese) {
        Latencies latencies = new Latencies();
        long began = System.nanoTime();
        int sent = 0;
        while (System.nanoTime() - began < time.toNanos()) {
            if (sent < LARGE_PUSHES * toThese.size() && System.nanoTime() - began > LARGE_PACE.toNanos() * sent) {
                String device = toThese.get(sent++ % toThese.size());
                large.add(sender.send(sender.newCommand(device, LARGE_BYTES)));
            }
            probe(sender, probed.get(probes++ % probed.size()), latencies);
            LockSupport.parkNanos(PACE.toNanos());
        }
        return latencies;
    }

    /** One whose connection was cut, as services' runs do, says nothing about the others. */
    private static void probe(Sender sender, Phone phone, Latencies latencies) {
        if (!phone.app().connected()) {
            return;
        }
        long before = phone.app().receivedSeq();
        long begun = System.nanoTime();
        Rig.await(sender.send(sender.newCommand(phone.device())));
        while (phone.app().receivedSeq() <= before) {
            if (System.nanoTime() - begun > NEVER.toNanos()) {
                return;
            }
            LockSupport.parkNanos(200_000);
        }
        latencies.add(System.nanoTime() - begun);
    }

    private static void compare(Scene scene, Latencies before, Latencies during) {
        scene.figure("pushes received that are compared", during.count());
        scene.figure("microseconds for half of them", during.micros(50));
        scene.figure("microseconds for half of them in quiet", before.micros(50));
        scene.figure("microseconds for 99 of 100", during.micros(99));
        scene.figure("microseconds for 99 of 100 in quiet", before.micros(99));
        scene.figure(
                "percent of what 99 of 100 take in quiet",
                100 * during.micros(99) / Math.max(1, before.micros(99)),
                MOST_PERCENT);
    }

    @Override
    public void heal(Scene scene) {
        scene.demandAllAlive();
    }
}
