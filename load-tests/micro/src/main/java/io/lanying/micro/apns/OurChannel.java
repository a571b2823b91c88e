package io.lanying.micro.apns;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lanying.channels.Channels;
import io.lanying.micro.Samples;
import io.lanying.persistence.sealing.HeldKeys;
import io.lanying.protocol.channel.ChannelCommand;
import io.lanying.protocol.channel.ChannelCommand.Outcome;
import io.lanying.protocol.channel.ChannelCredential;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.channel.VendorOutcome.End;
import io.lanying.protocol.channel.VendorRequest;
import io.lanying.protocol.device.Category;
import io.lanying.protocol.device.Priority;
import io.lanying.protocol.device.VendorToken;
import io.lanying.protocol.sealing.Sealer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The node's channels as devices use them: sealed requests go in, outcomes come out. Real sealing, with the keys at hand as a
 * node has them; shipped settings.
 */
final class OurChannel implements ApnsLoad.Way {

    static final int DEVICES = 10_000;

    private static final int PERSONS = 1_000;
    private static final String TENANT_SUBJECT = "tenant";
    private static final ChannelId APNS = new ChannelId("apns", ChannelId.PRODUCTION);
    private static final Duration CLOSING = Duration.ofSeconds(10);

    private final HeldKeys keys = new HeldKeys();
    private final List<VendorRequest> requests = new ArrayList<>();
    private final AtomicLong numbers = new AtomicLong();
    private volatile Tally tally = new Tally();
    private final ActorSystem<Outcome> system;
    private final ActorRef<ChannelCommand> commands;

    OurChannel(int port, Path trust) {
        Config own = ConfigFactory.parseMap(Map.of(
                "akka.loglevel",
                "WARNING",
                "push.channels.apns.endpoint",
                "localhost:" + port,
                "push.channels.apns.trust",
                trust.toString()));
        system = ActorSystem.create(answers(), "apns", own.withFallback(ConfigFactory.defaultReference()));
        commands = Channels.start(system, ports()).commands();
        Instant expires = Instant.now().plus(Duration.ofDays(1));
        for (int device = 0; device < DEVICES; device++) {
            requests.add(request(device, expires));
        }
    }

    private Channels.Ports ports() {
        Sealer tenant = keys.held(Samples.TENANT, TENANT_SUBJECT);
        ChannelCredential credential = new ChannelCredential(
                APNS,
                1,
                tenant.seal(APNS.toString(), "credential", SigningKey.make().credential()),
                "for the benchmark",
                Instant.now(),
                Optional.empty());
        return new Channels.Ports(
                keys,
                (owner, channel) -> CompletableFuture.completedStage(Optional.of(credential)),
                (owner, userId) -> CompletableFuture.completedStage(Optional.empty()),
                new SimpleMeterRegistry());
    }

    private VendorRequest request(int device, Instant expires) {
        String deviceId = "phone-" + device;
        String itemId = Samples.notificationId(device);
        Sealer person = keys.held(Samples.TENANT, "user:person-" + device % PERSONS);
        VendorToken token = new VendorToken(
                APNS.channel(),
                Optional.empty(),
                Optional.empty(),
                person.seal(deviceId, "token", token(device).getBytes(StandardCharsets.UTF_8)),
                "fingerprint-" + device,
                Instant.now());
        return new VendorRequest(
                Samples.TENANT,
                deviceId,
                itemId,
                1,
                token,
                person.seal(itemId, "body", Samples.body()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Priority.NORMAL,
                Category.STANDARD,
                expires);
    }

    /** A device's, as long as Apple's. */
    static String token(int device) {
        return "%064x".formatted(0xabcdef0000L + device);
    }

    private Behavior<Outcome> answers() {
        return Behaviors.receiveMessage(outcome -> {
            Tally counting = tally;
            counting.answered(outcome.outcome().end() == End.ACCEPTED);
            if (!counting.isOver()) {
                next();
            }
            return Behaviors.same();
        });
    }

    private void next() {
        long number = numbers.getAndIncrement();
        VendorRequest request = requests.get((int) (number % requests.size()));
        commands.tell(new ChannelCommand.Send(number, request, system));
    }

    @Override
    public void start(int outstanding, Tally counting) {
        tally = counting;
        for (int number = 0; number < outstanding; number++) {
            next();
        }
    }

    @Override
    public void close() {
        system.terminate();
        system.getWhenTerminated()
                .toCompletableFuture()
                .orTimeout(CLOSING.toSeconds(), TimeUnit.SECONDS)
                .join();
    }
}
