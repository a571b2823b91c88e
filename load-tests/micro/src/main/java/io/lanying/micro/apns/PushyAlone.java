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
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Pushy with payloads that are ready: as many threads and connections as our channel gives it, and nothing round it. Either a
 * thread of its own sends, as a program does that has other things to do; or the answer's callback sends the next, on
 * Pushy's own threads, so that writes gather by the hundred: more than any program gets.
 */
final class PushyAlone implements ApnsLoad.Way {

    private static final int THREADS = 2;
    private static final int CONNECTIONS = 2;
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final ApnsClient client;
    private final boolean byCallback;
    private final AtomicInteger numbers = new AtomicInteger();
    private final Instant expires = Instant.now().plus(Duration.ofDays(1));

    /** @param byCallback whether the answer's callback sends the next */
    PushyAlone(int port, Path trust, boolean byCallback) throws Exception {
        this.byCallback = byCallback;
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
        if (byCallback) {
            for (int number = 0; number < outstanding; number++) {
                next(tally);
            }
        } else {
            Thread sender = new Thread(() -> sendUntilOver(new Semaphore(outstanding), tally), "sender");
            sender.setDaemon(true);
            sender.start();
        }
    }

    private void sendUntilOver(Semaphore places, Tally tally) {
        while (!tally.isOver()) {
            places.acquireUninterruptibly();
            var unused = client.sendNotification(push()).whenComplete((response, failure) -> {
                tally.answered(response != null && response.isAccepted());
                places.release();
            });
        }
    }

    private void next(Tally tally) {
        if (!tally.isOver()) {
            var unused = client.sendNotification(push()).whenComplete((response, failure) -> {
                tally.answered(response != null && response.isAccepted());
                next(tally);
            });
        }
    }

    private SimpleApnsPushNotification push() {
        int number = numbers.getAndIncrement();
        return new SimpleApnsPushNotification(
                OurChannel.token(number % OurChannel.DEVICES),
                SigningKey.TOPIC,
                Samples.applePayload(),
                expires,
                DeliveryPriority.IMMEDIATE,
                PushType.ALERT,
                null,
                new UUID(number, number));
    }

    @Override
    public void close() {
        client.close().orTimeout(CLOSING.toSeconds(), TimeUnit.SECONDS).join();
    }
}
