package io.lanying.node;

import akka.actor.typed.ActorSystem;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.conversation.ConversationCommand.ReadVersions;
import io.lanying.protocol.conversation.ConversationKey;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationReply.Messages;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.MessageSource;
import io.lanying.protocol.conversation.SealedContent;
import io.lanying.protocol.conversation.StoredMessage;
import io.lanying.protocol.sealing.Sealed;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Asks conversations for messages, once for all the devices of this node that want the same at the same time. Keeps what they said
 * for {@link #KEPT_FOR}: a message that is recalled meanwhile may be handed out that much later, and its recall follows it.
 * Thread-safe.
 *
 * <p>Counter {@code push.messages.reads} by {@code result}: {@code kept} here, {@code joined} another's question, {@code asked},
 * {@code failed}, {@code refused} because {@link #MAX_UNDER_WAY} questions were unanswered.
 */
final class CachedMessages implements MessageSource {

    static final Duration KEPT_FOR = Duration.ofSeconds(10);

    /** What a conversation may take before others pass its items. */
    static final Duration TIMEOUT = Duration.ofMillis(500);

    static final int MAX_UNDER_WAY = 2_000;

    private static final int MAX_REFS = 200;
    private static final long MAX_BYTES = 16L * 1024 * 1024;
    private static final int OVERHEAD = 512;

    /** Asks a conversation, wherever it lives. */
    @FunctionalInterface
    interface Ask {
        CompletionStage<ConversationReply> ask(EntityId conversation, List<MessageRef> refs);
    }

    private record Key(String tenant, MessageRef ref) {}

    private record Question(EntityId conversation, List<MessageRef> refs) {}

    private record Kept(Optional<Sealed> name, boolean preview, StoredMessage message) {

        int weight() {
            return OVERHEAD + message.content().map(SealedContent::bytes).orElse(0);
        }
    }

    private final Ask conversations;
    private final Cache<Key, Kept> kept;
    private final ConcurrentHashMap<Question, CompletableFuture<ConversationReply>> underWay =
            new ConcurrentHashMap<>();
    private final MeterRegistry metrics;

    CachedMessages(Ask conversations, MeterRegistry metrics, Ticker ticker) {
        this.conversations = conversations;
        this.metrics = metrics;
        this.kept = Caffeine.newBuilder()
                .maximumWeight(MAX_BYTES)
                .<Key, Kept>weigher((key, message) -> message.weight())
                .expireAfterWrite(KEPT_FOR)
                .ticker(ticker)
                .build();
    }

    static CachedMessages sharded(ActorSystem<?> system, MeterRegistry metrics) {
        var sharding = ClusterSharding.get(system);
        return new CachedMessages(
                (conversation, refs) -> sharding.entityRefFor(ConversationKey.KEY, conversation.toString())
                        .<ConversationReply>ask(replyTo -> new ReadVersions(refs, replyTo), TIMEOUT),
                metrics,
                Ticker.systemTicker());
    }

    @Override
    public CompletionStage<ConversationReply> read(EntityId conversation, List<MessageRef> refs) {
        var asked = List.copyOf(refs.subList(0, Math.min(refs.size(), MAX_REFS)));
        var known = firstKept(conversation.tenant(), asked);
        if (known.isPresent()) {
            count("kept");
            return CompletableFuture.completedFuture(known.get());
        }
        var question = new Question(conversation, asked);
        var mine = new CompletableFuture<ConversationReply>();
        var first = underWay.putIfAbsent(question, mine);
        if (first != null) {
            count("joined");
            return first;
        }
        if (underWay.size() > MAX_UNDER_WAY) {
            underWay.remove(question, mine);
            count("refused");
            mine.completeExceptionally(new IllegalStateException("too many questions to conversations"));
            return mine;
        }
        ask(question, mine);
        return mine;
    }

    private void ask(Question question, CompletableFuture<ConversationReply> answer) {
        count("asked");
        var unused = conversations.ask(question.conversation, question.refs).whenComplete((reply, failure) -> {
            if (reply instanceof Messages messages) {
                keep(question, messages);
            }
            underWay.remove(question, answer);
            if (failure == null) {
                answer.complete(reply);
            } else {
                count("failed");
                answer.completeExceptionally(failure);
            }
        });
    }

    private void keep(Question question, Messages messages) {
        for (int i = 0; i < messages.messages().size() && i < question.refs.size(); i++) {
            kept.put(
                    new Key(question.conversation.tenant(), question.refs.get(i)),
                    new Kept(
                            messages.name(),
                            messages.preview(),
                            messages.messages().get(i)));
        }
    }

    /** The first of them that are here, if the very first is. */
    private Optional<ConversationReply> firstKept(String tenant, List<MessageRef> refs) {
        var found = new ArrayList<Kept>();
        for (MessageRef ref : refs) {
            Kept message = kept.getIfPresent(new Key(tenant, ref));
            if (message == null) {
                break;
            }
            found.add(message);
        }
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(new Messages(
                        found.get(0).name,
                        found.get(0).preview,
                        found.stream().map(Kept::message).toList()));
    }

    private void count(String result) {
        Counter.builder("push.messages.reads")
                .description("Questions for messages of conversations, by where the answer came from")
                .tag("result", result)
                .register(metrics)
                .increment();
    }
}
