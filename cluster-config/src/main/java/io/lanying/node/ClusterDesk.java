package io.lanying.node;

import akka.actor.Address;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Extension;
import akka.actor.typed.ExtensionId;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.AskPattern;
import akka.cluster.Member;
import io.lanying.http.auth.OperatorKey;
import io.lanying.node.NodeAgent.Draining;
import io.lanying.node.NodeAgent.Question;
import io.lanying.persistence.reminder.OpenWork;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * What operators look at and do in the cluster, from any node; an extension because the management endpoint makes its routes
 * from the actor system alone. Thread-safe.
 */
final class ClusterDesk implements Extension {

    /** Extensions are found again by the identity of this. */
    private static final Id ID = new Id();

    private static final int PROBE_MILLIS = 1_000;
    private static final Duration UNWATCHED_LOOK = Duration.ofSeconds(1);

    private final ActorSystem<?> system;
    private final ClusterView view;
    private volatile OperatorKey operator = key -> false;
    private volatile Supplier<CompletionStage<OpenWork>> openWork =
            () -> CompletableFuture.failedStage(new IllegalStateException("not open yet"));
    private volatile Optional<ActorRef<Neighbours.Message>> neighbours = Optional.empty();

    /** What became of an operator's wish. */
    enum Outcome {
        /** It is under way; look at the nodes to see it end. */
        BEGUN,
        /** There is no such member. */
        UNKNOWN,
        /** Nobody would be left to hand over to. */
        ALONE,
        /** The node is there, or not known not to be: it is drained, not written off. */
        REACHABLE,
        /** The node does not answer. */
        SILENT
    }

    private ClusterDesk(ActorSystem<?> system) {
        this.system = system;
        this.view = new ClusterView(system);
    }

    static ClusterDesk of(ActorSystem<?> system) {
        return system.registerExtension(ID);
    }

    /**
     * From here on this node answers others, and operators may act by it.
     *
     * @param work what the cluster has still to do
     * @param stop begins the graceful stop of this node
     */
    void open(OperatorKey operatorKey, Supplier<CompletionStage<OpenWork>> work, Runnable stop) {
        Optional<LocalProcess> process = LocalProcess.self();
        var figures = new NodeFigures(system, Instant.now());
        system.systemActorOf(NodeAgent.create(process, figures, stop), "node-agent", Props.empty());
        Duration look = system.settings().config().getDuration("push.node.cluster.neighbour-interval");
        neighbours = Optional.of(system.systemActorOf(
                look.isZero() ? Neighbours.create(Optional.empty(), UNWATCHED_LOOK) : Neighbours.create(process, look),
                "neighbours",
                Props.empty()));
        openWork = work;
        operator = operatorKey;
    }

    /** Whether this is the operator's key; nobody's is until {@link #open}. */
    boolean isOperator(String presented) {
        return operator.matches(presented);
    }

    /** All members, as this node sees them. */
    CompletionStage<List<ClusterView.Node>> nodes() {
        return view.nodes();
    }

    /** What the cluster has still to do; empty if that cannot be read now. Never fails. */
    CompletionStage<Optional<OpenWork>> openWork() {
        return openWork.get().handle((work, failure) -> Optional.ofNullable(work));
    }

    /** A node hands over what it has and ends. */
    CompletionStage<Outcome> drain(String address) {
        Optional<Member> member = view.member(address);
        if (member.isEmpty()) {
            return CompletableFuture.completedStage(Outcome.UNKNOWN);
        }
        if (!view.hasOthers(member.get())) {
            return CompletableFuture.completedStage(Outcome.ALONE);
        }
        return view.agent(member.get()).thenCompose(agent -> agent.map(this::drain)
                .orElseGet(() -> CompletableFuture.completedStage(Outcome.SILENT)));
    }

    private CompletionStage<Outcome> drain(ActorRef<Question> agent) {
        return AskPattern.<Question, Draining>ask(agent, NodeAgent.Drain::new, ClusterView.PATIENCE, system.scheduler())
                .handle((said, failure) -> failure == null ? Outcome.BEGUN : Outcome.SILENT);
    }

    /**
     * A node that is known to be dead is written off at once, without waiting for the majority's decision. Only if this node does
     * not reach it, or its port refuses a connection: a living one would go on writing until it noticed. Blocks for a second at most.
     */
    Outcome down(String address) {
        Optional<Member> member = view.member(address);
        if (member.isEmpty()) {
            return Outcome.UNKNOWN;
        }
        if (view.isReachable(member.get()) && !refusesConnections(member.get().address())) {
            return Outcome.REACHABLE;
        }
        neighbours.orElseThrow().tell(new Neighbours.WriteOff(member.get().uniqueAddress()));
        return Outcome.BEGUN;
    }

    /** Its machine answers, and says that nobody listens there: sooner known than what the failure detector concludes. */
    private static boolean refusesConnections(Address address) {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(
                            address.host().get(), (Integer) address.port().get()),
                    PROBE_MILLIS);
            return false;
        } catch (ConnectException e) {
            return true;
        } catch (IOException e) {
            return false; // silence proves nothing
        }
    }

    private static final class Id extends ExtensionId<ClusterDesk> {
        @Override
        public ClusterDesk createExtension(ActorSystem<?> system) {
            return new ClusterDesk(system);
        }
    }
}
