package io.lanying.micro.apns;

import com.eatthepath.pushy.apns.ApnsClient;
import com.eatthepath.pushy.apns.ApnsClientBuilder;
import com.eatthepath.pushy.apns.DeliveryPriority;
import com.eatthepath.pushy.apns.PushType;
import com.eatthepath.pushy.apns.auth.ApnsSigningKey;
import com.eatthepath.pushy.apns.util.SimpleApnsPushNotification;
import io.lanying.micro.Samples;
import io.netty.channel.nio.NioEventLoopGroup;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Pushy with payloads that are ready: as many threads and connections as our channel gives it, and nothing round it. */
final class PushyAlone implements ApnsLoad.Way {

    private static final int THREADS = 2;
    private static final int CONNECTIONS = 2;
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final ApnsClient client;
    private final AtomicInteger numbers = new AtomicInteger();
    private final Instant expires = Instant.now().plus(Duration.ofDays(1));

    PushyAlone(int port, Path trust) throws Exception {
        client = new ApnsClientBuilder()
                .setApnsServer("localhost", port)
                .setTrustedServerCertificateChain(trust.toFile())
                .setSigningKey(new ApnsSigningKey(
                        SigningKey.ID, SigningKey.TEAM, SigningKey.make().key()))
                .setEventLoopGroup(new NioEventLoopGroup(THREADS))
                .setConcurrentConnections(CONNECTIONS)
                .setUseAlpn(true)
                .build();
    }

    @Override
    public void start(int outstanding, Tally tally) {
        for (int number = 0; number < outstanding; number++) {
            next(tally);
        }
    }

    private void next(Tally tally) {
        if (tally.isOver()) {
            return;
        }
        int number = numbers.getAndIncrement();
        var unused = client.sendNotification(new SimpleApnsPushNotification(
                        OurChannel.token(number % OurChannel.DEVICES),
                        SigningKey.TOPIC,
                        Samples.applePayload(),
                        expires,
                        DeliveryPriority.IMMEDIATE,
                        PushType.ALERT,
                        null,
                        new UUID(number, number)))
                .whenComplete((response, failure) -> {
                    tally.answered(response != null && response.isAccepted());
                    next(tally);
                });
    }

    @Override
    public void close() {
        client.close().orTimeout(CLOSING.toSeconds(), TimeUnit.SECONDS).join();
    }
}
