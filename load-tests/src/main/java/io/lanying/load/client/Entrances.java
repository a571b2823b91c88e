package io.lanying.load.client;

import java.net.URI;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The addresses at which clients find the server, chosen among by a seed. They are not told which of them answers: an address
 * stays until it is taken away. Thread-safe.
 */
public final class Entrances {

    private final CopyOnWriteArrayList<URI> addresses;
    private final Random random;

    /** @param addresses at least one */
    public Entrances(List<URI> addresses, long seed) {
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("no address");
        }
        this.addresses = new CopyOnWriteArrayList<>(addresses);
        this.random = new Random(seed);
    }

    /** A single one. */
    public static Entrances only(URI address) {
        return new Entrances(List.of(address), 0);
    }

    /** Where a call goes. */
    public URI any() {
        List<URI> now = List.copyOf(addresses);
        return now.get(random.nextInt(now.size()));
    }

    /** Where somebody goes who comes from there: elsewhere, if there is more than one. */
    public URI otherThan(URI last) {
        List<URI> others =
                addresses.stream().filter(address -> !address.equals(last)).toList();
        return others.isEmpty() ? any() : others.get(random.nextInt(others.size()));
    }

    void add(URI address) {
        addresses.addIfAbsent(address);
    }

    /** @throws IllegalStateException if it is the last one */
    void remove(URI address) {
        if (addresses.size() == 1 && addresses.contains(address)) {
            throw new IllegalStateException("the last address");
        }
        addresses.remove(address);
    }
}
