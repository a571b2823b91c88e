package io.lanying.load.check;

import io.lanying.load.history.History;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.TalkEvent;
import io.lanying.load.history.Target;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * I2 of messages: numbers of a conversation have no gap; a device hears of them for the first time in their order, of what
 * happened to one after it, and of none after its recall.
 */
final class TalkInOrder {

    private TalkInOrder() {}

    static void check(History history, Told told, Violations violations) {
        Map<Talks.Conversation, NavigableSet<Long>> numbers = new HashMap<>();
        history.all(TalkEvent.MessageRead.class).forEach(read -> numbers.computeIfAbsent(
                        new Talks.Conversation(read.tenant(), read.conversation()), in -> new TreeSet<>())
                .add(read.messageSeq()));
        numbers.forEach((in, found) -> {
            if (found.last() != found.size() || found.first() != 1) {
                violations.add(Invariant.I2, "%s has the numbers %s".formatted(in, found));
            }
        });
        told.byDevice().forEach((device, tellings) -> walk(tellings, violations));
        checkGone(history, told, violations);
    }

    private static void walk(List<Told.Telling> tellings, Violations violations) {
        Map<Talks.Conversation, Long> last = new HashMap<>();
        Set<Talks.Numbered> known = new HashSet<>();
        Set<Talks.Numbered> recalled = new HashSet<>();
        for (Told.Telling telling : tellings) {
            Talks.Numbered number = telling.number();
            if (telling.is("message")) {
                if (known.add(number)) {
                    long before = last.getOrDefault(number.in(), 0L);
                    if (number.messageSeq() < before) {
                        violations.add(Invariant.I2, "%s: %s came after %d".formatted(telling, number, before));
                    }
                    last.merge(number.in(), number.messageSeq(), Math::max);
                }
                if (recalled.contains(number)) {
                    violations.add(Invariant.I2, "%s: %s came after its recall".formatted(telling, number));
                }
            } else if (telling.is("edit") && !known.contains(number)) {
                violations.add(Invariant.I2, "%s: an edit of %s came before it".formatted(telling, number));
            } else if (telling.is("recall")) {
                recalled.add(number);
            }
        }
    }

    /** A message that came once comes under another number only if its first one was said to be gone. */
    private static void checkGone(History history, Told told, Violations violations) {
        Map<Target, NavigableMap<Long, Long>> gone = new HashMap<>();
        history.all(HistoryEvent.Gone.class).forEach(each -> gone.computeIfAbsent(each.at(), at -> new TreeMap<>())
                .put(each.fromSeq(), each.toSeq()));
        told.byDevice().forEach((device, tellings) -> {
            Map<List<Object>, Long> itemSeqs = new HashMap<>();
            for (Told.Telling telling : tellings) {
                TalkEvent.Said said = telling.said();
                Long before = itemSeqs.put(
                        List.of(telling.streamId(), telling.number(), said.kind(), said.content()), said.itemSeq());
                boolean again = before != null && before != said.itemSeq();
                if (again && !covers(gone.getOrDefault(device, new TreeMap<>()), before)) {
                    violations.add(
                            Invariant.I3,
                            "%s: the %s of %s had been item %d"
                                    .formatted(telling, said.kind(), telling.number(), before));
                }
            }
        });
    }

    private static boolean covers(NavigableMap<Long, Long> ranges, long number) {
        Map.Entry<Long, Long> range = ranges.floorEntry(number);
        return range != null && range.getValue() >= number;
    }
}
