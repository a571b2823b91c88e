package io.lanying.load.vendor;

import io.lanying.load.client.Service;
import io.lanying.load.client.VendorSimulator.Kind;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.HistoryEvent.VendorAsked;
import io.lanying.load.rig.Phone;
import io.lanying.load.rig.Rig;
import io.lanying.load.rig.Sender;
import io.lanying.load.rig.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A tenant that has nothing to do with the vendor in trouble: one phone on its own connection, one that the other vendor reaches.
 * Sends to them in turn, one at a time, and measures from before the call to the app's, or the vendor's, having it.
 */
final class Neighbours {

    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final Duration LOOK = Duration.ofNanos(200_000);

    private final Rig rig;
    private final Sender sender;
    private final Phone near;
    private final Phone far;

    private record Probe(Sender.Command command, long sentMillis) {}

    /** @param other the vendor that is not in trouble */
    Neighbours(Rig rig, Kind other) {
        this.rig = rig;
        this.sender = rig.tenant("neighbour" + rig.seed());
        this.near = rig.phone(
                sender.service(),
                "near",
                new Service.Registration("n", List.of(), Optional.empty()),
                Phone.Manner.ATTENTIVE);
        this.far = rig.phone(
                sender.service(),
                "far",
                new Service.Registration("f", List.of(), Optional.empty()).with(Workload.newToken(rig, other)),
                Phone.Manner.LOST);
    }

    /** Measures until told to stop, and at least so often. */
    Outcome.Times measure(int atLeast, BooleanSupplier goOn) {
        List<Long> own = new ArrayList<>();
        List<Probe> probes = new ArrayList<>();
        while (goOn.getAsBoolean() || own.size() < atLeast) {
            own.add(toNear());
            probes.add(toFar());
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return new Outcome.Times(p99(own), p99(toVendor(probes)), own.size());
    }

    private long toNear() {
        long before = near.app().receivedSeq();
        long start = System.nanoTime();
        Rig.await(sender.sendTo(near.device()));
        while (near.app().receivedSeq() == before && System.nanoTime() - start < Rig.STEP.toNanos()) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
        return (System.nanoTime() - start) / 1_000_000;
    }

    private Probe toFar() {
        long sent = System.currentTimeMillis();
        Rig.await(sender.sendTo(far.device()));
        return new Probe(sender.commands().get(sender.commands().size() - 1), sent);
    }

    private List<Long> toVendor(List<Probe> probes) {
        Map<String, Long> arrived = new HashMap<>();
        Rig.holdsWithin(Rig.STEP, () -> {
            rig.vendors().forEach(vendor -> vendor.recordNews(rig.recorder()));
            rig.recorder()
                    .history()
                    .all(VendorAsked.class)
                    .filter(asked -> asked.shown() == HistoryEvent.Shown.TAKEN)
                    .forEach(asked -> arrived.putIfAbsent(asked.itemId(), asked.atMillis()));
            return probes.stream()
                    .allMatch(probe -> arrived.containsKey(probe.command().notificationId()));
        });
        List<Long> times = new ArrayList<>();
        for (Probe probe : probes) {
            Long at = arrived.get(probe.command().notificationId());
            if (at != null) {
                times.add(at - probe.sentMillis());
            }
        }
        return times;
    }

    /** The 99th of a hundred, by rank. */
    static long p99(List<Long> times) {
        List<Long> sorted = times.stream().sorted().toList();
        return sorted.isEmpty() ? -1 : sorted.get((int) Math.ceil(sorted.size() * 0.99) - 1);
    }

    /** The vendor that is not this one. */
    static Kind otherThan(Kind vendor) {
        return vendor == Kind.APNS ? Kind.FCM : Kind.APNS;
    }
}
