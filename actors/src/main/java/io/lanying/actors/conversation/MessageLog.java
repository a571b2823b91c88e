package io.lanying.actors.conversation;

import io.lanying.protocol.conversation.ConversationSnapshot.ChangedMessage;
import io.lanying.protocol.conversation.ConversationSnapshot.Indexed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pcollections.TreePMap;

/**
 * Where messages are in the journal: no contents. Immutable. Holds one entry for a hundred messages, and one for each message
 * that was edited or recalled.
 *
 * @param index the event of some messages, by number: any message is at most {@link #RUN} events after the one before it
 */
record MessageLog(long lastSeq, TreePMap<Long, Long> index, TreePMap<Long, ChangedMessage> changed) {

    /** The most events that must be read to find a message. */
    static final int RUN = 200;

    static final MessageLog NONE = new MessageLog(0, TreePMap.empty(), TreePMap.empty());

    private static final int MESSAGES_PER_ENTRY = 100;

    /** The next message is this event's. */
    MessageLog posted(long messageSeq, long eventSeq) {
        if (messageSeq != lastSeq + 1) {
            throw new IllegalStateException("message " + messageSeq + " after " + lastSeq);
        }
        var last = index.isEmpty() ? null : index.lastEntry();
        boolean near =
                last != null && messageSeq - last.getKey() < MESSAGES_PER_ENTRY && eventSeq - last.getValue() < RUN;
        return new MessageLog(messageSeq, near ? index : index.plus(messageSeq, eventSeq), changed);
    }

    MessageLog edited(long messageSeq, long eventSeq, String fingerprint, Instant at) {
        var before = change(messageSeq);
        var edits = new ArrayList<>(before.edits());
        edits.add(eventSeq);
        return withChanged(
                new ChangedMessage(messageSeq, edits, Optional.of(fingerprint), Optional.of(at), before.recalledAt()));
    }

    MessageLog recalled(long messageSeq, Instant at) {
        var before = change(messageSeq);
        return withChanged(new ChangedMessage(
                messageSeq, before.edits(), before.fingerprint(), before.editedAt(), Optional.of(at)));
    }

    /** What became of a message after it was posted. */
    ChangedMessage change(long messageSeq) {
        var known = changed.get(messageSeq);
        return known == null
                ? new ChangedMessage(messageSeq, List.of(), Optional.empty(), Optional.empty(), Optional.empty())
                : known;
    }

    boolean isChanged(long messageSeq) {
        return changed.containsKey(messageSeq);
    }

    /** The version of a message's content that counts now. */
    int versionOf(long messageSeq) {
        return change(messageSeq).edits().size() + 1;
    }

    /** The first event of the run in which a posted message is. */
    long runOf(long messageSeq) {
        var entry = index.floorEntry(messageSeq);
        if (entry == null) {
            throw new IllegalStateException("message " + messageSeq + " is nowhere");
        }
        return entry.getValue();
    }

    List<Indexed> indexToSnapshot() {
        return index.entrySet().stream()
                .map(entry -> new Indexed(entry.getKey(), entry.getValue()))
                .toList();
    }

    static MessageLog fromSnapshot(long lastSeq, List<Indexed> indexed, List<ChangedMessage> changes) {
        TreePMap<Long, Long> index = TreePMap.empty();
        for (Indexed each : indexed) {
            index = index.plus(each.messageSeq(), each.eventSeq());
        }
        TreePMap<Long, ChangedMessage> changed = TreePMap.empty();
        for (ChangedMessage each : changes) {
            changed = changed.plus(each.messageSeq(), each);
        }
        return new MessageLog(lastSeq, index, changed);
    }

    private MessageLog withChanged(ChangedMessage change) {
        return new MessageLog(lastSeq, index, changed.plus(change.messageSeq(), change));
    }
}
