package io.lanying.micro.apns;

import com.eatthepath.pushy.apns.server.BenchmarkApnsServer;
import com.eatthepath.pushy.apns.server.BenchmarkApnsServerBuilder;
import io.lanying.channels.simulator.apns.SelfSignedIdentity;
import io.netty.channel.nio.NioEventLoopGroup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/** Pushy's server for benchmarks: HTTP/2 over TLS, takes everything with as little work as can be. */
public final class AppleStandIn {

    private static final int THREADS = 2;

    /** Apple's. */
    private static final int STREAMS = 1_000;

    private AppleStandIn() {}

    /**
     * Serves until it is ended, and says {@code listening} when it does.
     *
     * @param arguments the port, the file that gets the certificate to trust, and the one that gets a credential, as a tenant
     *     would put it
     */
    public static void main(String[] arguments) throws Exception {
        Instant now = Instant.now();
        SelfSignedIdentity identity =
                SelfSignedIdentity.create("localhost", now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1)));
        Files.writeString(Path.of(arguments[1]), identity.certificatePem());
        Files.write(Path.of(arguments[2]), SigningKey.make().credential());
        BenchmarkApnsServer server = new BenchmarkApnsServerBuilder()
                .setServerCredentials(new X509Certificate[] {identity.certificate()}, identity.key(), "")
                .setEventLoopGroup(new NioEventLoopGroup(THREADS))
                .setMaxConcurrentStreams(STREAMS)
                .setUseAlpn(true)
                .build();
        server.start(Integer.parseInt(arguments[0])).get();
        System.out.println("listening");
    }
}
