package io.lanying.protocol.address;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The one guard that addresses pass which tenants or devices name (webhooks, Web Push endpoints, addresses in credentials): https
 * only, and connected to is a public address that was looked up once, so that a name cannot mean another address a moment later.
 * Whoever connects follows no redirects and verifies the certificate against the address's name. Thread-safe.
 *
 * <p>Networks that the operator allows count as public: for tests, and for services inside one's own network.
 */
public final class AddressGuard {

    static final int MAX_LENGTH = 2_048;

    private static final int HTTPS = 443;
    private static final int FIRST_FREE_PORT = 1_024;
    private static final int MAX_PORT = 65_535;

    /** How some libraries read a last label like this is anybody's guess: octal, hexadecimal, one number for all four. */
    private static final Pattern ENDS_IN_FIGURES = Pattern.compile("(.*\\.)?([0-9]+|0[xX][0-9a-fA-F]*)\\.?");

    /** No leading zeros, which some read as octal. */
    private static final Pattern V4 = Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");

    /** What the internet does not route, or what leads back into a network (IANA's special-purpose registries, 2025). */
    private static final List<Network> NOT_PUBLIC_V4 = networks(
            "0.0.0.0/8", // this network
            "10.0.0.0/8", // private
            "100.64.0.0/10", // carriers' own
            "127.0.0.0/8", // loopback
            "169.254.0.0/16", // link-local, clouds' metadata
            "172.16.0.0/12", // private
            "192.0.0.0/24", // protocols
            "192.0.2.0/24", // documentation
            "192.88.99.0/24", // 6to4 relays
            "192.168.0.0/16", // private
            "198.18.0.0/15", // benchmarks
            "198.51.100.0/24", // documentation
            "203.0.113.0/24", // documentation
            "224.0.0.0/4", // multicast
            "240.0.0.0/4"); // reserved, broadcast

    /** Everything else is loopback, link-local, private, multicast, or IPv4 in another coat. */
    private static final Network PUBLIC_V6 = Network.parse("2000::/3");

    private static final List<Network> NOT_PUBLIC_V6 = networks(
            "2001::/23", // protocols, Teredo
            "2001:db8::/32", // documentation
            "2002::/16", // 6to4: IPv4 in another coat
            "3fff::/20"); // documentation

    /** Looks up all addresses of a name. */
    @FunctionalInterface
    public interface Resolver {

        /** Blocks. */
        List<InetAddress> lookUp(String host) throws UnknownHostException;
    }

    private final List<Network> allowed;
    private final Resolver resolver;

    public AddressGuard(List<Network> allowed, Resolver resolver) {
        this.allowed = List.copyOf(allowed);
        this.resolver = resolver;
    }

    /** With the names as this machine knows them. */
    public static AddressGuard system(List<Network> allowed) {
        return new AddressGuard(allowed, host -> Arrays.asList(InetAddress.getAllByName(host)));
    }

    /**
     * What is wrong with an address, before its name is looked up, as the rest of a sentence that begins with it; empty if
     * nothing is.
     */
    public Optional<String> fault(String address) {
        URI uri;
        try {
            uri = new URI(address);
        } catch (URISyntaxException e) {
            return Optional.of("must be an https address");
        }
        if (address.length() > MAX_LENGTH) {
            return Optional.of("must be at most " + MAX_LENGTH + " characters");
        }
        if (!"https".equals(uri.getScheme()) || uri.getHost() == null || !isAscii(address)) {
            return Optional.of("must be an https address with a host, other alphabets in Punycode and percent signs");
        }
        if (uri.getRawUserInfo() != null) {
            return Optional.of("must not hold a user name or password");
        }
        if (uri.getRawFragment() != null) {
            return Optional.of("must not hold a fragment");
        }
        int port = portOf(uri);
        if (port != HTTPS && (port < FIRST_FREE_PORT || port > MAX_PORT)) {
            return Optional.of("must have port " + HTTPS + " or one from " + FIRST_FREE_PORT + " to " + MAX_PORT);
        }
        return faultOfHost(uri.getHost());
    }

    private Optional<String> faultOfHost(String host) {
        boolean isV6 = host.startsWith("[");
        if (!isV6 && !ENDS_IN_FIGURES.matcher(host).matches()) {
            return Optional.empty();
        }
        byte[] literal = isV6
                ? Network.literal(host.substring(1, host.length() - 1))
                : V4.matcher(host).matches() ? Network.literal(host) : new byte[0];
        if (literal.length == 0) {
            return Optional.of("must have a name or a plain IP address as its host");
        }
        try {
            return mayReach(InetAddress.getByAddress(literal))
                    ? Optional.empty()
                    : Optional.of("must not be inside a private network");
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four or sixteen bytes are an address", e);
        }
    }

    /** Where https answers at this address. */
    public static int portOf(URI address) {
        return address.getPort() < 0 ? HTTPS : address.getPort();
    }

    /**
     * The address to connect to, and no other: the first of the name's that may be reached; empty if none may. Blocks while the
     * name is looked up.
     *
     * @throws UnknownHostException if the name means nothing
     */
    public Optional<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
        return resolver.lookUp(host).stream()
                .filter(this::mayReach)
                .findFirst()
                .map(address -> new InetSocketAddress(address, port));
    }

    private boolean mayReach(InetAddress address) {
        return isPublic(address) || allowed.stream().anyMatch(network -> network.contains(address));
    }

    private static boolean isPublic(InetAddress address) {
        if (address.getAddress().length == 4) {
            return NOT_PUBLIC_V4.stream().noneMatch(network -> network.contains(address));
        }
        return PUBLIC_V6.contains(address) && NOT_PUBLIC_V6.stream().noneMatch(network -> network.contains(address));
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(character -> character > ' ' && character < 0x7f);
    }

    private static List<Network> networks(String... blocks) {
        return Stream.of(blocks).map(Network::parse).toList();
    }
}
