package io.lanying.channels.simulator.apns;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;

/**
 * A stand-in for Apple's push service on this machine: HTTP/2 over TLS, with Apple's rules for requests and credentials, and
 * with faults by script. Thread-safe. Listens on the loopback address only, under a certificate for {@code localhost} made at
 * the start: give {@link #trustPem()} to the client.
 *
 * <p>The last {@value #MAX_RECORDED} requests are kept; totals count all.
 */
@SuppressWarnings("FutureReturnValueIgnored") // waited for already
public final class ApnsSimulator implements AutoCloseable {

    private static final int MAX_RECORDED = 10_000;
    private static final Duration CERTIFICATE_LIFE = Duration.ofDays(30);
    private static final int WORKERS = 2;

    private final SelfSignedIdentity identity;
    private final Clock clock;
    private final ApnsScript script;
    private final NioEventLoopGroup threads =
            new NioEventLoopGroup(WORKERS, new DefaultThreadFactory("apns-sim", true));
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Map<String, PublicKey> keys = new ConcurrentHashMap<>();
    private final Deque<ReceivedPush> recorded = new ArrayDeque<>();
    private final Map<String, LongAdder> totals = new ConcurrentHashMap<>();
    private volatile Consumer<ReceivedPush> witness = push -> {};
    private final AtomicLong opened = new AtomicLong();
    private final ServerBootstrap bootstrap;
    private final int port;
    private Channel listener;

    private ApnsSimulator(Options options) {
        this.clock = options.clock();
        this.script = new ApnsScript(options.seed());
        Instant now = Instant.now();
        this.identity =
                SelfSignedIdentity.create("localhost", now.minus(Duration.ofDays(1)), now.plus(CERTIFICATE_LIFE));
        this.bootstrap = bootstrap(tls(identity), options.maxConcurrentStreams());
        this.listener = listen(options.port());
        this.port = ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /**
     * How it is started.
     *
     * @param port 0 for a free one
     * @param seed of the random numbers that shares are drawn with
     * @param maxConcurrentStreams what it allows a connection
     * @param clock what the age of provider tokens is measured with
     */
    public record Options(int port, long seed, int maxConcurrentStreams, Clock clock) {

        /** A free port, seed 1, 1000 streams, the machine's clock. */
        public static Options defaults() {
            return new Options(0, 1, 1000, Clock.systemUTC());
        }

        /** The same on this port. */
        public Options port(int number) {
            return new Options(number, seed, maxConcurrentStreams, clock);
        }

        /** The same with this seed. */
        public Options seed(long number) {
            return new Options(port, number, maxConcurrentStreams, clock);
        }

        /** The same with so many streams. */
        public Options maxConcurrentStreams(int most) {
            return new Options(port, seed, most, clock);
        }

        /** The same with this clock. */
        public Options clock(Clock other) {
            return new Options(port, seed, maxConcurrentStreams, other);
        }
    }

    /** Starts one that takes everything Apple would take. */
    public static ApnsSimulator start(int port) {
        return start(Options.defaults().port(port));
    }

    /**
     * Starts one.
     *
     * @throws IllegalStateException if the port is taken
     */
    public static ApnsSimulator start(Options options) {
        return new ApnsSimulator(options);
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** {@code localhost:port}, as in {@code push.channels.apns.endpoint}. */
    public String endpoint() {
        return "localhost:" + port;
    }

    /** What a client has to trust, as a PEM file's text. */
    public String trustPem() {
        return identity.certificatePem();
    }

    /** Writes what a client has to trust to a file, for {@code push.channels.apns.trust}. */
    public Path writeTrust(Path file) throws IOException {
        return Files.writeString(file, trustPem());
    }

    /** Reacts by these rules from now on, instead of those before. */
    public void rules(ApnsRule... rules) {
        script.replace(List.of(rules));
    }

    /** Tells of each request from now on, before anything is done with it, one at a time. */
    public void onRequest(Consumer<ReceivedPush> told) {
        witness = told;
    }

    /** Checks the signatures of provider tokens from now on, with the keys it was told; new connections only. */
    public void trustKey(String teamId, String keyId, PublicKey key) {
        keys.put(teamId + "/" + keyId, key);
    }

    /** The last requests, oldest first. */
    public List<ReceivedPush> received() {
        synchronized (recorded) {
            return List.copyOf(recorded);
        }
    }

    /** How many requests ended how, since the start. */
    public SortedMap<String, Long> totals() {
        SortedMap<String, Long> counted = new TreeMap<>();
        totals.forEach((label, count) -> counted.put(label, count.sum()));
        return counted;
    }

    /** How many connections were opened since the start. */
    public long connectionsOpened() {
        return opened.get();
    }

    /** Closes all connections and refuses new ones until {@link #resume()}. */
    public synchronized void pause() {
        listener.close().syncUninterruptibly();
        connections.close().syncUninterruptibly();
    }

    /** Listens again, on the same port. */
    public synchronized void resume() {
        listener = listen(port);
    }

    /** Ends it; connections are cut. */
    @Override
    public synchronized void close() {
        pause();
        threads.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private Channel listen(int number) {
        try {
            return bootstrap
                    .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), number))
                    .syncUninterruptibly()
                    .channel();
        } catch (RuntimeException e) {
            throw new IllegalStateException("cannot listen on port " + number, e);
        }
    }

    private ServerBootstrap bootstrap(SslContext tls, int maxConcurrentStreams) {
        return new ServerBootstrap()
                .group(threads)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        connections.add(channel);
                        channel.pipeline()
                                .addLast(tls.newHandler(channel.alloc()))
                                .addLast(Http2FrameCodecBuilder.forServer()
                                        .initialSettings(Http2Settings.defaultSettings()
                                                .maxConcurrentStreams(maxConcurrentStreams))
                                        .build())
                                .addLast(new SimulatedConnection(
                                        opened.incrementAndGet(),
                                        clock,
                                        script,
                                        new ProviderTokens(clock, Map.copyOf(keys)),
                                        ApnsSimulator.this::record));
                    }
                });
    }

    private void record(ReceivedPush push) {
        totals.computeIfAbsent(push.answer(), label -> new LongAdder()).increment();
        synchronized (recorded) {
            if (recorded.size() == MAX_RECORDED) {
                recorded.removeFirst();
            }
            recorded.addLast(push);
            witness.accept(push);
        }
    }

    /** TLS as Apple's, with a client certificate for those that have one; any certificate, for Apple's own are not at hand. */
    private static SslContext tls(SelfSignedIdentity identity) {
        try {
            return SslContextBuilder.forServer(identity.key(), identity.certificate())
                    .clientAuth(ClientAuth.OPTIONAL)
                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            ApplicationProtocolConfig.Protocol.ALPN,
                            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                            ApplicationProtocolNames.HTTP_2))
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("this Java has no TLS server", e);
        }
    }
}
