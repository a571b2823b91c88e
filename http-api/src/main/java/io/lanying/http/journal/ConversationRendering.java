package io.lanying.http.journal;

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
import io.lanying.protocol.conversation.ConversationName;
import io.lanying.protocol.conversation.ConversationSettings;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.NewMember;
import io.lanying.protocol.conversation.SealedContent;
import io.lanying.protocol.journal.JournalEvent;
import io.lanying.protocol.sealing.Sealed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns a conversation's events into what auditors see. Every kind of event has its renderer; a test demands it. */
final class ConversationRendering {

    /** @param id the conversation's, under which its name is sealed */
    private record Seen<E>(E event, String id, Opener opener) {

        Optional<Object> name(Optional<ConversationName> name) {
            return name.map(known -> opener.text(id, "name", known.sealed()));
        }

        Object content(SealedContent content) {
            return opener.json(content.origin(), "content", content.content());
        }

        String messageId(long messageSeq) {
            return MessageRef.messageId(id, messageSeq);
        }
    }

    @FunctionalInterface
    private interface Render<E> {
        Object of(Seen<E> seen);
    }

    private record Renderer(String type, Render<ConversationEvent> render) {}

    private static final Map<Class<?>, Renderer> RENDERERS = new HashMap<>();

    static {
        on(ConversationCreated.class, "conversationCreated", ConversationRendering::created);
        on(
                ConversationChanged.class,
                "conversationChanged",
                seen -> new ConversationEventJson.ConversationChanged(
                        seen.name(seen.event().name()),
                        settings(seen.event().settings()),
                        seen.event().archived(),
                        seen.event().by()));
        on(
                ConversationDeleted.class,
                "conversationDeleted",
                seen -> new ConversationEventJson.ConversationDeleted(
                        seen.event().by()));
        on(
                MembersAdded.class,
                "membersAdded",
                seen -> new ConversationEventJson.MembersAdded(
                        members(seen.event().members()), seen.event().by()));
        on(
                MemberRemoved.class,
                "memberRemoved",
                seen -> new ConversationEventJson.MemberRemoved(
                        seen.event().userId(),
                        seen.event().bannedUntil(),
                        seen.event().by()));
        on(
                RolesChanged.class,
                "rolesChanged",
                seen -> new ConversationEventJson.RolesChanged(
                        members(seen.event().members()), seen.event().by()));
        on(
                PushModeSet.class,
                "pushModeSet",
                seen -> new ConversationEventJson.PushModeSet(
                        seen.event().userId(),
                        seen.event().mode().wireName(),
                        seen.event().by()));
        on(
                PinSet.class,
                "pinSet",
                seen -> new ConversationEventJson.PinSet(
                        seen.event().userId(),
                        seen.event().pinned(),
                        seen.event().by()));
        on(MessagePosted.class, "messagePosted", ConversationRendering::posted);
        on(MessageEdited.class, "messageEdited", ConversationRendering::edited);
        on(
                MessageRecalled.class,
                "messageRecalled",
                seen -> new ConversationEventJson.MessageRecalled(
                        seen.messageId(seen.event().messageSeq()),
                        seen.event().messageSeq(),
                        seen.event().by()));
        on(
                NewsTold.class,
                "newsTold",
                seen -> new ConversationEventJson.NewsTold(
                        seen.event().upTo(), seen.event().missed()));
        on(
                NewsCaughtUp.class,
                "newsCaughtUp",
                seen -> new ConversationEventJson.NewsCaughtUp(seen.event().users()));
        on(
                NewsGivenUp.class,
                "newsGivenUp",
                seen -> new ConversationEventJson.NewsGivenUp(seen.event().userIds()));
    }

    private ConversationRendering() {}

    static EventJson.Item render(JournalEvent journaled, String id, Opener opener) {
        var renderer = RENDERERS.get(journaled.event().getClass());
        if (renderer == null || !(journaled.event() instanceof ConversationEvent event)) {
            throw new IllegalStateException(
                    "no conversation has events of " + journaled.event().getClass());
        }
        return new EventJson.Item(
                journaled.eventSeq(), event.at(), renderer.type, renderer.render.of(new Seen<>(event, id, opener)));
    }

    /** What of an event is to be opened. */
    static Optional<Sealed> sealedIn(ConversationEvent event) {
        if (event instanceof MessagePosted posted) {
            return Optional.of(posted.content().content());
        }
        if (event instanceof MessageEdited edited) {
            return Optional.of(edited.content().content());
        }
        Optional<ConversationName> name = event instanceof ConversationCreated created
                ? created.name()
                : event instanceof ConversationChanged changed ? changed.name() : Optional.empty();
        return name.map(ConversationName::sealed);
    }

    private static <E extends ConversationEvent> void on(Class<E> type, String name, Render<E> render) {
        RENDERERS.put(
                type,
                new Renderer(name, seen -> render.of(new Seen<>(type.cast(seen.event()), seen.id(), seen.opener()))));
    }

    private static Object created(Seen<ConversationCreated> seen) {
        var event = seen.event();
        return new ConversationEventJson.ConversationCreated(
                event.type().wireName(),
                seen.name(event.name()),
                settings(event.settings()),
                members(event.members()),
                event.requestKey());
    }

    private static Object posted(Seen<MessagePosted> seen) {
        var event = seen.event();
        return new ConversationEventJson.MessagePosted(
                seen.messageId(event.messageSeq()),
                event.messageSeq(),
                event.senderId(),
                event.clientMessageId(),
                event.type().wireName(),
                seen.content(event.content()),
                event.content().bytes(),
                event.mentions(),
                event.replyToSeq().map(seen::messageId),
                event.silent(),
                event.toldUpTo(),
                event.content().push().map(push -> seen.opener()
                        .json(event.content().origin(), "push", push)));
    }

    private static Object edited(Seen<MessageEdited> seen) {
        var event = seen.event();
        return new ConversationEventJson.MessageEdited(
                seen.messageId(event.messageSeq()),
                event.messageSeq(),
                event.version(),
                event.senderId(),
                seen.content(event.content()),
                event.content().bytes(),
                event.mentions());
    }

    private static List<ConversationEventJson.Member> members(List<NewMember> members) {
        return members.stream()
                .map(member -> new ConversationEventJson.Member(
                        member.userId(), member.role().wireName()))
                .toList();
    }

    static ConversationEventJson.Settings settings(ConversationSettings settings) {
        return new ConversationEventJson.Settings(
                settings.mayPost().wireName(),
                settings.mayInvite().wireName(),
                settings.mayChange().wireName(),
                settings.history().wireName(),
                settings.editSeconds(),
                settings.recallSeconds(),
                settings.preview(),
                settings.givesReceipts());
    }
}
