package io.lanying.channels.fcm;

import com.typesafe.config.Config;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;

/**
 * How the node talks to FCM, read once from {@code push.channels.fcm}.
 *
 * @param endpoint where messages are sent: scheme, host and port only
 * @param tokenEndpoint where access tokens come from; the {@code token_uri} of a service account is never used instead
 * @param threads how many requests of one credential are on their way at once
 * @param queueLimit how many more may wait for a thread
 * @param deadline from the call to the answer, whatever happens in between
 */
record FcmSettings(
        URI endpoint,
        URI tokenEndpoint,
        int threads,
        int queueLimit,
        Duration connectTimeout,
        Duration readTimeout,
        Duration deadline) {

    static final URI GOOGLE = URI.create("https://fcm.googleapis.com");
    static final URI GOOGLE_TOKENS = URI.create("https://oauth2.googleapis.com/token");

    private static final int MOST_THREADS = 256;
    private static final int LONGEST_QUEUE = 100_000;

    FcmSettings {
        require(threads >= 1 && threads <= MOST_THREADS, "threads must be 1 to " + MOST_THREADS);
        require(queueLimit >= 1 && queueLimit <= LONGEST_QUEUE, "queue-limit must be 1 to " + LONGEST_QUEUE);
        require(isPositive(connectTimeout), "connect-timeout must be positive");
        require(isPositive(readTimeout), "read-timeout must be positive");
        require(
                deadline.compareTo(connectTimeout) >= 0 && deadline.compareTo(readTimeout) >= 0,
                "deadline must not be shorter than connect-timeout and read-timeout");
    }

    static FcmSettings from(Config config) {
        return new FcmSettings(
                address(config, "endpoint", GOOGLE, false),
                address(config, "token-endpoint", GOOGLE_TOKENS, true),
                config.getInt("threads"),
                config.getInt("queue-limit"),
                config.getDuration("connect-timeout"),
                config.getDuration("read-timeout"),
                config.getDuration("deadline"));
    }

    private static URI address(Config config, String key, URI ifEmpty, boolean withPath) {
        String text = config.getString(key).trim();
        if (text.isEmpty()) {
            return ifEmpty;
        }
        URI address = URI.create(!withPath && text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        require(scheme.equals("https") || scheme.equals("http"), key + " must begin with https:// or http://");
        require(address.getHost() != null && address.getRawUserInfo() == null, key + " must name a host, no user");
        require(address.getRawQuery() == null && address.getRawFragment() == null, key + " must have no query");
        require(withPath || address.getRawPath().isEmpty(), key + " must have no path");
        return address;
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isZero() && !duration.isNegative();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException("push.channels.fcm: " + otherwise);
        }
    }
}
