package io.lanying.load.rig;

import io.lanying.load.client.ServerSettings;
import io.lanying.load.client.VendorSimulator;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The vendors of a run, each a process of its own that lives on while servers die. */
public final class Vendors implements AutoCloseable {

    /**
     * Waits that are shorter than the shipped ones, so that a run sees the end of what it begins: how soon a device is woken
     * after its node's death, how long a vendor may take, how long a channel waits before it tries again.
     */
    private static final String SHORT_WAITS = "-Dpush.device.vendor-look=3s"
            + " -Dpush.channels.apns.deadline=5s"
            + " -Dpush.channels.fcm.deadline=6s -Dpush.channels.fcm.read-timeout=4s"
            + " -Dpush.channels.actor.back-off.max=2s -Dpush.channels.actor-of.apns.back-off.max=2s";

    private final List<VendorSimulator> all;

    private Vendors(List<VendorSimulator> all) {
        this.all = List.copyOf(all);
    }

    /** One of each kind. */
    public static Vendors start(Path directory, long seed) {
        return start(directory, seed, VendorSimulator.Kind.values());
    }

    /** One of each of these kinds. */
    public static Vendors start(Path directory, long seed, VendorSimulator.Kind... kinds) {
        return new Vendors(Arrays.stream(kinds)
                .map(kind -> VendorSimulator.start(kind, directory.resolve(kind.channel()), seed))
                .toList());
    }

    /** For a run without vendors. */
    public static Vendors none() {
        return new Vendors(List.of());
    }

    public List<VendorSimulator> all() {
        return all;
    }

    /** The vendor of a kind. */
    public VendorSimulator of(VendorSimulator.Kind kind) {
        return all.stream().filter(each -> each.kind() == kind).findFirst().orElseThrow();
    }

    /** The settings of a node that sends to them. */
    public ServerSettings pointed(ServerSettings settings) {
        if (all.isEmpty()) {
            return settings;
        }
        ServerSettings pointed = settings.withJvmOptions(SHORT_WAITS);
        for (VendorSimulator vendor : all) {
            pointed = vendor.pointed(pointed);
        }
        return pointed;
    }

    @Override
    public void close() {
        all.forEach(VendorSimulator::close);
    }
}
