package io.lanying.actors.device;

import io.lanying.protocol.device.DeviceSnapshot.Remembered;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.notification.NotificationParts;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.MapPSet;

/**
 * What repeats of commands are recognised by. Forgets by the time of events, never by a clock, so that replay forgets alike. There
 * may be ten thousand in a device, so each is kept in one place only: what is too old goes in one sweep, at most once in
 * {@link #SWEEP_AFTER}, and is not found before.
 *
 * @param byKey every remembered command
 * @param oldest when the first of them was answered
 * @param subject of the newest, which most of them have in common
 * @param toMany the keys of those that are notifications to many that the device took, whose fates are told to their
 *     companions
 */
record AnsweredCommands(HashPMap<String, Remembered> byKey, Instant oldest, String subject, MapPSet<String> toMany) {

    /** How long an idempotency key is honoured (api.md §2). */
    static final Duration KEPT_FOR = Duration.ofDays(7);

    private static final Duration SWEEP_AFTER = Duration.ofHours(1);

    static final AnsweredCommands NONE =
            new AnsweredCommands(HashTreePMap.empty(), Instant.MAX, "", HashTreePSet.empty());

    /** The command with this key, if it was answered less than {@link #KEPT_FOR} ago. */
    Optional<Remembered> find(String key, Instant now) {
        return Optional.ofNullable(byKey.get(key)).filter(answered -> isKept(answered, now));
    }

    int size() {
        return byKey.size();
    }

    /** Remembers one more and forgets what is much older than {@link #KEPT_FOR} by then. */
    AnsweredCommands plus(Remembered answered) {
        boolean sweeps = oldest.isBefore(answered.at().minus(KEPT_FOR).minus(SWEEP_AFTER))
                || byKey.containsKey(answered.key()); // the first use of a key that is used again was forgotten by time
        var kept = sweeps ? sweep(answered.at()) : this;
        var one = answered.sharing(subject);
        return new AnsweredCommands(
                kept.byKey.plus(one.key(), one),
                one.at().isBefore(kept.oldest) ? one.at() : kept.oldest,
                one.subject(),
                isToMany(one) ? kept.toMany.plus(one.key()) : kept.toMany.minus(one.key()));
    }

    /** Notes a push's fate, if the push is still remembered. */
    AnsweredCommands withFate(String key, Fate fate) {
        Remembered answered = byKey.get(key);
        return answered == null ? this : with(answered.withFate(fate));
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
                : with(answered.withFate(fate));
    }

    private AnsweredCommands with(Remembered answered) {
        return new AnsweredCommands(byKey.plus(answered.key(), answered), oldest, subject, toMany);
    }

    /** Whether as many as {@code max} are remembered at this time. */
    boolean isFull(int max, Instant now) {
        return size() >= max
                && (oldest.isAfter(now.minus(KEPT_FOR)) || sweep(now).size() >= max);
    }

    /** Oldest first. */
    List<Remembered> toSnapshot() {
        return byKey.values().stream()
                .sorted(Comparator.comparingLong(Remembered::eventSeq))
                .toList();
    }

    static AnsweredCommands fromSnapshot(List<Remembered> remembered) {
        var all = NONE;
        for (Remembered answered : remembered) {
            all = all.plus(answered);
        }
        return all;
    }

    private static boolean isToMany(Remembered answered) {
        return NotificationParts.hasParts(answered.key()) && !answered.wasCalledOff();
    }

    private static boolean isKept(Remembered answered, Instant now) {
        return answered.at().isAfter(now.minus(KEPT_FOR));
    }

    private AnsweredCommands sweep(Instant now) {
        var keys = byKey;
        var many = toMany;
        var first = Instant.MAX;
        for (Remembered answered : byKey.values()) {
            if (!isKept(answered, now)) {
                keys = keys.minus(answered.key());
                many = many.minus(answered.key());
            } else if (answered.at().isBefore(first)) {
                first = answered.at();
            }
        }
        return new AnsweredCommands(keys, first, subject, many);
    }
}
