package io.lanying.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class DirectAskTest {

    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final Duration LONG = Duration.ofSeconds(10);

    private record Question(ActorRef<Thread> replyTo) {}

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void whatFollowsRunsInTheThreadThatAnswered() throws Exception {
        var mayAnswer = new CountDownLatch(1);
        ActorRef<Question> answering = KIT.spawn(Behaviors.receiveMessage(question -> {
            mayAnswer.await();
            question.replyTo().tell(Thread.currentThread());
            return Behaviors.same();
        }));
        var followed = DirectAsk.<Question, Thread>ask(answering, Question::new, LONG, KIT.scheduler())
                .thenApply(answered -> answered == Thread.currentThread());
        mayAnswer.countDown();
        assertThat(followed.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void failsWhenTheTimeIsOver() {
        ActorRef<Question> silent = KIT.spawn(Behaviors.ignore());
        var answer = DirectAsk.<Question, Thread>ask(silent, Question::new, Duration.ofMillis(50), KIT.scheduler());
        assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void failsWhenNobodyIsThere() {
        ActorRef<Question> gone = KIT.spawn(Behaviors.ignore());
        KIT.stop(gone);
        var answer = DirectAsk.<Question, Thread>ask(gone, Question::new, LONG, KIT.scheduler());
        assertThatThrownBy(() -> answer.get(5, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
    }
}
