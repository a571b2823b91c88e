package io.lanying.load.check;

import io.lanying.load.history.History;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * I6: an event never changes, a state as of one number is the same whenever and however it is asked for, it is what the
 * events up to that number make, and the living device is what its whole journal makes.
 */
final class ReplayIsState {

    private record Numbered(Target at, long eventSeq) {}

    private ReplayIsState() {}

    static void check(History history, Violations violations) {
        Map<Target, NavigableMap<Long, HistoryEvent.JournalRead>> journals = new LinkedHashMap<>();
        history.all(HistoryEvent.JournalRead.class).forEach(read -> {
            HistoryEvent.JournalRead before =
                    journals.computeIfAbsent(read.at(), at -> new TreeMap<>()).putIfAbsent(read.eventSeq(), read);
            if (before != null
                    && !(before.type().equals(read.type()) && before.event().equals(read.event()))) {
                violations.add(Invariant.I6, "event %d of %s changed".formatted(read.eventSeq(), read.at()));
            }
        });
        checkSameStates(history, violations);
        Map<Target, List<HistoryEvent>> reads = new HashMap<>();
        history.all(HistoryEvent.StateRead.class).forEach(read -> put(reads, read.at(), read));
        history.all(HistoryEvent.LiveRead.class).forEach(read -> put(reads, read.at(), read));
        journals.forEach((at, journal) -> checkFold(at, journal, reads.getOrDefault(at, List.of()), violations));
    }

    private static void put(Map<Target, List<HistoryEvent>> reads, Target at, HistoryEvent read) {
        reads.computeIfAbsent(at, key -> new ArrayList<>()).add(read);
    }

    private static void checkSameStates(History history, Violations violations) {
        Map<Numbered, HistoryEvent.StateRead> states = new HashMap<>();
        history.all(HistoryEvent.StateRead.class).forEach(read -> {
            HistoryEvent.StateRead before = states.putIfAbsent(new Numbered(read.at(), read.eventSeq()), read);
            if (before != null && !before.state().equals(read.state())) {
                violations.add(
                        Invariant.I6,
                        "%s at event %d: '%s' and '%s' differ: %s, %s"
                                .formatted(
                                        read.at(),
                                        read.eventSeq(),
                                        before.source(),
                                        read.source(),
                                        before.state(),
                                        read.state()));
            }
        });
    }

    private static void checkFold(
            Target at,
            NavigableMap<Long, HistoryEvent.JournalRead> journal,
            List<HistoryEvent> reads,
            Violations violations) {
        DeviceFold fold = new DeviceFold();
        Map<Long, Map<String, Object>> streams = new HashMap<>();
        Map<Long, Map<String, Object>> lives = new HashMap<>();
        long expected = 1;
        for (HistoryEvent.JournalRead read : journal.values()) {
            if (read.eventSeq() != expected) {
                violations.add(Invariant.I6, "the journal of %s lacks event %d".formatted(at, expected));
                return;
            }
            expected++;
            fold.apply(read.type(), read.event());
            streams.put(read.eventSeq(), fold.stream());
            lives.put(read.eventSeq(), fold.live());
        }
        for (HistoryEvent read : reads) {
            if (read instanceof HistoryEvent.StateRead state) {
                compare(state, streams.get(state.eventSeq()), violations);
            } else if (read instanceof HistoryEvent.LiveRead live) {
                compare(live, lives.get(live.eventSeq()), violations);
            }
        }
    }

    private static void compare(
            HistoryEvent.StateRead read, @Nullable Map<String, Object> folded, Violations violations) {
        Map<String, Object> told = DeviceFold.streamOf(read.state());
        if (!told.equals(folded)) {
            violations.add(
                    Invariant.I6,
                    "%s, '%s' at event %d: the state is %s, its events make %s"
                            .formatted(read.at(), read.source(), read.eventSeq(), told, folded));
        }
    }

    private static void compare(
            HistoryEvent.LiveRead read, @Nullable Map<String, Object> folded, Violations violations) {
        Map<String, Object> told = DeviceFold.live(read.streamId(), read.ackedSeq(), read.lastSeq(), read.openItems());
        if (!told.equals(folded)) {
            violations.add(
                    Invariant.I6,
                    "%s after event %d is %s, its events make %s".formatted(read.at(), read.eventSeq(), told, folded));
        }
    }
}
