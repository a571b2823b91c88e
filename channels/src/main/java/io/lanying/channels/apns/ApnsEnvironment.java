package io.lanying.channels.apns;

import com.eatthepath.pushy.apns.ApnsClientBuilder;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** Apple's two services; a token is good in one of them only. */
enum ApnsEnvironment {
    PRODUCTION("production", ApnsClientBuilder.PRODUCTION_APNS_HOST),
    SANDBOX("sandbox", ApnsClientBuilder.DEVELOPMENT_APNS_HOST);

    private final String wireName;
    private final String host;

    ApnsEnvironment(String wireName, String host) {
        this.wireName = wireName;
        this.host = host;
    }

    /** Where requests of this environment go: what is set, or Apple. */
    ApnsSettings.Endpoint endpoint(ApnsSettings settings) {
        return settings.endpoint()
                .orElseGet(() -> new ApnsSettings.Endpoint(host, ApnsClientBuilder.DEFAULT_APNS_PORT));
    }

    static Set<String> names() {
        return Arrays.stream(values()).map(value -> value.wireName).collect(Collectors.toUnmodifiableSet());
    }

    static ApnsEnvironment of(String wireName) {
        return Arrays.stream(values())
                .filter(value -> value.wireName.equals(wireName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("not an APNs environment"));
    }
}
