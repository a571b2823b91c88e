package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.protocol.EntityId;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationReply.Messages;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.MessageType;
import io.lanying.protocol.conversation.StoredMessage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Many devices that want the same message ask its conversation once; nothing is kept for long, or for another tenant. */
class CachedMessagesTest {

    private static final EntityId TEAM = new EntityId("acme", "team");
    private static final MessageRef ONE = new MessageRef("team", 1, 1);
    private static final MessageRef TWO = new MessageRef("team", 2, 1);

    private final List<List<MessageRef>> asked = new ArrayList<>();
    private final List<CompletableFuture<ConversationReply>> answers = new ArrayList<>();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private long nanos;
    private final CachedMessages messages = new CachedMessages(
            (conversation, refs) -> {
                asked.add(refs);
                var answer = new CompletableFuture<ConversationReply>();
                answers.add(answer);
                return answer;
            },
            metrics,
            () -> nanos);

    @Test
    void equalQuestionsAreOneAndItsAnswerIsKept() {
        var first = messages.read(TEAM, List.of(ONE)).toCompletableFuture();
        var second = messages.read(TEAM, List.of(ONE)).toCompletableFuture();
        assertThat(asked).hasSize(1);

        answers.get(0).complete(said(ONE));
        assertThat(first.join()).isEqualTo(said(ONE)).isEqualTo(second.join());
        assertThat(messages.read(TEAM, List.of(ONE)).toCompletableFuture().join())
                .isEqualTo(said(ONE));
        assertThat(asked).hasSize(1);
        assertThat(count("joined")).isEqualTo(1);
        assertThat(count("kept")).isEqualTo(1);
    }

    @Test
    void ofWhatIsHereTheFirstAreTheAnswer() {
        messages.read(TEAM, List.of(ONE));
        answers.get(0).complete(said(ONE));

        assertThat(messages.read(TEAM, List.of(ONE, TWO)).toCompletableFuture().join())
                .isEqualTo(said(ONE));
        messages.read(TEAM, List.of(TWO, ONE));
        assertThat(asked).containsExactly(List.of(ONE), List.of(TWO, ONE));
    }

    @Test
    void itIsKeptForAFewSecondsAndForNobodyElse() {
        messages.read(TEAM, List.of(ONE));
        answers.get(0).complete(said(ONE));
        messages.read(new EntityId("other", "team"), List.of(ONE));
        assertThat(asked).as("another tenant's conversation of that name").hasSize(2);

        nanos += CachedMessages.KEPT_FOR.plus(Duration.ofMillis(1)).toNanos();
        messages.read(TEAM, List.of(ONE));
        assertThat(asked).hasSize(3);
    }

    @Test
    void whatFailsIsAskedAgain() {
        var first = messages.read(TEAM, List.of(ONE)).toCompletableFuture();
        answers.get(0).completeExceptionally(new IllegalStateException("silent"));
        assertThat(first).isCompletedExceptionally();

        messages.read(TEAM, List.of(ONE));
        assertThat(asked).hasSize(2);
        assertThat(count("failed")).isEqualTo(1);
    }

    @Test
    void tooManyUnansweredQuestionsAreRefusedAndCounted() {
        for (int i = 0; i < CachedMessages.MAX_UNDER_WAY; i++) {
            messages.read(TEAM, List.of(new MessageRef("team", i, 1)));
        }
        assertThat(messages.read(TEAM, List.of(new MessageRef("team", 9_999, 1)))
                        .toCompletableFuture())
                .isCompletedExceptionally();
        assertThat(asked).hasSize(CachedMessages.MAX_UNDER_WAY);
        assertThat(count("refused")).isEqualTo(1);

        answers.get(0).complete(said(new MessageRef("team", 0, 1)));
        messages.read(TEAM, List.of(new MessageRef("team", 9_999, 1)));
        assertThat(asked).hasSize(CachedMessages.MAX_UNDER_WAY + 1);
    }

    private double count(String result) {
        return metrics.get("push.messages.reads")
                .tag("result", result)
                .counter()
                .count();
    }

    private static Messages said(MessageRef ref) {
        return new Messages(
                Optional.empty(),
                true,
                List.of(new StoredMessage(
                        ref.messageSeq(),
                        ref.version(),
                        "bob",
                        MessageType.TEXT,
                        Optional.empty(),
                        List.of(),
                        Optional.empty(),
                        Instant.EPOCH,
                        Optional.empty(),
                        Optional.empty())));
    }
}
