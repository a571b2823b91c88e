package io.lanying.http.session;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.TimerScheduler;
import io.lanying.http.auth.DevicePrincipal;
import io.lanying.http.session.SocketMetrics.Incident;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.conversation.ConversationCommand;
import io.lanying.protocol.session.SessionMessage;
import io.lanying.protocol.session.SessionMessage.NotWatching;
import io.lanying.protocol.session.SessionMessage.Present;
import io.lanying.protocol.session.SessionMessage.Typed;
import io.lanying.protocol.wire.ClientFrame;
import io.lanying.protocol.wire.FrameCodec;
import io.lanying.protocol.wire.ServerFrame;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an app looks at, and what it is told of it: events, which are neither numbered nor stored, and dropped when the app reads
 * slowly. The newest {@code watch} counts, and is taken at most once a {@link #PAUSE}; typing is heard only of what is watched,
 * once a {@link #TYPING_PAUSE}. Ends with its session. Not thread-safe: belongs to it.
 */
final class Watching {

    static final Duration PAUSE = Duration.ofSeconds(1);
    static final Duration TYPING_PAUSE = Duration.ofSeconds(2);

    /** How often a conversation is told again, for it may have moved and know nobody any more. */
    static final Duration RENEW = Duration.ofSeconds(30);

    private static final String TIMER = "watching";

    /** One conversation. */
    private static final class Watched {
        @Nullable
        List<String> told;

        long typedAt;

        Watched(long now) {
            this.typedAt = now - TYPING_PAUSE.toNanos();
        }
    }

    private final SessionNode node;
    private final TimerScheduler<SessionMessage> timers;
    private final ActorRef<SessionMessage> self;
    private final DevicePrincipal principal;
    private final Socket socket;
    private final FrameCodec codec;
    private final Map<String, Watched> watched = new LinkedHashMap<>();
    private @Nullable List<String> wish;
    private boolean mayBegin;
    private long takenAt = System.nanoTime() - PAUSE.toNanos();

    Watching(
            SessionNode node,
            TimerScheduler<SessionMessage> timers,
            ActorRef<SessionMessage> self,
            DevicePrincipal principal,
            Socket socket,
            FrameCodec codec) {
        this.node = node;
        this.timers = timers;
        this.self = self;
        this.principal = principal;
        this.socket = socket;
        this.codec = codec;
    }

    /** The device has taken the session for its owner's. */
    void begin() {
        mayBegin = true;
        due();
    }

    /** The app looks at these from here on, and at nothing else. */
    void watch(ClientFrame.Watch frame) {
        if (principal.userId().isEmpty()) {
            ignored();
            return;
        }
        wish = frame.conversationIds();
        if (mayBegin) {
            long left = PAUSE.toNanos() - (System.nanoTime() - takenAt);
            if (left <= 0) {
                due();
            } else {
                timers.startSingleTimer(TIMER, new SocketEvent.WatchDue(), Duration.ofNanos(left));
            }
        }
    }

    /** Time to take a wish, or to say again what is watched. */
    void due() {
        var taken = wish;
        if (taken == null) {
            watched.keySet().forEach(this::say);
        } else {
            wish = null;
            takenAt = System.nanoTime();
            take(taken);
        }
        if (!watched.isEmpty()) {
            timers.startSingleTimer(TIMER, new SocketEvent.WatchDue(), RENEW);
        }
    }

    private void take(List<String> ids) {
        var wanted = new LinkedHashSet<String>();
        for (String id : ids) {
            if (EntityId.isValid(id)) {
                wanted.add(id);
            } else {
                ignored();
            }
        }
        for (String id : List.copyOf(watched.keySet())) {
            if (!wanted.contains(id)) {
                watched.remove(id);
                tell(id, new ConversationCommand.Unwatch(self));
            }
        }
        for (String id : wanted) {
            if (watched.putIfAbsent(id, new Watched(System.nanoTime())) == null) {
                say(id);
            }
        }
    }

    private void say(String id) {
        tell(id, new ConversationCommand.Watch(principal.userId().orElseThrow(), self));
    }

    /** The person types. */
    void typing(ClientFrame.Typing frame) {
        var conversation = watched.get(frame.conversationId());
        long now = System.nanoTime();
        if (conversation == null) {
            ignored();
        } else if (now - conversation.typedAt < TYPING_PAUSE.toNanos()) {
            node.metrics().count(Incident.TYPING_DROPPED);
        } else {
            conversation.typedAt = now;
            tell(
                    frame.conversationId(),
                    new ConversationCommand.Typing(principal.userId().orElseThrow(), self));
        }
    }

    void present(Present present) {
        var conversation = watched.get(present.conversationId());
        if (conversation != null && !present.userIds().equals(conversation.told)) {
            boolean sent = send("presence", present.conversationId(), present.userIds());
            conversation.told = sent ? present.userIds() : null; // told again when it is watched again
        }
    }

    void typed(Typed typed) {
        if (watched.containsKey(typed.conversationId())) {
            send("typing", typed.conversationId(), typed.userIds());
        }
    }

    /** It may not be watched, or no longer, or too many watch it. */
    void notWatching(NotWatching not) {
        if (watched.remove(not.conversationId()) != null) {
            node.metrics().count(Incident.WATCH_REFUSED);
        }
    }

    /** The session ends. */
    void end() {
        watched.keySet().forEach(id -> tell(id, new ConversationCommand.Unwatch(self)));
        watched.clear();
    }

    private boolean send(String kind, String conversationId, List<String> userIds) {
        boolean sent = socket.sendUnlessBusy(
                codec.write(new ServerFrame.Event(kind, conversationId, userIds)), FrameType.EVENT);
        if (!sent) {
            node.metrics().count(Incident.EVENT_DROPPED);
        }
        return sent;
    }

    private void tell(String id, ConversationCommand command) {
        node.conversations().tell(new EntityId(principal.tenant(), id), command);
    }

    private void ignored() {
        node.metrics().count(Incident.FRAME_IGNORED);
    }
}
