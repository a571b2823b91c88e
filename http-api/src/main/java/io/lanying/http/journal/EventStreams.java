package io.lanying.http.journal;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.japi.Pair;
import akka.pattern.Patterns;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import io.lanying.http.json.Json;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An entity's events as they come, a page in memory at a time and only as fast as the caller reads. Bounded in
 * number on the node. Thread-safe.
 */
final class EventStreams {

    /** Bodies may be 64 KiB each. */
    private static final int PAGE = 100;

    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final ByteString COMMENT = ByteString.fromString(":\n\n");

    private final ActorSystem<?> system;
    private final AuditReader reader;
    private final StreamLimits limits;
    private final AtomicInteger running;

    EventStreams(ActorSystem<?> system, AuditReader reader, StreamLimits limits, MeterRegistry metrics) {
        this.system = system;
        this.reader = reader;
        this.limits = limits;
        this.running = metrics.gauge("push.http.journal.streams", new AtomicInteger());
    }

    boolean isFull() {
        return running.get() >= limits.max();
    }

    /** All events after a number, one a line, up to the end of the journal. */
    Source<ByteString, NotUsed> lines(Audited entity, long afterSeq) {
        var pages = Source.unfoldAsync(afterSeq, after -> reader.page(entity, after, PAGE)
                .thenApply(page ->
                        page.isEmpty() ? Optional.empty() : Optional.of(Pair.create(lastOf(page, after), page))));
        return counted(pages.mapConcat(page -> page)
                .map(item -> ByteString.fromArray(Json.bytes(item)).concat(ByteString.fromString("\n"))));
    }

    /** All events after a number as server-sent events, then those that happen. */
    Source<ByteString, NotUsed> live(Audited entity, long afterSeq) {
        var pages = Source.unfoldAsync(afterSeq, after -> reader.page(entity, after, PAGE)
                .thenCompose(page -> rested(page))
                .thenApply(page -> Optional.of(Pair.create(lastOf(page, after), page))));
        return counted(pages.mapConcat(page -> page)
                .map(EventStreams::event)
                .keepAlive(HEARTBEAT, () -> COMMENT)
                .takeWithin(limits.maxAge()));
    }

    private CompletionStage<List<EventJson.Item>> rested(List<EventJson.Item> page) {
        return page.isEmpty()
                ? Patterns.after(
                        limits.pollInterval(), system.classicSystem(), () -> CompletableFuture.completedFuture(page))
                : CompletableFuture.completedFuture(page);
    }

    private static long lastOf(List<EventJson.Item> page, long before) {
        return page.isEmpty() ? before : page.get(page.size() - 1).eventSeq();
    }

    private static ByteString event(EventJson.Item item) {
        // JSON has no line ends outside strings, and escapes them inside.
        return ByteString.fromString("id: " + item.eventSeq() + "\nevent: " + item.type() + "\ndata: "
                + new String(Json.bytes(item), StandardCharsets.UTF_8) + "\n\n");
    }

    /** Counted only once somebody reads: an answer that was never sent must not be counted for ever. */
    private Source<ByteString, NotUsed> counted(Source<ByteString, NotUsed> source) {
        return Source.lazySource(() -> {
                    running.incrementAndGet();
                    return source.watchTermination((used, done) -> {
                        var unused = done.whenComplete((end, failure) -> running.decrementAndGet());
                        return used;
                    });
                })
                .mapMaterializedValue(later -> NotUsed.getInstance());
    }
}
