package io.lanying.actors.conversation;

import io.lanying.protocol.conversation.ConversationSnapshot.CommandWord;
import java.util.List;
import org.pcollections.TreePMap;

/**
 * Which messages are of type {@code command}: the app's own, which nobody reads. Immutable; holds one entry for each 64 messages in
 * a row among which there is one, and counts in the logarithm of those.
 */
record CommandLog(TreePMap<Long, CommandWord> words) {

    static final CommandLog NONE = new CommandLog(TreePMap.empty());

    /** With the next one; numbers only grow. */
    CommandLog plus(long messageSeq) {
        long word = messageSeq / Long.SIZE;
        var known = words.get(word);
        long before = known == null ? upTo(messageSeq) : known.before();
        long bits = (known == null ? 0 : known.bits()) | 1L << (messageSeq % Long.SIZE);
        return new CommandLog(words.plus(word, new CommandWord(word, before, bits)));
    }

    boolean contains(long messageSeq) {
        var known = words.get(messageSeq / Long.SIZE);
        return known != null && (known.bits() & 1L << (messageSeq % Long.SIZE)) != 0;
    }

    /** How many there are with this number or a lower one. */
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

    static CommandLog fromSnapshot(List<CommandWord> all) {
        TreePMap<Long, CommandWord> words = TreePMap.empty();
        for (CommandWord each : all) {
            words = words.plus(each.word(), each);
        }
        return new CommandLog(words);
    }
}
