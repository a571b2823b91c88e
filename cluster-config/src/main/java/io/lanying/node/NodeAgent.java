package io.lanying.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.receptionist.Receptionist;
import akka.actor.typed.receptionist.ServiceKey;
import io.lanying.protocol.Remoted;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Says what its node has to whichever node is asked about the cluster, and begins its graceful stop when it is told to. */
final class NodeAgent {

    static final ServiceKey<Question> KEY = ServiceKey.create(Question.class, "node-agent");

    sealed interface Question extends Remoted permits WhatHaveYou, WhoAreYou, Drain {}

    record WhatHaveYou(ActorRef<Figures> replyTo) implements Question {}

    record WhoAreYou(ActorRef<Identity> replyTo) implements Question {}

    /** @param process empty where the operating system does not tell */
    record Identity(Optional<LocalProcess> process) implements Remoted {}

    /** As SIGTERM does: sockets are told to come back elsewhere, shards are handed over, the process ends. */
    record Drain(ActorRef<Draining> replyTo) implements Question {}

    record Draining() implements Remoted {}

    /**
     * What a node has.
     *
     * @param sockets that are open at it
     * @param shards over all types of entities
     * @param entities in its memory
     */
    record Figures(Instant startedAt, long sockets, int shards, long entities) implements Remoted {}

    private NodeAgent() {}

    /**
     * @param process of this node
     * @param figures never fails
     * @param stop begins the graceful stop; more than once changes nothing
     */
    static Behavior<Question> create(
            Optional<LocalProcess> process, Supplier<CompletionStage<Figures>> figures, Runnable stop) {
        return Behaviors.setup(context -> {
            context.getSystem().receptionist().tell(Receptionist.register(KEY, context.getSelf()));
            return Behaviors.receive(Question.class)
                    .onMessage(WhatHaveYou.class, question -> {
                        figures.get().thenAccept(question.replyTo()::tell);
                        return Behaviors.same();
                    })
                    .onMessage(WhoAreYou.class, question -> {
                        question.replyTo().tell(new Identity(process));
                        return Behaviors.same();
                    })
                    .onMessage(Drain.class, question -> {
                        question.replyTo().tell(new Draining());
                        stop.run();
                        return Behaviors.same();
                    })
                    .build();
        });
    }
}
