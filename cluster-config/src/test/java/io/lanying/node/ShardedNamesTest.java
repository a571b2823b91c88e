package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.protocol.EntityId;
import io.lanying.protocol.sealing.Sealed;
import io.lanying.protocol.user.UserName;
import io.lanying.protocol.user.UserReply;
import io.lanying.protocol.user.UserSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class ShardedNamesTest {

    private static final UserName NAME = new UserName(new Sealed("user:u1", new byte[] {1}), "f");

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final List<EntityId> asked = new ArrayList<>();
    private CompletableFuture<UserReply> answer = new CompletableFuture<>();
    private final ShardedNames names = new ShardedNames(
            user -> {
                asked.add(user);
                return answer;
            },
            metrics);

    private Optional<UserName> nameOf(String userId) {
        return names.nameOf("acme", userId).toCompletableFuture().join();
    }

    @Test
    void aPersonIsAskedOnceForAWhile() {
        answer.complete(
                new UserReply.UserView(Optional.of(NAME), UserSettings.NONE, List.of(), Instant.EPOCH, Instant.EPOCH));
        assertThat(nameOf("u1")).contains(NAME);
        assertThat(nameOf("u1")).contains(NAME);
        assertThat(asked).containsExactly(new EntityId("acme", "u1"));
    }

    @Test
    void whoDoesNotAnswerHasNoNameThisTime() {
        answer.completeExceptionally(new TimeoutException());
        assertThat(nameOf("u1")).isEmpty();
        assertThat(metrics.counter("push.channels.names.missed").count()).isEqualTo(1);
        answer = CompletableFuture.completedFuture(
                new UserReply.UserView(Optional.of(NAME), UserSettings.NONE, List.of(), Instant.EPOCH, Instant.EPOCH));
        assertThat(nameOf("u1")).contains(NAME);
    }
}
