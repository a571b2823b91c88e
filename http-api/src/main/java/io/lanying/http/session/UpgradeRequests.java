package io.lanying.http.session;

import akka.http.javadsl.model.AttributeKeys;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.ws.WebSocketUpgrade;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.wire.FrameFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads what an upgrade request asks for: origin, subprotocol, token. The token is looked for in headers only. */
final class UpgradeRequests {

    private static final String BEARER_SUBPROTOCOL = "bearer.";
    private static final String BEARER_SCHEME = "bearer ";

    /** What was asked for, and may be. */
    record Accepted(WebSocketUpgrade upgrade, FrameFormat format, String token) {}

    /** Either {@code accepted} or {@code refused} with a detail. */
    record Read(Optional<Accepted> accepted, Optional<ErrorCode> refused, String detail) {

        private static Read refused(ErrorCode code, String detail) {
            return new Read(Optional.empty(), Optional.of(code), detail);
        }
    }

    private final Set<String> allowedOrigins;

    UpgradeRequests(Set<String> allowedOrigins) {
        this.allowedOrigins = allowedOrigins;
    }

    Read read(HttpRequest request) {
        Optional<WebSocketUpgrade> upgrade = request.getAttribute(AttributeKeys.webSocketUpgrade);
        if (upgrade.isEmpty()) {
            return Read.refused(ErrorCode.INVALID_REQUEST, "not a WebSocket upgrade (RFC 6455)");
        }
        if (!originAllowed(request)) {
            return Read.refused(ErrorCode.ORIGIN_NOT_ALLOWED, "this origin may not open sockets here");
        }
        Optional<FrameFormat> format = Optional.empty();
        Optional<String> token = authorization(request);
        for (String offered : upgrade.get().getRequestedProtocols()) {
            format = format.or(() -> FrameFormat.of(offered));
            if (token.isEmpty() && offered.startsWith(BEARER_SUBPROTOCOL)) {
                token = Optional.of(offered.substring(BEARER_SUBPROTOCOL.length()));
            }
        }
        if (format.isEmpty()) {
            return Read.refused(ErrorCode.INVALID_REQUEST, "offer the subprotocol lanying.v1.json or lanying.v1.cbor");
        }
        if (token.isEmpty()) {
            return Read.refused(ErrorCode.UNAUTHORIZED, "a device token is needed");
        }
        return new Read(Optional.of(new Accepted(upgrade.get(), format.get(), token.get())), Optional.empty(), "");
    }

    private static Optional<String> authorization(HttpRequest request) {
        return request.getHeader("Authorization")
                .map(HttpHeader::value)
                .filter(value -> value.regionMatches(true, 0, BEARER_SCHEME, 0, BEARER_SCHEME.length()))
                .map(value -> value.substring(BEARER_SCHEME.length()).trim());
    }

    /**
     * Without {@code Origin}: not a browser. From the host itself: allowed, whatever the scheme, because a proxy may have ended
     * TLS. Otherwise only what the settings name, compared as a whole.
     */
    private boolean originAllowed(HttpRequest request) {
        Optional<String> origin = request.getHeader("Origin").map(HttpHeader::value);
        if (origin.isEmpty()) {
            return true;
        }
        String text = origin.get().toLowerCase(Locale.ROOT);
        int authority = text.indexOf("://");
        boolean sameHost = authority > 0
                && request.getHeader("Host")
                        .map(host -> withoutDefaultPort(host.value().toLowerCase(Locale.ROOT))
                                .equals(withoutDefaultPort(text.substring(authority + 3))))
                        .orElse(false);
        return sameHost || allowedOrigins.contains(origin.get());
    }

    private static String withoutDefaultPort(String authority) {
        if (authority.endsWith(":443")) {
            return authority.substring(0, authority.length() - 4);
        }
        return authority.endsWith(":80") ? authority.substring(0, authority.length() - 3) : authority;
    }
}
