package io.lanying.actors.device;

import io.lanying.protocol.device.DeviceSnapshot.Remembered;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.notification.NotificationParts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.MapPSet;
import org.pcollections.TreePMap;

/**
 * What repeats of commands are recognised by. Forgets by the time of events, never by a clock, so that replay forgets alike.
 *
 * @param byKey every remembered command
 * @param order their keys by the event that answered them, oldest first
 * @param toMany the keys of those that are notifications to many that the device took, whose fates are told to their
 *     companions
 */
record AnsweredCommands(HashPMap<String, Remembered> byKey, TreePMap<Long, String> order, MapPSet<String> toMany) {

    /** How long an idempotency key is honoured (api.md §2). */
    static final Duration KEPT_FOR = Duration.ofDays(7);

    static final AnsweredCommands NONE =
            new AnsweredCommands(HashTreePMap.empty(), TreePMap.empty(), HashTreePSet.empty());

    /** The command with this key, if it was answered less than {@link #KEPT_FOR} ago. */
    Optional<Remembered> find(String key, Instant now) {
        Remembered answered = byKey.get(key);
        return answered != null && answered.at().isAfter(now.minus(KEPT_FOR))
                ? Optional.of(answered)
                : Optional.empty();
    }

    int size() {
        return byKey.size();
    }

    /** Remembers one more and forgets what is older than {@link #KEPT_FOR} by then. */
    AnsweredCommands plus(Remembered answered) {
        var fresh = forgetUntil(answered.at().minus(KEPT_FOR));
        return new AnsweredCommands(
                fresh.byKey.plus(answered.key(), answered),
                fresh.order.plus(answered.eventSeq(), answered.key()),
                isToMany(answered) ? fresh.toMany.plus(answered.key()) : fresh.toMany);
    }

    /** Notes a push's fate, if the push is still remembered. */
    AnsweredCommands withFate(String key, Fate fate) {
        Remembered answered = byKey.get(key);
        return answered == null ? this : new AnsweredCommands(byKey.plus(key, answered.withFate(fate)), order, toMany);
    }

    /** Notes how the item that this event accepted has ended, unless more is known of it than that. */
    AnsweredCommands withEnd(String key, long eventSeq, Fate fate) {
        Remembered answered = byKey.get(key);
        return answered == null
                        || answered.eventSeq() != eventSeq
                        || !answered.fate()
                                .filter(before -> before.givesWayTo(fate))
                                .isPresent()
                ? this
                : new AnsweredCommands(byKey.plus(key, answered.withFate(fate)), order, toMany);
    }

    /** Whether as many as {@code max} are remembered at this time. */
    boolean isFull(int max, Instant now) {
        return size() >= max && forgetUntil(now.minus(KEPT_FOR)).size() >= max;
    }

    List<Remembered> toSnapshot() {
        var result = new ArrayList<Remembered>(byKey.size());
        for (String key : order.values()) {
            result.add(byKey.get(key));
        }
        return result;
    }

    static AnsweredCommands fromSnapshot(List<Remembered> remembered) {
        HashPMap<String, Remembered> byKey = HashTreePMap.empty();
        TreePMap<Long, String> order = TreePMap.empty();
        MapPSet<String> toMany = HashTreePSet.empty();
        for (Remembered answered : remembered) {
            byKey = byKey.plus(answered.key(), answered);
            order = order.plus(answered.eventSeq(), answered.key());
            toMany = isToMany(answered) ? toMany.plus(answered.key()) : toMany;
        }
        return new AnsweredCommands(byKey, order, toMany);
    }

    private static boolean isToMany(Remembered answered) {
        return NotificationParts.hasParts(answered.key()) && !answered.wasCalledOff();
    }

    private AnsweredCommands forgetUntil(Instant limit) {
        var keys = byKey;
        var rest = order;
        var many = toMany;
        while (!rest.isEmpty()) {
            String oldest = rest.firstEntry().getValue();
            Remembered answered = keys.get(oldest);
            if (answered != null && answered.at().isAfter(limit)) {
                break;
            }
            keys = keys.minus(oldest);
            many = many.minus(oldest);
            rest = rest.minusFirstEntry();
        }
        return rest.size() == order.size() ? this : new AnsweredCommands(keys, rest, many);
    }
}
