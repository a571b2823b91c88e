package io.lanying.node;

import akka.actor.Address;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.receptionist.Receptionist;
import akka.cluster.ClusterEvent.CurrentClusterState;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import io.lanying.node.NodeAgent.Figures;
import io.lanying.node.NodeAgent.Question;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The cluster as one node sees it. Membership is what that node knows; what the others have they say themselves, within
 * {@link #PATIENCE}. Thread-safe.
 */
final class ClusterView {

    static final Duration PATIENCE = Duration.ofSeconds(3);

    private final ActorSystem<?> system;

    ClusterView(ActorSystem<?> system) {
        this.system = system;
    }

    /**
     * One node.
     *
     * @param address {@code host:port} of its transport
     * @param version of its build
     * @param status of its membership: joining, weaklyup, up, leaving, exiting, down
     * @param roles what it does: entities, edge
     * @param self whether it is the one that was asked
     * @param oldest whether it has what exists once in the cluster
     * @param figures empty if it is unreachable or did not answer in time
     */
    record Node(
            String address,
            String version,
            String status,
            boolean reachable,
            Set<String> roles,
            boolean self,
            boolean oldest,
            Optional<Figures> figures) {}

    /** All members, by address. */
    CompletionStage<List<Node>> nodes() {
        var state = Cluster.get(system).state();
        return agents().thenCompose(agents -> figures(state, agents)).thenApply(figures -> members(state)
                .map(member -> node(state, member, Optional.ofNullable(figures.get(member.address()))))
                .sorted(Comparator.comparing(Node::address))
                .toList());
    }

    /** The member that is reached at {@code host:port}. */
    Optional<Member> member(String address) {
        return members(Cluster.get(system).state())
                .filter(each -> nameOf(each.address()).equals(address))
                .findFirst();
    }

    boolean isReachable(Member member) {
        return !Cluster.get(system).state().getUnreachable().contains(member);
    }

    /** Whether others than this one do all that it does, as far as is known. */
    boolean hasOthers(Member member) {
        Set<String> others = members(Cluster.get(system).state())
                .filter(each -> each.status().equals(MemberStatus.up()) && isReachable(each) && !each.equals(member))
                .flatMap(each -> rolesOf(each).stream())
                .collect(Collectors.toSet());
        return others.containsAll(rolesOf(member));
    }

    /** Without the data centre, which Akka makes a role as well. */
    private static Set<String> rolesOf(Member member) {
        return Arrays.stream(Role.values())
                .map(Role::text)
                .filter(member::hasRole)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The agent of a member; empty if this node knows of none. */
    CompletionStage<Optional<ActorRef<Question>>> agent(Member member) {
        return agents().thenApply(agents -> Optional.ofNullable(agents.get(member.address())));
    }

    private Node node(CurrentClusterState state, Member member, Optional<Figures> figures) {
        return new Node(
                nameOf(member.address()),
                member.appVersion().version(),
                member.status().toString().toLowerCase(Locale.ROOT),
                !state.getUnreachable().contains(member),
                rolesOf(member),
                member.address().equals(self()),
                oldest(state).equals(Optional.of(member)),
                figures);
    }

    /** The one that serves for longest; who joins or leaves is not it. */
    private static Optional<Member> oldest(CurrentClusterState state) {
        return members(state)
                .filter(member -> member.status().equals(MemberStatus.up()))
                .reduce((one, other) -> one.isOlderThan(other) ? one : other);
    }

    private static Stream<Member> members(CurrentClusterState state) {
        return StreamSupport.stream(state.getMembers().spliterator(), false);
    }

    private static String nameOf(Address address) {
        return address.host().get() + ":" + address.port().get();
    }

    private Address self() {
        return Cluster.get(system).selfMember().address();
    }

    private CompletionStage<Map<Address, ActorRef<Question>>> agents() {
        return AskPattern.<Receptionist.Command, Receptionist.Listing>ask(
                        system.receptionist(),
                        replyTo -> Receptionist.find(NodeAgent.KEY, replyTo),
                        PATIENCE,
                        system.scheduler())
                .thenApply(listing -> {
                    Map<Address, ActorRef<Question>> agents = new HashMap<>();
                    listing.getServiceInstances(NodeAgent.KEY).forEach(agent -> agents.put(addressOf(agent), agent));
                    return agents;
                });
    }

    private Address addressOf(ActorRef<?> agent) {
        Address address = agent.path().address();
        return address.hasLocalScope() ? self() : address;
    }

    private CompletionStage<Map<Address, Figures>> figures(
            CurrentClusterState state, Map<Address, ActorRef<Question>> agents) {
        CompletionStage<Map<Address, Figures>> all = CompletableFuture.completedStage(new HashMap<>());
        for (Member member : members(state)
                .filter(each -> !state.getUnreachable().contains(each) && agents.containsKey(each.address()))
                .toList()) {
            var figures = AskPattern.<Question, Figures>ask(
                            agents.get(member.address()), NodeAgent.WhatHaveYou::new, PATIENCE, system.scheduler())
                    .handle((said, failure) -> Optional.ofNullable(said));
            all = all.thenCombine(figures, (known, said) -> {
                said.ifPresent(some -> known.put(member.address(), some));
                return known;
            });
        }
        return all;
    }
}
