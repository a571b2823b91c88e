package io.lanying.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.receptionist.Receptionist;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.UniqueAddress;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Down;
import io.lanying.node.NodeAgent.Identity;
import io.lanying.node.NodeAgent.Question;
import io.lanying.persistence.lease.ShardLeases;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * Writes off nodes that are known to have ended. Those of this machine it watches itself: the operating system knows for certain what
 * other nodes can only conclude from silence. Who is on this machine says so and is then seen to run; whoever is not seen, on
 * another machine or hidden, is left to the split-brain resolver. A frozen process has not ended.
 */
final class Neighbours {

    sealed interface Message permits Agents, Introduced, Look, WriteOff {}

    private record Agents(Receptionist.Listing listing) implements Message {}

    /** @param identity null if there was no answer in time: then it is asked again */
    private record Introduced(
            ActorRef<Question> agent,
            @org.jspecify.annotations.Nullable Identity identity) implements Message {}

    private record Look() implements Message {}

    /** Somebody knows for certain that this member has ended. */
    record WriteOff(UniqueAddress node) implements Message {}

    private final ActorContext<Message> context;
    private final Cluster cluster;
    private final Optional<LocalProcess> self;

    private final Set<ActorRef<Question>> asked = new HashSet<>();
    private final Map<UniqueAddress, LocalProcess> watched = new HashMap<>();
    /** Written off, and not removed yet. */
    private final Set<UniqueAddress> ended = new HashSet<>();

    private Neighbours(ActorContext<Message> context, Optional<LocalProcess> self) {
        this.context = context;
        this.cluster = Cluster.get(context.getSystem());
        this.self = self;
    }

    /**
     * @param self empty: no process is watched
     * @param interval between two looks
     */
    static Behavior<Message> create(Optional<LocalProcess> self, Duration interval) {
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
                .onMessage(WriteOff.class, message -> {
                    writeOff(message.node());
                    return Behaviors.same();
                })
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
        introduced
                .identity()
                .process()
                .filter(process -> self.filter(here -> here.sees(process)).isPresent())
                .ifPresent(process ->
                        member(introduced.agent()).ifPresent(member -> watched.put(member.uniqueAddress(), process)));
        return Behaviors.same();
    }

    /** The incarnation is told from later ones of the same address, which must not be written off for it. */
    private Behavior<Message> onLook() {
        Set<UniqueAddress> members = new HashSet<>();
        Set<UniqueAddress> leaving = new HashSet<>();
        cluster.state().getMembers().forEach(member -> {
            members.add(member.uniqueAddress());
            if (member.status().equals(MemberStatus.leaving())
                    || member.status().equals(MemberStatus.exiting())) {
                leaving.add(member.uniqueAddress());
            }
        });
        watched.keySet().retainAll(members);
        ended.stream().filter(node -> !members.contains(node)).forEach(node -> KnownEndDetector.forget(node.address()));
        ended.retainAll(members);
        // Should nothing be seen at all, nothing has been seen to end.
        if (self.filter(LocalProcess::runs).isPresent()) {
            List<UniqueAddress> gone = watched.entrySet().stream()
                    .filter(each -> !each.getValue().runs())
                    .map(Map.Entry::getKey)
                    .toList();
            gone.forEach(node -> {
                if (leaving.contains(node)) {
                    context.getLog().info("the process of {} on this machine has ended, as it was to", node.address());
                } else {
                    context.getLog()
                            .warn("the process of {} on this machine has ended: it is written off", node.address());
                }
                watched.remove(node);
                writeOff(node);
                ShardLeases.of(context.getSystem()).hasEnded(node.address(), node.longUid());
            });
        }
        return Behaviors.same();
    }

    private void writeOff(UniqueAddress node) {
        ended.add(node);
        KnownEndDetector.hasEnded(node.address());
        cluster.manager().tell(new Down(node.address()));
    }

    private Optional<Member> member(ActorRef<Question> agent) {
        return StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
                .filter(member -> member.address().equals(agent.path().address()))
                .findFirst();
    }
}
