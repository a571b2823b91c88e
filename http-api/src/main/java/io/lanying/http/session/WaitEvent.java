package io.lanying.http.session;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.session.SessionMessage;
import java.time.Duration;

/** What a session of requests hears from its own node. */
sealed interface WaitEvent extends SessionMessage.Internal {

    /** A request waits for something after this number. */
    record Await(long afterSeq, Duration within, ActorRef<Waited> replyTo) implements WaitEvent {}

    /** The request has waited long enough. */
    record Overdue() implements WaitEvent {}

    /** No request for a while. */
    record Unused() implements WaitEvent {}

    /** No request will come any more: end. */
    record Finish() implements WaitEvent {}
}
