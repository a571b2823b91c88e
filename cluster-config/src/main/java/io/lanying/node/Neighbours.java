package io.lanying.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.receptionist.Receptionist;
import akka.cluster.Member;
import akka.cluster.UniqueAddress;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Down;
import io.lanying.node.NodeAgent.Identity;
import io.lanying.node.NodeAgent.Question;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * Writes off nodes of this machine whose process has ended, at once: the operating system knows for certain what other nodes can
 * only conclude from silence. Who is on this machine says so itself and is then seen to run; whoever is not seen, on another machine
 * or hidden, is left to the split-brain resolver. A frozen process has not ended.
 */
final class Neighbours {

    sealed interface Message permits Agents, Introduced, Look {}

    private record Agents(Receptionist.Listing listing) implements Message {}

    /** @param identity null if there was no answer in time: then it is asked again */
    private record Introduced(
            ActorRef<Question> agent,
            @org.jspecify.annotations.Nullable Identity identity) implements Message {}

    private record Look() implements Message {}

    private final ActorContext<Message> context;
    private final Cluster cluster;
    private final LocalProcess self;

    private final Set<ActorRef<Question>> asked = new HashSet<>();
    private final Map<UniqueAddress, LocalProcess> watched = new HashMap<>();

    private Neighbours(ActorContext<Message> context, LocalProcess self) {
        this.context = context;
        this.cluster = Cluster.get(context.getSystem());
        this.self = self;
    }

    /** @param interval between two looks */
    static Behavior<Message> create(LocalProcess self, Duration interval) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            context.getSystem()
                    .receptionist()
                    .tell(Receptionist.subscribe(
                            NodeAgent.KEY, context.messageAdapter(Receptionist.Listing.class, Agents::new)));
            timers.startTimerWithFixedDelay(new Look(), interval);
            return new Neighbours(context, self).behavior();
        }));
    }

    private Behavior<Message> behavior() {
        return Behaviors.receive(Message.class)
                .onMessage(Agents.class, this::onAgents)
                .onMessage(Introduced.class, this::onIntroduced)
                .onMessage(Look.class, look -> onLook())
                .build();
    }

    private Behavior<Message> onAgents(Agents agents) {
        Set<ActorRef<Question>> there = agents.listing().getServiceInstances(NodeAgent.KEY);
        asked.retainAll(there);
        there.stream()
                .filter(agent -> !agent.path().address().hasLocalScope())
                .filter(asked::add)
                .forEach(this::ask);
        return Behaviors.same();
    }

    private void ask(ActorRef<Question> agent) {
        context.ask(
                Identity.class,
                agent,
                ClusterView.PATIENCE,
                NodeAgent.WhoAreYou::new,
                (identity, failure) -> new Introduced(agent, identity));
    }

    private Behavior<Message> onIntroduced(Introduced introduced) {
        if (!asked.contains(introduced.agent())) {
            return Behaviors.same(); // gone meanwhile
        }
        if (introduced.identity() == null) {
            ask(introduced.agent());
            return Behaviors.same();
        }
        introduced.identity().process().filter(self::sees).ifPresent(process -> member(introduced.agent())
                .ifPresent(member -> watched.put(member.uniqueAddress(), process)));
        return Behaviors.same();
    }

    /** The incarnation is told from later ones of the same address, which must not be written off for it. */
    private Behavior<Message> onLook() {
        Set<UniqueAddress> members = new HashSet<>();
        cluster.state().getMembers().forEach(member -> members.add(member.uniqueAddress()));
        watched.keySet().retainAll(members);
        // Should nothing be seen at all, nothing has been seen to end.
        if (self.runs()) {
            Set<UniqueAddress> ended = new HashSet<>();
            watched.forEach((address, process) -> {
                if (!process.runs()) {
                    ended.add(address);
                }
            });
            ended.forEach(this::writeOff);
        }
        return Behaviors.same();
    }

    private void writeOff(UniqueAddress node) {
        context.getLog().warn("the process of {} on this machine has ended: it is written off", node.address());
        watched.remove(node);
        cluster.manager().tell(new Down(node.address()));
    }

    private Optional<Member> member(ActorRef<Question> agent) {
        return StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
                .filter(member -> member.address().equals(agent.path().address()))
                .findFirst();
    }
}
