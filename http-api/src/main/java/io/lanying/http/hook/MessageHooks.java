package io.lanying.http.hook;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.scaladsl.model.EntityStreamException;
import akka.http.scaladsl.model.EntityStreamSizeException;
import akka.pattern.CircuitBreakerOpenException;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.lanying.http.error.Unavailable;
import io.lanying.http.hook.HookAnswer.Allow;
import io.lanying.http.hook.HookAnswer.BadReplacement;
import io.lanying.http.hook.HookAnswer.Refuse;
import io.lanying.http.hook.HookAnswer.Replace;
import io.lanying.http.hook.HookSilent.Why;
import io.lanying.http.outbound.AddressRefused;
import io.lanying.http.outbound.GuardedClient;
import io.lanying.http.outbound.GuardedClient.Answer;
import io.lanying.http.outbound.WebhookSignature;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.MessageType;
import io.lanying.protocol.sealing.Sealer;
import io.lanying.protocol.sealing.Sealing;
import io.lanying.protocol.sealing.Subject;
import io.lanying.protocol.tenant.MessageHook;
import io.lanying.protocol.tenant.OnSilence;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;

/**
 * Asks tenants' hooks what is to become of messages. Equal questions at the same time are asked once; at most
 * {@code max-unanswered} of a tenant are without an answer, more are refused unasked. A hook that keeps being silent is not
 * asked for a while, and what is to be on silence applies at once. Thread-safe.
 */
public final class MessageHooks {

    private static final int STATUS_OK = 200;

    private final ActorSystem<?> system;
    private final Sealing sealing;
    private final GuardedClient client;
    private final HookSettings settings;
    private final HookMeters meters;
    private final Clock clock;
    private final Cache<String, HookLine> lines;

    /** Bounded by what may be unanswered of each tenant. */
    private final ConcurrentHashMap<String, CompletableFuture<Verdict>> asking = new ConcurrentHashMap<>();

    /** @param maxTenants whose state is kept at once; of the least used it is begun anew */
    public MessageHooks(
            ActorSystem<?> system,
            Sealing sealing,
            GuardedClient client,
            HookSettings settings,
            int maxTenants,
            MeterRegistry metrics,
            Clock clock) {
        this.system = system;
        this.sealing = sealing;
        this.client = client;
        this.settings = settings;
        this.meters = new HookMeters(metrics);
        this.clock = clock;
        this.lines = Caffeine.newBuilder()
                .maximumSize(maxTenants)
                .executor(Runnable::run)
                .<String, HookLine>removalListener((tenant, line, cause) -> {
                    if (line != null) {
                        line.retire();
                    }
                })
                .build();
    }

    /** What is to become of it. A failed stage is {@link Unavailable}: the hook's secret cannot be read. */
    CompletionStage<Verdict> ask(MessageHook hook, HookQuestion question) {
        String id = question.id();
        var promise = new CompletableFuture<Verdict>();
        var underWay = asking.putIfAbsent(id, promise);
        if (underWay != null) {
            return underWay;
        }
        var line = line(question.tenant(), hook);
        if (!line.begin()) {
            asking.remove(id, promise);
            meters.tooMany();
            promise.complete(new Verdict.Refuse(
                    ErrorCode.TOO_MANY_REQUESTS, "too many messages wait for the tenant's message hook"));
            return promise;
        }
        var unused = answered(line, hook, question).whenComplete((verdict, failure) -> {
            line.end();
            asking.remove(id, promise);
            if (verdict != null) {
                promise.complete(verdict);
            } else {
                promise.completeExceptionally(failure);
            }
        });
        return promise;
    }

    private HookLine line(String tenant, MessageHook hook) {
        var line = lines.asMap()
                .compute(
                        tenant,
                        (any, known) -> known != null && known.version == hook.version()
                                ? known
                                : new HookLine(system, settings, meters, tenant, hook));
        if (line == null) {
            throw new IllegalStateException("a line is there");
        }
        return line;
    }

    private CompletionStage<Verdict> answered(HookLine line, MessageHook hook, HookQuestion question) {
        return Unavailable.when("keys cannot be read", () -> sealing.sealer(question.tenant(), Subject.TENANT))
                .thenCompose(sealer -> line.ask(() -> exchange(sealer, hook, question))
                        .handle((answer, failure) -> failure == null
                                ? verdict(answer, question)
                                : onSilence(hook.onSilence(), whyOf(failure), question)));
    }

    private CompletionStage<HookAnswer> exchange(Sealer sealer, MessageHook hook, HookQuestion question) {
        var now = clock.instant();
        String url = new String(open(sealer, MessageHook.URL, hook.url()), StandardCharsets.UTF_8);
        byte[] body = question.json(now);
        byte[] secret = open(sealer, MessageHook.SECRET, hook.secret());
        var headers = List.<HttpHeader>of(
                RawHeader.create(WebhookSignature.ID, question.id()),
                RawHeader.create(WebhookSignature.TIMESTAMP, Long.toString(now.getEpochSecond())),
                RawHeader.create(
                        WebhookSignature.SIGNATURE,
                        WebhookSignature.of(secret, question.id(), now.getEpochSecond(), body)));
        long began = System.nanoTime();
        return client.post(
                        URI.create(url), headers, body, HookAnswer.MAX_BYTES, Duration.ofMillis(hook.timeoutMillis()))
                .thenApply(answer -> {
                    meters.took(System.nanoTime() - began);
                    return read(answer, question.type());
                });
    }

    private static byte[] open(Sealer sealer, String field, MessageHook.Print print) {
        return sealer.open(MessageHook.ITEM, field, print.sealed());
    }

    private static HookAnswer read(Answer answer, MessageType type) {
        if (answer.status() != STATUS_OK) {
            throw new HookSilent(Why.BAD_STATUS);
        }
        return HookAnswer.read(answer.body(), type).orElseThrow(() -> new HookSilent(Why.BAD_ANSWER));
    }

    private Verdict verdict(HookAnswer answer, HookQuestion question) {
        if (answer instanceof Refuse refuse) {
            meters.answered("refuse");
            return new Verdict.Refuse(
                    ErrorCode.MESSAGE_REFUSED, refuse.reason().orElse("the tenant does not want this message"));
        }
        if (answer instanceof Replace replace) {
            meters.answered("replace");
            return new Verdict.Accept(replace.content());
        }
        if (answer instanceof BadReplacement) {
            return onSilence(OnSilence.REFUSE, Why.BAD_REPLACEMENT, question);
        }
        if (answer instanceof Allow) {
            meters.answered("allow");
            return new Verdict.Accept(question.content());
        }
        throw new IllegalStateException("no such answer");
    }

    private Verdict onSilence(OnSilence policy, Why why, HookQuestion question) {
        meters.silent(why, policy);
        return policy == OnSilence.ALLOW
                ? new Verdict.Accept(question.content())
                : new Verdict.Refuse(ErrorCode.UNAVAILABLE, "the tenant's message hook does not answer: try again");
    }

    private static Why whyOf(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HookSilent silent) {
                return silent.why();
            } else if (cause instanceof CircuitBreakerOpenException) {
                return Why.BREAKER_OPEN;
            } else if (cause instanceof AddressRefused) {
                return Why.ADDRESS_REFUSED;
            } else if (cause instanceof EntityStreamException || cause instanceof EntityStreamSizeException) {
                return Why.BAD_ANSWER;
            } else if (cause instanceof TimeoutException) {
                return Why.TIMED_OUT;
            }
        }
        return Why.UNREACHABLE;
    }
}
