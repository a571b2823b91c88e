package io.lanying.actors.conversation;

import io.lanying.actors.EventTime;
import io.lanying.protocol.conversation.ConversationEvent;
import io.lanying.protocol.conversation.ConversationEvent.ConversationChanged;
import io.lanying.protocol.conversation.ConversationEvent.ConversationCreated;
import io.lanying.protocol.conversation.ConversationEvent.ConversationDeleted;
import io.lanying.protocol.conversation.ConversationEvent.MemberRemoved;
import io.lanying.protocol.conversation.ConversationEvent.MembersAdded;
import io.lanying.protocol.conversation.ConversationEvent.MessageEdited;
import io.lanying.protocol.conversation.ConversationEvent.MessagePosted;
import io.lanying.protocol.conversation.ConversationEvent.MessageRecalled;
import io.lanying.protocol.conversation.ConversationEvent.NewsCaughtUp;
import io.lanying.protocol.conversation.ConversationEvent.NewsGivenUp;
import io.lanying.protocol.conversation.ConversationEvent.NewsTold;
import io.lanying.protocol.conversation.ConversationEvent.PinSet;
import io.lanying.protocol.conversation.ConversationEvent.PushModeSet;
import io.lanying.protocol.conversation.ConversationEvent.RolesChanged;
import io.lanying.protocol.conversation.ConversationReply.ConversationView;
import io.lanying.protocol.conversation.ConversationSnapshot;
import io.lanying.protocol.conversation.ConversationSnapshot.Creation;
import io.lanying.protocol.conversation.ConversationSnapshot.Head;
import io.lanying.protocol.conversation.MessageType;
import io.lanying.protocol.conversation.NewMember;
import io.lanying.protocol.conversation.PushMode;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * A conversation as the fold of its events: no clock, no random, no I/O, no contents. Its parts say what bounds them.
 *
 * @param head absent while there is no conversation
 * @param membersAt the last event that changed who is in it; 0: not known, as its snapshot is from before there were lists
 */
public record ConversationState(
        long eventSeq,
        Instant at,
        Optional<Head> head,
        Optional<Creation> creation,
        Roster roster,
        MessageLog log,
        RememberedPosts posts,
        NewsLedger news,
        CommandLog commands,
        long membersAt) {

    private static final Map<Class<?>, BiFunction<ConversationState, ConversationEvent, ConversationState>>
            TRANSITIONS = new HashMap<>();

    static {
        on(ConversationCreated.class, ConversationState::onCreated);
        on(ConversationChanged.class, ConversationState::onChanged);
        on(ConversationDeleted.class, (state, event) -> state.onDeleted());
        on(MembersAdded.class, (state, event) -> state.plusMembers(event.members()));
        on(MemberRemoved.class, ConversationState::onRemoved);
        on(RolesChanged.class, (state, event) -> state.with(state.roster.withRoles(event.members())));
        on(PushModeSet.class, ConversationState::onPushModeSet);
        on(PinSet.class, (state, event) -> state.with(state.roster.withPin(event.userId(), event.pinned())));
        on(MessagePosted.class, ConversationState::onPosted);
        on(MessageEdited.class, ConversationState::onEdited);
        on(MessageRecalled.class, (state, event) -> state.with(state.log.recalled(event.messageSeq(), event.at()))
                .with(state.commands.recalled(event.messageSeq()))
                .with(state.news.happened(state.eventSeq)));
        on(
                NewsTold.class,
                (state, event) -> state.with(state.news.told(event.upTo(), event.missed(), state.roster, event.at())));
        on(NewsCaughtUp.class, (state, event) -> state.with(state.news.caughtUp(event.users())));
        on(NewsGivenUp.class, (state, event) -> state.with(state.news.givenUp(event.userIds())));
    }

    /** Before the first event. */
    public static ConversationState initial() {
        return new ConversationState(
                0,
                Instant.EPOCH,
                Optional.empty(),
                Optional.empty(),
                Roster.NONE,
                MessageLog.NONE,
                RememberedPosts.NONE,
                NewsLedger.NONE,
                CommandLog.NONE,
                0);
    }

    private static <E extends ConversationEvent> void on(
            Class<E> type, BiFunction<ConversationState, E, ConversationState> transition) {
        TRANSITIONS.put(type, (state, event) -> transition.apply(state, type.cast(event)));
    }

    /** The state after one more event. */
    public ConversationState apply(ConversationEvent event) {
        var transition = TRANSITIONS.get(event.getClass());
        if (transition == null) {
            throw new IllegalStateException(
                    "no transition for " + event.getClass().getName());
        }
        var counted = new ConversationState(
                eventSeq + 1, event.at(), head, creation, roster, log, posts, news, commands, membersAt);
        return transition.apply(counted, event);
    }

    /** The state after several more events. */
    ConversationState applyAll(List<ConversationEvent> events) {
        var after = this;
        for (ConversationEvent event : events) {
            after = after.apply(event);
        }
        return after;
    }

    /** The time of an event that happens now. */
    Instant timeOf(Instant now) {
        return EventTime.next(at, now);
    }

    /** Whether a message of this number can be there. */
    boolean hasMessage(long messageSeq) {
        return messageSeq <= log.lastSeq()
                && head.filter(is -> messageSeq > is.startSeq()).isPresent();
    }

    Optional<ConversationView> view() {
        return head.map(is -> new ConversationView(
                is.type(),
                is.name(),
                is.settings(),
                is.archived(),
                roster.members().size(),
                log.lastSeq(),
                is.createdAt(),
                is.changedAt()));
    }

    private ConversationState onCreated(ConversationCreated event) {
        var created =
                new Head(event.type(), event.name(), event.settings(), false, event.at(), event.at(), log.lastSeq());
        var creator = new Creation(event.requestKey(), event.fingerprint(), event.at());
        return new ConversationState(
                        eventSeq,
                        at,
                        Optional.of(created),
                        Optional.of(creator),
                        Roster.NONE,
                        log,
                        posts,
                        news.ended(),
                        commands,
                        eventSeq)
                .plusMembers(event.members());
    }

    private ConversationState onChanged(ConversationChanged event) {
        return withHead(head.map(is -> new Head(
                is.type(),
                event.name(),
                event.settings(),
                event.archived(),
                is.createdAt(),
                event.at(),
                is.startSeq())));
    }

    private ConversationState onDeleted() {
        return withHead(Optional.empty()).with(Roster.NONE).with(news.ended()).membersChanged();
    }

    private ConversationState plusMembers(List<NewMember> added) {
        var ledger = news;
        for (NewMember each : added) {
            ledger = ledger.joined(each.userId(), eventSeq, log.lastSeq());
        }
        return with(roster.added(added, at, eventSeq, log.lastSeq()))
                .with(ledger)
                .membersChanged();
    }

    private ConversationState onRemoved(MemberRemoved event) {
        var ledger = roster.member(event.userId())
                .map(member -> news.left(member, eventSeq, event.at()))
                .orElse(news);
        var after = with(roster.removed(event.userId(), event.bannedUntil(), event.at()))
                .with(ledger);
        return roster.member(event.userId()).isPresent() ? after.membersChanged() : after;
    }

    /** Whether a member's icon counts the conversation is news to the member. */
    private ConversationState onPushModeSet(PushModeSet event) {
        boolean counted = roster.member(event.userId())
                .filter(member -> (member.push() == PushMode.NONE) != (event.mode() == PushMode.NONE))
                .isPresent();
        return with(roster.withPush(event.userId(), event.mode())).with(counted ? news.happened(eventSeq) : news);
    }

    private ConversationState onPosted(MessagePosted event) {
        return new ConversationState(
                eventSeq,
                at,
                head,
                creation,
                roster.posted(event.senderId(), event.messageSeq(), event.type() != MessageType.COMMAND),
                log.posted(event.messageSeq(), eventSeq),
                posts.plus(
                        event.senderId(), event.clientMessageId(), event.fingerprint(), event.messageSeq(), event.at()),
                news.told(event.toldUpTo(), List.of(), roster, event.at()).happened(eventSeq),
                event.type() == MessageType.COMMAND ? commands.plus(event.messageSeq()) : commands,
                membersAt);
    }

    private ConversationState onEdited(MessageEdited event) {
        return with(log.edited(event.messageSeq(), eventSeq, event.fingerprint(), event.at()))
                .with(news.happened(eventSeq));
    }

    private ConversationState withHead(Optional<Head> changed) {
        return new ConversationState(eventSeq, at, changed, creation, roster, log, posts, news, commands, membersAt);
    }

    private ConversationState membersChanged() {
        return new ConversationState(eventSeq, at, head, creation, roster, log, posts, news, commands, eventSeq);
    }

    private ConversationState with(Roster changed) {
        return new ConversationState(eventSeq, at, head, creation, changed, log, posts, news, commands, membersAt);
    }

    private ConversationState with(MessageLog changed) {
        return new ConversationState(eventSeq, at, head, creation, roster, changed, posts, news, commands, membersAt);
    }

    private ConversationState with(NewsLedger changed) {
        return new ConversationState(eventSeq, at, head, creation, roster, log, posts, changed, commands, membersAt);
    }

    private ConversationState with(CommandLog changed) {
        return new ConversationState(eventSeq, at, head, creation, roster, log, posts, news, changed, membersAt);
    }

    /** As snapshots and audit have it. */
    public ConversationSnapshot toSnapshot() {
        return new ConversationSnapshot(
                eventSeq,
                at,
                head,
                creation,
                log.lastSeq(),
                List.copyOf(roster.members().values()),
                roster.bansToSnapshot(),
                log.indexToSnapshot(),
                List.copyOf(log.changed().values()),
                List.copyOf(posts.toSnapshot()),
                news.toSnapshot(),
                commands.toSnapshot(),
                Optional.of(membersAt).filter(event -> event > 0));
    }

    /** The state that the snapshot is of. */
    public static ConversationState fromSnapshot(ConversationSnapshot snapshot) {
        return new ConversationState(
                snapshot.eventSeq(),
                snapshot.at(),
                snapshot.head(),
                snapshot.creation(),
                Roster.fromSnapshot(snapshot.members(), snapshot.bans()),
                MessageLog.fromSnapshot(snapshot.lastMessageSeq(), snapshot.index(), snapshot.changed()),
                RememberedPosts.fromSnapshot(snapshot.remembered()),
                NewsLedger.fromSnapshot(snapshot.news()),
                CommandLog.fromSnapshot(snapshot.commands(), snapshot.changed()),
                snapshot.membersAt().orElse(0L));
    }
}
