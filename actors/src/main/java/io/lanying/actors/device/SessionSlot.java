package io.lanying.actors.device;

import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.TimerScheduler;
import io.lanying.protocol.conversation.ConversationNews;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.StoredMessage;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceCommand.Attach;
import io.lanying.protocol.device.DeviceSnapshot.OpenItem;
import io.lanying.protocol.session.SessionMessage.Attached;
import io.lanying.protocol.session.SessionMessage.EndReason;
import io.lanying.protocol.session.SessionMessage.Ended;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The place for the one live session of a device: watches it, hands the stream out to it, reads the bodies it needs.
 *
 * <p>Node-local and forgetful: the journal says who is attached, this says to which actor. A device with a session stays in
 * memory; without one it passivates after a while.
 */
final class SessionSlot {

    private static final Duration READ_AGAIN = Duration.ofSeconds(1);
    private static final Duration WOKEN_FOR_AUDIENCE = Duration.ofMillis(500);

    private final ActorContext<DeviceCommand> context;
    private final TimerScheduler<DeviceCommand> timers;
    private final DeviceJournal journal;
    private final MessageReads reads;
    private final DeviceLimits limits;
    private final Clock clock;
    private Optional<HandOut> session = Optional.empty();
    private final Map<Long, Instant> sentAt = new HashMap<>();
    private boolean readingBodies;

    SessionSlot(
            ActorContext<DeviceCommand> context,
            TimerScheduler<DeviceCommand> timers,
            DeviceJournal journal,
            MessageReads reads,
            DeviceLimits limits,
            Clock clock) {
        this.context = context;
        this.timers = timers;
        this.journal = journal;
        this.reads = reads;
        this.limits = limits;
        this.clock = clock;
        passivateWhenIdle();
    }

    boolean isTaken() {
        return session.isPresent();
    }

    /** When items were last handed to a session that are not known to be acknowledged; bounded by the window. */
    Map<Long, Instant> sentAt() {
        return sentAt;
    }

    /** The app read these without a session: their acknowledgement is awaited like any other's. */
    void readBy(List<OpenItem> items) {
        items.forEach(item -> sentAt.put(item.itemSeq(), clock.instant()));
    }

    /** The stream is another one: its numbers mean other items. */
    void forgetSent() {
        sentAt.clear();
    }

    /** The session with this id, if it is the live one. */
    Optional<HandOut> of(String sessionId) {
        return session.filter(live -> live.belongsTo(sessionId));
    }

    /** Why a session may not be attached; empty if it may. */
    static Optional<EndReason> refusalOf(DeviceState state, Attach attach) {
        if (state.registration().isEmpty() || attach.binding() != state.binding()) {
            return Optional.of(EndReason.REVOKED);
        }
        if (state.replacedSessions().contains(attach.sessionId())) {
            return Optional.of(EndReason.REPLACED);
        }
        boolean sameStream =
                attach.streamId().equals(Optional.of(state.present().streamId()));
        return sameStream && attach.ackedSeq() > state.present().exposedSeq()
                ? Optional.of(EndReason.PROTOCOL_MISUSE)
                : Optional.empty();
    }

    /** The session is attached from here on: it is told so and gets what waits; another one is told that it is replaced. */
    void start(DeviceState state, Attach attach, long acked) {
        session.ifPresent(old -> {
            context.unwatch(old.session());
            if (!old.belongsTo(attach.sessionId())) {
                old.session().tell(new Ended(EndReason.REPLACED));
            }
        });
        context.watchWith(attach.session(), new DeviceMessage.SessionLost(attach.sessionId()));
        context.cancelReceiveTimeout();
        timers.cancel(DeviceMessage.SessionOverdue.class);
        session = Optional.of(
                new HandOut(context.getSelf(), attach.sessionId(), attach.session(), acked, limits, sentAt));
        sentAt.keySet().removeIf(itemSeq -> itemSeq <= acked);
        var stream = state.present();
        attach.session().tell(new Attached(context.getSelf(), stream.streamId(), acked, stream.lastSeq()));
        handOut(state);
    }

    /** The app acknowledged on another way than this session. */
    void acknowledged(long upTo) {
        session.ifPresent(live -> live.acknowledged(upTo));
        sentAt.keySet().removeIf(itemSeq -> itemSeq <= upTo);
    }

    /** Ends the live session, whichever it is. */
    void end(EndReason reason) {
        session.ifPresent(live -> {
            live.session().tell(new Ended(reason));
            leave(live.sessionId());
        });
    }

    /** The session has ended by itself. */
    void leave(String sessionId) {
        of(sessionId).ifPresent(live -> {
            context.unwatch(live.session());
            session = Optional.empty();
            passivateWhenIdle();
        });
    }

    /** Waits for a session that was attached before this incarnation of the device. */
    void await() {
        timers.startSingleTimer(
                DeviceMessage.SessionOverdue.class, new DeviceMessage.SessionOverdue(), limits.sessionReturn());
    }

    /** Hands out what may go now. */
    void handOut(DeviceState state) {
        if (session.isEmpty() || state.stream().isEmpty()) {
            return;
        }
        var live = session.get();
        var waiting = live.handOut(state.present(), clock.instant());
        if (waiting == HandOut.Waiting.FOR_BODY) {
            read(live.missingBodies(state.present(), DeviceJournal.PAGE / 2));
        } else if (waiting == HandOut.Waiting.FOR_CONTENT) {
            reads.read(live.missingMessages(state.present()));
        } else if (waiting == HandOut.Waiting.FOR_EXPIRY) {
            context.getSelf().tell(new DeviceMessage.Expire());
        }
    }

    /** A push was journaled a moment ago: its body need not be read back. */
    void keepBodyOf(DeviceState state, DeviceCommand.AcceptPush push) {
        session.ifPresent(live -> {
            var accepted = state.answered().byKey().get(push.notificationId());
            if (accepted != null) {
                live.keep(accepted.eventSeq(), push.body());
            }
        });
    }

    /** News came with some of their messages: those need not be asked for. */
    void keepMessagesOf(ConversationNews news) {
        session.ifPresent(live -> news.notices().forEach(notice -> notice.messages()
                .forEach(message -> live.keep(
                        new MessageRef(news.conversationId(), message.messageSeq(), message.version()), message))));
    }

    /** Takes what a conversation answered: the first of the messages that were asked for. */
    void keep(List<MessageRef> asked, List<StoredMessage> messages) {
        session.ifPresent(live -> {
            for (int i = 0; i < messages.size() && i < asked.size(); i++) {
                live.keep(asked.get(i), messages.get(i));
            }
        });
    }

    /** Up to where the live session has everything; nothing at all without one. */
    long handedOut() {
        return session.map(HandOut::handedOut).orElse(Long.MAX_VALUE);
    }

    /** Whether the live session waits for this item's message. */
    boolean lacks(OpenItem item) {
        return session.isPresent() && item.content().filter(session.get()::has).isEmpty();
    }

    /** Takes what was read; what could not be read, or was not there, is read again in a while. */
    void onBodiesRead(DeviceState state, DeviceMessage.BodiesRead read) {
        readingBodies = false;
        if (read.failed() || read.bodies().isEmpty()) {
            context.getLog().warn("bodies of {} could not be read from the journal; trying again", context.getSelf());
            timers.startSingleTimer(DeviceMessage.ReadBodies.class, new DeviceMessage.ReadBodies(), READ_AGAIN);
        } else {
            session.ifPresent(live -> live.keep(read.bodies()));
            handOut(state);
        }
    }

    private void read(List<Long> eventSeqs) {
        if (!readingBodies && !eventSeqs.isEmpty()) {
            readingBodies = true;
            context.pipeToSelf(
                    journal.bodies(eventSeqs),
                    (bodies, failure) ->
                            new DeviceMessage.BodiesRead(bodies == null ? Map.of() : bodies, failure != null));
        }
    }

    /** It was woken for a push of an audience's: without a session it has nothing else to do, and there are many like it. */
    void passivateSoon(DeviceState state) {
        if (session.isEmpty() && state.attachment().isEmpty()) {
            context.setReceiveTimeout(WOKEN_FOR_AUDIENCE, new DeviceMessage.Idle());
        }
    }

    private void passivateWhenIdle() {
        context.setReceiveTimeout(limits.passivateAfter(), new DeviceMessage.Idle());
    }
}
