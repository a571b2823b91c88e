package io.lanying.protocol;

import akka.actor.typed.ActorRef;
import akka.actor.typed.RecipientRef;
import akka.actor.typed.Scheduler;
import akka.actor.typed.scaladsl.AskPattern;
import akka.util.Timeout;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import scala.concurrent.ExecutionContext;

/**
 * Akka's ask, whose answer goes on in the thread that brought it. The stages of Akka's own Java ask hand each step to an
 * executor of the JDK, which wakes a thread for every message.
 */
public final class DirectAsk {

    private DirectAsk() {}

    /**
     * Asks once; thread-safe. What follows the stage must not block.
     *
     * @param timeout after which the stage fails with {@link java.util.concurrent.TimeoutException}; whether the question was
     *     carried out is unknown then
     */
    public static <Q, A> CompletableFuture<A> ask(
            RecipientRef<Q> target, Function<ActorRef<A>, Q> question, Duration timeout, Scheduler scheduler) {
        var answer = new CompletableFuture<A>();
        new AskPattern.Askable<>(target)
                .<A>ask(question::apply, Timeout.create(timeout), scheduler)
                .onComplete(
                        result -> result.isSuccess()
                                ? answer.complete(result.get())
                                : answer.completeExceptionally(result.failed().get()),
                        ExecutionContext.parasitic$.MODULE$);
        return answer;
    }
}
