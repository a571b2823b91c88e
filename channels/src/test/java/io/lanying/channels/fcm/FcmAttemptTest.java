package io.lanying.channels.fcm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanying.channels.adapter.VendorAnswer;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FcmAttemptTest {

    private static final VendorAnswer NOT_LEFT = FcmLocal.DEADLINE.answer();
    private static final VendorAnswer LEFT = FcmLocal.NO_ANSWER.answer();

    private final FcmAttempt attempt = new FcmAttempt();
    private final AtomicInteger cancelled = new AtomicInteger();

    private boolean cancel() {
        cancelled.incrementAndGet();
        return true;
    }

    @Test
    void givenUpBeforeItLeftItCannotLeaveAnyMore() throws IOException {
        attempt.runs(this::cancel);
        attempt.giveUp(NOT_LEFT, LEFT);

        assertThatThrownBy(attempt::leaves).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> attempt.runs(this::cancel)).isInstanceOf(IOException.class);
        assertThat(attempt.hasLeft()).isFalse();
        assertThat(attempt.answer()).isCompletedWithValue(NOT_LEFT);
        assertThat(cancelled).hasValue(1);
    }

    @Test
    void givenUpAfterItLeftItsOutcomeIsUnknown() throws IOException {
        attempt.runs(this::cancel);
        attempt.leaves();
        attempt.giveUp(NOT_LEFT, LEFT);

        assertThat(attempt.answer()).isCompletedWithValue(LEFT);
        assertThat(cancelled).hasValue(1);
    }

    @Test
    void theFirstEndStands() {
        attempt.end(FcmLocal.DROPPED.answer());
        attempt.giveUp(NOT_LEFT, LEFT);
        attempt.end(LEFT);

        assertThat(attempt.answer()).isCompletedWithValue(FcmLocal.DROPPED.answer());
        assertThat(cancelled).hasValue(0);
    }

    @Test
    void itsTimerEndsWithItWhicheverComesFirst() {
        CompletableFuture<Void> before = new CompletableFuture<>();
        CompletableFuture<Void> after = new CompletableFuture<>();
        attempt.endsWith(before);
        attempt.end(LEFT);
        attempt.endsWith(after);

        assertThat(before).isCancelled();
        assertThat(after).isCancelled();
    }
}
