package io.lanying.channels.apns;

import com.eatthepath.pushy.apns.ApnsClient;
import com.eatthepath.pushy.apns.ApnsClientBuilder;
import com.eatthepath.pushy.apns.DeliveryPriority;
import io.lanying.channels.adapter.VendorAdapter;
import io.lanying.channels.adapter.VendorAnswer;
import io.lanying.channels.adapter.VendorMessage;
import io.lanying.protocol.channel.ResultClass;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Apple's push service with one credential.
 *
 * <p>Limits: {@code connections × max-in-flight} requests under way, the next is answered {@code RETRY} with code
 * {@code busy}; two threads; twice as many connections while old ones are being replaced. Every answer comes within the
 * deadline. A refused stream is sent again by Pushy itself, which is safe: Apple then did nothing with it.
 */
final class ApnsAdapter implements VendorAdapter {

    private static final Set<String> TOPIC_REASONS = Set.of("BadTopic", "TopicDisallowed");
    private static final Logger log = LoggerFactory.getLogger(ApnsAdapter.class);

    private static final int THREADS = 2;
    private static final Duration CLOSING = Duration.ofSeconds(2);

    /** Pushy waits for a connection that is being opened, up to a minute, before it has closed. */
    private static final Duration RETIRING = Duration.ofMinutes(2);

    private static final String NOBODY = "0".repeat(64);

    private final ApnsCredential credential;
    private final ApnsSettings settings;
    private final ApnsSettings.Endpoint endpoint;
    private final ApnsRequests requests;
    private final NioEventLoopGroup threads = new NioEventLoopGroup(THREADS, new DefaultThreadFactory("apns", true));
    private final AtomicBoolean renewing = new AtomicBoolean();
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile ApnsConnections connections;

    ApnsAdapter(ApnsCredential credential, ApnsEnvironment environment, ApnsSettings settings, Clock clock) {
        this.credential = credential;
        this.settings = settings;
        this.endpoint = environment.endpoint(settings);
        this.requests = new ApnsRequests(credential.topic(), clock);
        this.connections = connect();
    }

    @Override
    public CompletionStage<VendorAnswer> send(VendorMessage message) {
        return requests.prepare(message)
                .either(this::attempt, CompletableFuture::completedFuture)
                .thenApply(answer -> isOwnTopic(message) ? answer : blamedOnItsTopic(answer));
    }

    private boolean isOwnTopic(VendorMessage message) {
        return message.topic()
                .filter(topic -> !topic.equals(credential.topic()))
                .isEmpty();
    }

    /** A topic that only this device's registration names says nothing about the credential: others go on with it. */
    private static VendorAnswer blamedOnItsTopic(VendorAnswer answer) {
        boolean topic = answer.result() == ResultClass.AUTH_CONFIG && TOPIC_REASONS.contains(answer.code());
        return topic ? VendorAnswer.of(ResultClass.REJECTED, answer.code()) : answer;
    }

    /**
     * Sends a silent push to a token that no device has. Apple looks at the credential and the topic first: complaining about
     * the token, it has accepted them.
     */
    @Override
    public CompletionStage<VendorAnswer> probe() {
        return attempt(new ApnsNotification(
                        NOBODY,
                        ApnsPushType.BACKGROUND.topic(credential.topic()),
                        "{\"aps\":{\"content-available\":1}}",
                        Instant.EPOCH,
                        DeliveryPriority.CONSERVE_POWER,
                        ApnsPushType.BACKGROUND,
                        null,
                        UUID.randomUUID()))
                .thenApply(answer -> answer.result() == ResultClass.TOKEN_INVALID
                        ? VendorAnswer.accepted(answer.vendorMessageId())
                        : answer);
    }

    /** How many requests are under way, those included that were given up and that Pushy still holds. */
    int underWay() {
        return connections.underWay();
    }

    private CompletableFuture<VendorAnswer> attempt(ApnsNotification request) {
        pending.incrementAndGet();
        if (closing.get()) {
            ended();
            return CompletableFuture.completedFuture(ApnsLocal.CLOSED.answer());
        }
        ApnsConnections used = connections;
        return used.send(request).whenComplete((answer, failure) -> {
            if (used.isStuck()) {
                renew(used);
            }
            ended();
        });
    }

    private void ended() {
        if (pending.decrementAndGet() == 0 && closing.get()) {
            drained.complete(null);
        }
    }

    /** Replaces connections that do not answer any more. One at a time, so that there are at most two sets of them. */
    private void renew(ApnsConnections stuck) {
        if (stuck != connections || closing.get() || !renewing.compareAndSet(false, true)) {
            return;
        }
        log.info("Apple's push service at {}:{} does not answer: new connections", endpoint.host(), endpoint.port());
        // Not here: reading Java's trusted certificates takes time that this thread owes to other requests.
        var unused = CompletableFuture.supplyAsync(this::connect)
                .thenAccept(fresh -> connections = fresh)
                .thenComposeAsync(
                        // What was given to the old ones a moment ago has its whole time there.
                        done -> stuck.close().completeOnTimeout(null, RETIRING.toSeconds(), TimeUnit.SECONDS),
                        CompletableFuture.delayedExecutor(settings.deadline().toMillis(), TimeUnit.MILLISECONDS))
                .whenComplete((done, failure) -> {
                    renewing.set(false);
                    if (failure != null) {
                        log.warn("Connections to Apple's push service could not be replaced", failure);
                    }
                });
    }

    private ApnsConnections connect() {
        ApnsClientBuilder builder = new ApnsClientBuilder()
                .setApnsServer(endpoint.host(), endpoint.port())
                .setEventLoopGroup(threads)
                .setUseAlpn(true)
                .setConcurrentConnections(settings.connections())
                .setConnectionTimeout(settings.connectTimeout())
                .setGracefulShutdownTimeout(settings.deadline());
        if (!settings.trust().isEmpty()) {
            builder.setTrustedServerCertificateChain(settings.trust().toArray(new X509Certificate[0]));
        }
        credential.giveTo(builder, settings.tokenAge());
        try {
            ApnsClient client = builder.build();
            int places = settings.connections() * settings.maxInFlight();
            return new ApnsConnections(client, threads.next(), settings.deadline(), places);
        } catch (SSLException e) {
            throw new IllegalArgumentException("no TLS with this credential", e);
        }
    }

    @Override
    public CompletionStage<Void> close() {
        if (closing.compareAndSet(false, true)) {
            if (pending.get() == 0) {
                drained.complete(null);
            }
            var unused = drained.thenCompose(nothing ->
                            connections.close().completeOnTimeout(null, CLOSING.toMillis(), TimeUnit.MILLISECONDS))
                    .whenComplete((nothing, failure) -> endThreads());
        }
        return closed;
    }

    private void endThreads() {
        var unused = threads.shutdownGracefully(0, CLOSING.toMillis(), TimeUnit.MILLISECONDS)
                .addListener(ended -> closed.complete(null));
    }
}
