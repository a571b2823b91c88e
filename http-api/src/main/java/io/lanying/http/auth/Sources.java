package io.lanying.http.auth;

import akka.http.javadsl.model.AttributeKeys;
import akka.http.javadsl.model.HttpRequest;
import java.net.InetAddress;
import java.util.HexFormat;

/** Where requests come from, as far as one who sends them cannot choose. */
public final class Sources {

    private Sources() {}

    /** The key under which failures of a request's sender are counted. */
    public static String of(HttpRequest request) {
        return request.getAttribute(AttributeKeys.remoteAddress)
                .flatMap(remote -> remote.getAddress())
                .map(Sources::network)
                .orElse("unknown");
    }

    /** Whoever has one IPv6 address usually has the 2^64 round it. */
    private static String network(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4 ? address.getHostAddress() : HexFormat.of().formatHex(bytes, 0, 8);
    }
}
