package io.lanying.actors.conversation;

import io.lanying.protocol.conversation.ConversationEvent;
import io.lanying.protocol.conversation.ConversationEvent.MessageEdited;
import io.lanying.protocol.conversation.ConversationEvent.MessagePosted;
import io.lanying.protocol.conversation.ConversationEvent.MessageRecalled;
import io.lanying.protocol.conversation.ConversationEvent.PushModeSet;
import io.lanying.protocol.journal.JournalEvent;
import java.util.List;
import java.util.Optional;
import org.pcollections.TreePMap;

/**
 * The last messages, edits and recalls as their events: what is posted is told and read again a moment later, without a look
 * into the journal. Immutable, so that others may read while the entity goes on; at most {@link #MAX_EVENTS} events and
 * {@link #MAX_BYTES} of contents.
 *
 * @param since of the events from this one on all are here
 * @param posted where messages are, by number
 */
record Recent(long since, TreePMap<Long, ConversationEvent> events, TreePMap<Long, Long> posted, long bytes) {

    static final int MAX_EVENTS = 64;
    static final long MAX_BYTES = 256 * 1024;

    /** Nothing is known of the events up to this one. */
    static Recent after(long eventSeq) {
        return new Recent(eventSeq + 1, TreePMap.empty(), TreePMap.empty(), 0);
    }

    /** With the next event; what members are not told of is left out. */
    Recent plus(long eventSeq, ConversationEvent event) {
        if (!isNews(event)) {
            return this;
        }
        var places = event instanceof MessagePosted message ? posted.plus(message.messageSeq(), eventSeq) : posted;
        var next = new Recent(since, events.plus(eventSeq, event), places, bytes + bytesOf(event));
        while (next.events.size() > 1 && (next.events.size() > MAX_EVENTS || next.bytes > MAX_BYTES)) {
            next = next.withoutFirst();
        }
        return next;
    }

    /** What happened after one event up to another, in order; empty if that is longer ago than is known here. */
    Optional<List<JournalEvent>> between(long after, long upTo) {
        if (after + 1 < since) {
            return Optional.empty();
        }
        return Optional.of(events.subMap(after, false, upTo, true).entrySet().stream()
                .map(each -> new JournalEvent(each.getKey(), each.getValue()))
                .toList());
    }

    Optional<MessagePosted> message(long messageSeq) {
        var place = posted.get(messageSeq);
        return place == null
                ? Optional.empty()
                : Optional.ofNullable(events.get(place)).map(MessagePosted.class::cast);
    }

    Optional<MessageEdited> edit(long eventSeq) {
        return Optional.ofNullable(events.get(eventSeq))
                .filter(MessageEdited.class::isInstance)
                .map(MessageEdited.class::cast);
    }

    static boolean isNews(ConversationEvent event) {
        return event instanceof MessagePosted
                || event instanceof MessageEdited
                || event instanceof MessageRecalled
                || event instanceof PushModeSet;
    }

    private Recent withoutFirst() {
        var first = events.firstEntry();
        var places = first.getValue() instanceof MessagePosted message ? posted.minus(message.messageSeq()) : posted;
        return new Recent(first.getKey() + 1, events.minus(first.getKey()), places, bytes - bytesOf(first.getValue()));
    }

    private static int bytesOf(ConversationEvent event) {
        if (event instanceof MessagePosted message) {
            return message.content().content().box().length;
        }
        return event instanceof MessageEdited edit ? edit.content().content().box().length : 0;
    }
}
