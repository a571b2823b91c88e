package io.lanying.actors.conversation;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.conversation.ConversationCommand.Typing;
import io.lanying.protocol.conversation.ConversationCommand.Watch;
import io.lanying.protocol.conversation.ConversationEvent;
import io.lanying.protocol.conversation.ConversationEvent.ConversationDeleted;
import io.lanying.protocol.conversation.ConversationEvent.MemberRemoved;
import io.lanying.protocol.conversation.ConversationLimits;
import io.lanying.protocol.session.SessionMessage;
import io.lanying.protocol.session.SessionMessage.NotWatching;
import io.lanying.protocol.session.SessionMessage.Present;
import io.lanying.protocol.session.SessionMessage.Typed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Members' sessions that look at the conversation at the moment, and what they are told of each other: who is there, who is
 * typing. In memory only, at most {@value ConversationLimits#MAX_WATCHERS}; what happens is gathered and told at most once a
 * {@link #PAUSE}. Sessions say again that they watch, so a new incarnation learns of them. Not thread-safe: belongs to its entity.
 */
final class Watchers {

    /** How an entity serves its watchers. */
    interface Host {

        /** Have {@link #gone} called when the session ends. */
        void follow(ActorRef<SessionMessage> session);

        void unfollow(ActorRef<SessionMessage> session);

        /** Have {@link #tell} called after a pause. */
        void tellLater();
    }

    /** @param told who is there, as its session was told last */
    private record Watcher(String userId, List<String> told) {}

    static final Duration PAUSE = Duration.ofMillis(500);

    private final String conversationId;
    private final Host host;
    private final Map<ActorRef<SessionMessage>, Watcher> sessions = new LinkedHashMap<>();
    private final Set<String> typing = new LinkedHashSet<>();
    private boolean waiting;

    Watchers(String conversationId, Host host) {
        this.conversationId = conversationId;
        this.host = host;
    }

    boolean isEmpty() {
        return sessions.isEmpty();
    }

    /** A session watches, or says so again. */
    void watch(ConversationState state, Watch watch) {
        var session = watch.session();
        boolean known = sessions.containsKey(session);
        if (!isMember(state, watch.userId()) || (!known && sessions.size() >= ConversationLimits.MAX_WATCHERS)) {
            session.tell(new NotWatching(conversationId));
            gone(session);
            return;
        }
        sessions.put(session, new Watcher(watch.userId(), List.of()));
        if (!known) {
            host.follow(session);
            later();
        }
        tellPresent(session, present());
    }

    private void tellPresent(ActorRef<SessionMessage> session, List<String> present) {
        session.tell(new Present(conversationId, present));
        sessions.computeIfPresent(session, (any, watcher) -> new Watcher(watcher.userId(), present));
    }

    /** A session watches no longer, or has ended. */
    void gone(ActorRef<SessionMessage> session) {
        if (sessions.remove(session) != null) {
            host.unfollow(session);
            later();
        }
    }

    /** Only who watches is heard typing. */
    void typing(Typing typed) {
        var watcher = sessions.get(typed.session());
        if (watcher != null && watcher.userId().equals(typed.userId())) {
            typing.add(typed.userId());
            later();
        }
    }

    /** Some may be members no longer. */
    void membersChanged(ConversationState state) {
        for (var watcher : List.copyOf(sessions.entrySet())) {
            if (!isMember(state, watcher.getValue().userId())) {
                watcher.getKey().tell(new NotWatching(conversationId));
                gone(watcher.getKey());
            }
        }
    }

    /** What was gathered, to everybody. */
    void tell() {
        waiting = false;
        var present = present();
        for (var each : List.copyOf(sessions.entrySet())) {
            if (!present.equals(each.getValue().told())) {
                tellPresent(each.getKey(), present);
            }
            var others = new ArrayList<>(typing);
            others.remove(each.getValue().userId());
            if (!others.isEmpty()) {
                each.getKey().tell(new Typed(conversationId, others));
            }
        }
        typing.clear();
    }

    /** Another incarnation: sessions will say again that they watch. */
    void reset() {
        sessions.keySet().forEach(host::unfollow);
        sessions.clear();
        typing.clear();
        waiting = false;
    }

    /** Whether somebody may be a member no longer. */
    static boolean concerns(ConversationEvent event) {
        return event instanceof MemberRemoved || event instanceof ConversationDeleted;
    }

    private void later() {
        if (!waiting) {
            waiting = true;
            host.tellLater();
        }
    }

    private List<String> present() {
        var userIds = new TreeSet<String>();
        sessions.values().forEach(watcher -> userIds.add(watcher.userId()));
        return List.copyOf(userIds);
    }

    private static boolean isMember(ConversationState state, String userId) {
        return state.head().isPresent() && state.roster().member(userId).isPresent();
    }
}
