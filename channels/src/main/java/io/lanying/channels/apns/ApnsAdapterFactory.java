package io.lanying.channels.apns;

import com.typesafe.config.Config;
import io.lanying.channels.adapter.VendorAdapter;
import io.lanying.channels.adapter.VendorAdapterFactory;
import io.lanying.protocol.channel.CredentialCheck.Problem;
import io.lanying.protocol.channel.CredentialCheck.Verdict;
import java.time.Clock;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes adapters for Apple's push service.
 *
 * <p>A credential is a JSON object, either of a signing key
 * {@code {"type":"token","teamId":…,"keyId":…,"key":"-----BEGIN PRIVATE KEY-----…","topic":"com.example.app"}} or of a
 * certificate {@code {"type":"certificate","p12":"<Base64>","password":…,"topic":"com.example.app"}}. {@code topic} is the
 * app's bundle id; a device's token that names its own goes there instead.
 */
public final class ApnsAdapterFactory implements VendorAdapterFactory {

    private final ApnsSettings settings;
    private final Clock clock;

    /**
     * Reads the settings.
     *
     * @param config the object at {@code push.channels.apns}
     * @throws IllegalArgumentException with one clear line if a setting is out of its limits
     */
    public ApnsAdapterFactory(Config config, Clock clock) {
        this.settings = ApnsSettings.from(config);
        this.clock = clock;
    }

    @Override
    public String channel() {
        return "apns";
    }

    @Override
    public Set<String> environments() {
        return ApnsEnvironment.names();
    }

    @Override
    public Verdict check(String environment, byte[] credential) {
        ApnsEnvironment.of(environment);
        return ApnsCredentialReader.read(credential, clock).verdict();
    }

    @Override
    public VendorAdapter open(String environment, byte[] credential) {
        ApnsEnvironment known = ApnsEnvironment.of(environment);
        ApnsCredentialReader.Found found = ApnsCredentialReader.read(credential, clock);
        return new ApnsAdapter(found.credential().orElseThrow(() -> unusable(found.verdict())), known, settings, clock);
    }

    private static IllegalArgumentException unusable(Verdict verdict) {
        return new IllegalArgumentException("not a usable APNs credential: "
                + verdict.problems().stream().map(Problem::pointer).collect(Collectors.joining(", ")));
    }
}
