package io.lanying.channels.apns;

import com.eatthepath.pushy.apns.ApnsClient;
import com.eatthepath.pushy.apns.PushNotificationResponse;
import io.lanying.channels.adapter.VendorAnswer;
import io.netty.handler.codec.http2.StreamBufferingEncoder.Http2ChannelClosedException;
import io.netty.handler.codec.http2.StreamBufferingEncoder.Http2GoAwayException;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One Pushy client with what Pushy leaves open: a bound on what is under way, and a deadline. Thread-safe.
 *
 * <p>A place is given back only when Pushy has ended with a request, not when the deadline has: Pushy keeps requests that wait
 * for a connection in a queue without bound. What Pushy never ends (a stream without an answer on a connection that is alive
 * otherwise, a request lost between a pool and a connection that just closed) keeps its place, until too many do and
 * {@link #isStuck()} says that these connections should be replaced.
 */
final class ApnsConnections {

    /** Share of the places that overdue requests may hold: one in this many. */
    private static final int STUCK_SHARE = 4;

    private final ApnsClient client;
    private final EventExecutor timer;
    private final Duration deadline;
    private final int places;
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger overdue = new AtomicInteger();

    ApnsConnections(ApnsClient client, EventExecutor timer, Duration deadline, int places) {
        this.client = client;
        this.timer = timer;
        this.deadline = deadline;
        this.places = places;
    }

    /** Sends it once. The future never fails, and is done within the deadline. */
    CompletableFuture<VendorAnswer> send(ApnsNotification request) {
        if (taken.incrementAndGet() > places) {
            taken.decrementAndGet();
            return CompletableFuture.completedFuture(ApnsLocal.BUSY.answer());
        }
        Attempt attempt = new Attempt(request);
        attempt.start();
        return attempt.answer;
    }

    /** Whether so much of it is overdue that new connections are the better bet. */
    boolean isStuck() {
        int late = overdue.get();
        return late > 0 && (late * STUCK_SHARE >= places || late >= taken.get());
    }

    /** How many requests Pushy has not ended with. */
    int underWay() {
        return taken.get();
    }

    /** Ends it after the requests that are on their way; what still waits for a connection fails. */
    CompletableFuture<Void> close() {
        return client.close();
    }

    /** One request with its deadline. */
    private final class Attempt {

        private final ApnsNotification request;
        private final CompletableFuture<VendorAnswer> answer = new CompletableFuture<>();
        private final AtomicBoolean isDecided = new AtomicBoolean();

        private Attempt(ApnsNotification request) {
            this.request = request;
        }

        private void start() {
            ScheduledFuture<?> alarm = null;
            try {
                alarm = timer.schedule(this::onDeadline, deadline.toNanos(), TimeUnit.NANOSECONDS);
                ScheduledFuture<?> scheduled = alarm;
                var unused = client.sendNotification(request).whenComplete((response, failure) -> {
                    scheduled.cancel(false);
                    onEnd(response, failure);
                });
            } catch (RejectedExecutionException e) {
                // Its threads have ended: nothing will be done with it.
                if (alarm != null) {
                    alarm.cancel(false);
                }
                onEnd(null, e);
            }
        }

        private void onDeadline() {
            if (isDecided.compareAndSet(false, true)) {
                overdue.incrementAndGet();
                answer.complete((request.giveUp() ? ApnsLocal.DEADLINE : ApnsLocal.NO_ANSWER).answer());
            }
        }

        private void onEnd(@Nullable PushNotificationResponse<ApnsNotification> response, @Nullable Throwable failure) {
            taken.decrementAndGet();
            if (isDecided.compareAndSet(false, true)) {
                answer.complete(response != null ? read(response) : classified(failure));
            } else {
                overdue.decrementAndGet();
            }
        }

        private VendorAnswer read(PushNotificationResponse<ApnsNotification> response) {
            if (response.isAccepted()) {
                return VendorAnswer.accepted(
                        Optional.ofNullable(response.getApnsId()).map(Object::toString));
            }
            return ApnsAnswers.refusal(
                    response.getStatusCode(), response.getRejectionReason(), response.getTokenInvalidationTimestamp());
        }

        /** Pushy fails a request for want of an answer only; whether Apple has it depends on how far it had come. */
        private VendorAnswer classified(@Nullable Throwable failure) {
            if (failure instanceof Http2GoAwayException || failure instanceof Http2ChannelClosedException) {
                // It waited for a free stream on a connection that ended.
                return ApnsLocal.CONNECT.answer();
            }
            if (request.isRefusedForGood()) {
                return ApnsLocal.REFUSED_STREAM.answer();
            }
            if (!request.hasCertainlyNotLeft()) {
                return ApnsLocal.DROPPED.answer();
            }
            return (isOfTls(failure) ? ApnsLocal.TLS : ApnsLocal.CONNECT).answer();
        }

        private boolean isOfTls(@Nullable Throwable failure) {
            return failure instanceof SSLException || (failure != null && failure.getCause() instanceof SSLException);
        }
    }
}
