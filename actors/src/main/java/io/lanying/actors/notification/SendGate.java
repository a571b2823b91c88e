package io.lanying.actors.notification;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import io.lanying.protocol.notification.NotificationCommand;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The node's turnstile: lets so many notifications work on a page at the same time, in the order in which they asked. Whoever
 * has done a page leaves and asks again, so that a small audience never waits for a large one to end.
 *
 * <p>Holds one reference for each notification in memory, nothing else. A notification that stops loses its place.
 */
final class SendGate extends AbstractBehavior<SendGate.Message> {

    /** What notifications of this node say. */
    sealed interface Message {}

    /** Answered with {@link NotificationMessage.MaySend} when it is its turn; asking twice is asking once. */
    record Want(ActorRef<NotificationCommand> who) implements Message {}

    /** It is done with its page, or does not want one any more. */
    record Leave(ActorRef<NotificationCommand> who) implements Message {}

    private final int places;
    private final Set<ActorRef<NotificationCommand>> inside = new LinkedHashSet<>();
    private final Set<ActorRef<NotificationCommand>> waiting = new LinkedHashSet<>();

    private SendGate(ActorContext<Message> context, int places) {
        super(context);
        this.places = places;
    }

    static Behavior<Message> create(int places) {
        return Behaviors.setup(context -> new SendGate(context, places));
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onMessage(Want.class, this::onWant)
                .onMessage(Leave.class, this::onLeave)
                .build();
    }

    private Behavior<Message> onWant(Want want) {
        if (!inside.contains(want.who()) && waiting.add(want.who())) {
            getContext().watchWith(want.who(), new Leave(want.who()));
            letIn();
        }
        return this;
    }

    private Behavior<Message> onLeave(Leave leave) {
        // never in both
        if (inside.remove(leave.who()) || waiting.remove(leave.who())) {
            getContext().unwatch(leave.who());
            letIn();
        }
        return this;
    }

    private void letIn() {
        var next = waiting.iterator();
        while (inside.size() < places && next.hasNext()) {
            var who = next.next();
            next.remove();
            inside.add(who);
            who.tell(new NotificationMessage.MaySend());
        }
    }
}
