package io.lanying.actors.conversation;

import io.lanying.protocol.conversation.ConversationSnapshot.ChangedMessage;
import io.lanying.protocol.conversation.ConversationSnapshot.CommandWord;
import java.util.List;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * Which messages nobody reads: those of type {@code command}, which are the app's own, and those recalled. Immutable; holds one entry
 * for each 64 messages in a row among which there is a command, and one for each other message that was recalled; counts in the
 * logarithm of those.
 *
 * @param recalled that are no commands
 */
record CommandLog(TreePMap<Long, CommandWord> words, TreePSet<Long> recalled) {

    static final CommandLog NONE = new CommandLog(TreePMap.empty(), TreePSet.empty());

    /** With the next one; numbers only grow. */
    CommandLog plus(long messageSeq) {
        long word = messageSeq / Long.SIZE;
        var known = words.get(word);
        long before = known == null ? upTo(messageSeq) : known.before();
        long bits = (known == null ? 0 : known.bits()) | 1L << (messageSeq % Long.SIZE);
        return new CommandLog(words.plus(word, new CommandWord(word, before, bits)), recalled);
    }

    /** With a message that was recalled, if it was no command. */
    CommandLog recalled(long messageSeq) {
        return contains(messageSeq) ? this : new CommandLog(words, recalled.plus(messageSeq));
    }

    /** How many nobody reads of those after one message up to another, which is the last that is known. */
    long between(long after, long last) {
        return upTo(last) - upTo(after) + recalled.tailSet(after, false).size();
    }

    boolean contains(long messageSeq) {
        var known = words.get(messageSeq / Long.SIZE);
        return known != null && (known.bits() & 1L << (messageSeq % Long.SIZE)) != 0;
    }

    /** How many commands there are with this number or a lower one. */
    long upTo(long messageSeq) {
        var last = words.floorEntry(messageSeq / Long.SIZE);
        if (last == null) {
            return 0;
        }
        var found = last.getValue();
        long bits = found.word() == messageSeq / Long.SIZE
                ? found.bits() & (-1L >>> (Long.SIZE - 1 - messageSeq % Long.SIZE))
                : found.bits();
        return found.before() + Long.bitCount(bits);
    }

    List<CommandWord> toSnapshot() {
        return List.copyOf(words.values());
    }

    /** @param changed what was edited or recalled */
    static CommandLog fromSnapshot(List<CommandWord> all, List<ChangedMessage> changed) {
        TreePMap<Long, CommandWord> words = TreePMap.empty();
        for (CommandWord each : all) {
            words = words.plus(each.word(), each);
        }
        var log = new CommandLog(words, TreePSet.empty());
        for (ChangedMessage each : changed) {
            log = each.recalledAt().isPresent() ? log.recalled(each.messageSeq()) : log;
        }
        return log;
    }
}
