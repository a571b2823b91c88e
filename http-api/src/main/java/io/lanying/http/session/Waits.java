package io.lanying.http.session;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import io.lanying.http.auth.DevicePrincipal;
import io.lanying.protocol.session.SessionMessage;
import java.util.HashMap;
import java.util.Map;

/**
 * The sessions of this node for devices that come by requests: one for each device and binding, found again by the next request.
 * They count as sockets do.
 */
final class Waits extends AbstractBehavior<Waits.Command> {

    sealed interface Command {}

    /** A request of this device waits. */
    record Await(DevicePrincipal principal, WaitEvent.Await request) implements Command {}

    /** A session has had no request for a while, or has ended; {@code awaited} are the requests it knows of. */
    record Unused(ActorRef<SessionMessage> session, long awaited) implements Command {}

    /** A session's actor stopped. */
    record Stopped(ActorRef<SessionMessage> session) implements Command {}

    /** Let all requests go, now and from now on. */
    record Stop() implements Command {}

    private record Key(String tenant, String deviceId, int binding) {}

    private record Entry(ActorRef<SessionMessage> session, long awaited) {

        Entry once() {
            return new Entry(session, awaited + 1);
        }
    }

    private final SessionNode node;
    private final TenantSockets tenants;
    private final SocketGate gate;
    private final Map<Key, Entry> entries = new HashMap<>();
    private final Map<ActorRef<SessionMessage>, Key> keys = new HashMap<>();
    private boolean stopping;

    static Behavior<Command> create(SessionNode node, TenantSockets tenants, SocketGate gate) {
        return Behaviors.setup(context -> new Waits(context, node, tenants, gate));
    }

    private Waits(ActorContext<Command> context, SessionNode node, TenantSockets tenants, SocketGate gate) {
        super(context);
        this.node = node;
        this.tenants = tenants;
        this.gate = gate;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Await.class, this::onAwait)
                .onMessage(Unused.class, this::onUnused)
                .onMessage(Stopped.class, this::onStopped)
                .onMessage(Stop.class, stop -> onStop())
                .build();
    }

    private Behavior<Command> onAwait(Await await) {
        var principal = await.principal();
        var key = new Key(principal.tenant(), principal.deviceId(), principal.binding());
        Entry entry = entries.get(key);
        if (stopping) {
            await.request().replyTo().tell(Waited.OVER);
        } else if (entry == null && node.metrics().open() >= node.settings().maxSockets()) {
            await.request().replyTo().tell(Waited.FULL);
        } else if (entry == null
                && gate.refusal(key.tenant(), tenants.of(key.tenant())).isPresent()) {
            await.request().replyTo().tell(Waited.QUOTA);
        } else {
            Entry used = (entry == null ? started(key, principal) : entry).once();
            entries.put(key, used);
            used.session().tell(await.request());
        }
        return this;
    }

    private Entry started(Key key, DevicePrincipal principal) {
        var session = getContext()
                .spawnAnonymous(WaitSession.create(node, principal, getContext().getSelf()));
        tenants.opened(key.tenant());
        getContext().watchWith(session, new Stopped(session));
        keys.put(session, key);
        return new Entry(session, 0);
    }

    /** A request that is on its way to the session keeps it. */
    private Behavior<Command> onUnused(Unused unused) {
        Key key = keys.get(unused.session());
        Entry entry = key == null ? null : entries.get(key);
        if (entry != null && entry.session().equals(unused.session()) && entry.awaited() == unused.awaited()) {
            entries.remove(key);
            unused.session().tell(new WaitEvent.Finish());
        }
        return this;
    }

    private Behavior<Command> onStopped(Stopped stopped) {
        Key key = keys.remove(stopped.session());
        if (key != null) {
            tenants.ended(key.tenant());
            entries.computeIfPresent(key, (same, entry) -> entry.session().equals(stopped.session()) ? null : entry);
        }
        return this;
    }

    private Behavior<Command> onStop() {
        stopping = true;
        entries.values().forEach(entry -> entry.session().tell(new WaitEvent.Finish()));
        entries.clear();
        return this;
    }
}
