package io.lanying.channels.simulator.fcm;

import io.lanying.channels.simulator.fcm.FcmRecorded.Kind;
import io.lanying.channels.simulator.fcm.FcmRequestCheck.Checked;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * FCM HTTP v1 and Google's token endpoint on a loopback port, for tests, load programs and trying out. Set
 * {@code LANYING_FCM_ENDPOINT} to {@link #endpoint} and {@code LANYING_FCM_TOKEN_ENDPOINT} to {@link #tokenEndpoint}, and use
 * the credential of a {@link SimulatedServiceAccount}.
 *
 * <p>Without rules every good request is taken: access token, then the request's form, then its sense, as Google checks them.
 * While no account is {@link #trust trusted}, any assertion of the right form gets an access token, whatever its signature.
 * Rules decide about good requests only. The latest {@value #MOST_RECORDED} requests are kept, all are counted. Thread-safe.
 */
public final class FcmSimulator implements AutoCloseable {

    private static final int MOST_RECORDED = 10_000;
    private static final Pattern SEND = Pattern.compile("/v1/projects/([^/]{1,128})/messages:send");
    private static final String TOKEN_PATH = "/token";
    private static final String BEARER = "Bearer ";

    private final Clock clock;
    private final FcmTokenDesk desk;
    private final FcmServer server;
    private final List<FcmRule> rules = new CopyOnWriteArrayList<>();
    private final List<FcmRule> tokenRules = new CopyOnWriteArrayList<>();
    private final Deque<FcmRecorded> recorded = new ArrayDeque<>();
    private volatile Consumer<FcmRecorded> witness = request -> {};
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong sends = new AtomicLong();
    private final AtomicLong tokenRequests = new AtomicLong();

    private FcmSimulator(int port, Clock clock) {
        this.clock = clock;
        this.desk = new FcmTokenDesk(clock);
        this.server = new FcmServer(port, this::handle);
    }

    /** Starts listening on 127.0.0.1; port 0 takes a free one. */
    public static FcmSimulator start(int port) {
        return start(port, Clock.systemUTC());
    }

    /** The same with a clock that decides when access tokens end. */
    public static FcmSimulator start(int port, Clock clock) {
        return new FcmSimulator(port, clock);
    }

    public int port() {
        return server.port();
    }

    /** For {@code push.channels.fcm.endpoint}. */
    public String endpoint() {
        return "http://127.0.0.1:" + port();
    }

    /** For {@code push.channels.fcm.token-endpoint}. */
    public String tokenEndpoint() {
        return endpoint() + TOKEN_PATH;
    }

    /** Adds a rule behind those that are there. */
    public FcmSimulator rule(FcmRule rule) {
        rules.add(rule);
        return this;
    }

    /** Adds a rule for the token endpoint; there the "device token" of a rule is always empty. */
    public FcmSimulator tokenRule(FcmRule rule) {
        tokenRules.add(rule);
        return this;
    }

    /** Tells of each request from now on, before it is answered, one at a time. */
    public void onRequest(Consumer<FcmRecorded> told) {
        witness = told;
    }

    /** Reacts to messages by these rules from now on, instead of those before. */
    public void rules(List<FcmRule> instead) {
        rules.clear();
        rules.addAll(instead);
    }

    /** Forgets all rules. */
    public void clearRules() {
        rules.clear();
        tokenRules.clear();
    }

    /** From now on only known accounts get access tokens, for their own projects. */
    public FcmSimulator trust(SimulatedServiceAccount account) {
        desk.trust(account);
        return this;
    }

    /** How long access tokens handed out from now on are good; 1 hour at first. */
    public void accessTokenLifetime(Duration lifetime) {
        desk.lifetime(lifetime);
    }

    /** No access token handed out so far is good any more. */
    public void expireAccessTokens() {
        desk.forgetAll();
    }

    /** The latest requests, oldest first. */
    public List<FcmRecorded> recorded() {
        synchronized (recorded) {
            return List.copyOf(recorded);
        }
    }

    /** The latest requests to send a message. */
    public List<FcmRecorded> recordedSends() {
        return recorded().stream()
                .filter(request -> request.kind() == Kind.SEND)
                .toList();
    }

    /** Messages taken, without dry runs. */
    public long accepted() {
        return accepted.get();
    }

    /** Requests to send, whatever became of them. */
    public long sends() {
        return sends.get();
    }

    /** Requests for access tokens, whatever became of them. */
    public long tokenRequests() {
        return tokenRequests.get();
    }

    /** Connections that are open now. */
    public int connections() {
        return server.connections();
    }

    /** Ends all connections and the server's threads. */
    @Override
    public void close() {
        server.close();
    }

    private FcmReaction handle(FullHttpRequest request, String body) {
        String path = request.uri();
        Matcher send = SEND.matcher(path);
        boolean isPost = request.method().equals(HttpMethod.POST);
        FcmReaction reaction;
        Kind kind;
        if (isPost && send.matches()) {
            kind = Kind.SEND;
            sends.incrementAndGet();
            reaction = send(send.group(1), bearer(request), body);
        } else if (isPost && path.equals(TOKEN_PATH)) {
            kind = Kind.TOKEN;
            tokenRequests.incrementAndGet();
            reaction = token(body);
        } else {
            kind = Kind.OTHER;
            reaction = FcmReaction.notFound();
        }
        record(kind, request, body, reaction);
        return reaction;
    }

    private FcmReaction send(String project, String bearer, String body) {
        if (!desk.isGood(bearer)) {
            return FcmReaction.unauthenticated();
        }
        if (!desk.isAllowed(bearer, project)) {
            return FcmReaction.permissionDenied();
        }
        Checked checked = FcmRequestCheck.check(body);
        if (checked.refusal().isPresent()) {
            return checked.refusal().get();
        }
        FcmReaction scripted = scripted(rules, checked.token());
        if (!scripted.isUsual()) {
            return scripted;
        }
        long number = checked.isDryRun() ? 0 : accepted.incrementAndGet();
        String id = checked.isDryRun() ? "fake_message_id" : "0:" + clock.millis() + "%" + Long.toHexString(number);
        return FcmReaction.status(200, "{\"name\":\"projects/" + project + "/messages/" + id + "\"}")
                .after(scripted.delay());
    }

    private FcmReaction token(String body) {
        FcmReaction scripted = scripted(tokenRules, "");
        return scripted.isUsual() ? desk.answer(body, tokenEndpoint()).after(scripted.delay()) : scripted;
    }

    private static FcmReaction scripted(List<FcmRule> rules, String token) {
        return rules.stream()
                .filter(rule -> rule.takes(token))
                .findFirst()
                .map(FcmRule::reaction)
                .orElseGet(() -> FcmReaction.slow(Duration.ZERO));
    }

    private static String bearer(FullHttpRequest request) {
        String header = request.headers().get("Authorization", "");
        return header.startsWith(BEARER) ? header.substring(BEARER.length()) : "";
    }

    private void record(Kind kind, FullHttpRequest request, String body, FcmReaction reaction) {
        Map<String, String> headers = new HashMap<>();
        request.headers().forEach(entry -> headers.put(entry.getKey().toLowerCase(Locale.ROOT), entry.getValue()));
        boolean isAnswered = reaction.ending() == FcmReaction.Ending.WHOLE;
        FcmRecorded whole = new FcmRecorded(
                clock.instant(),
                kind,
                request.uri(),
                headers,
                body,
                isAnswered ? reaction.status() : 0,
                isAnswered ? reaction.body() : "");
        synchronized (recorded) {
            if (recorded.size() == MOST_RECORDED) {
                recorded.removeFirst();
            }
            recorded.addLast(whole);
            witness.accept(whole);
        }
    }
}
