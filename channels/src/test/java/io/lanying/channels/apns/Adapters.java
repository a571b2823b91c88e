package io.lanying.channels.apns;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lanying.channels.simulator.apns.ApnsSimulator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

/** Adapters for tests. */
final class Adapters {

    static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    /** The time at which requests are made; tokens are signed by the machine's clock all the same. */
    static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    private Adapters() {}

    static Config config(String changes) {
        return ConfigFactory.parseString(changes)
                .withFallback(
                        ConfigFactory.parseResources("reference.conf").resolve().getConfig("push.channels.apns"))
                .resolve();
    }

    static ApnsAdapter open(ApnsSimulator simulator, Path folder, String changes) throws IOException {
        return open(simulator, folder, changes, Credentials.bytes(Credentials.token()));
    }

    static ApnsAdapter open(ApnsSimulator simulator, Path folder, String changes, byte[] credential)
            throws IOException {
        Path trust = simulator.writeTrust(folder.resolve("trust.pem"));
        Config config = config(changes + "\nendpoint = \"" + simulator.endpoint() + "\"\ntrust = \"" + trust + "\"");
        return (ApnsAdapter) new ApnsAdapterFactory(config, CLOCK).open("production", credential);
    }
}
