package io.lanying.actors.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.protocol.conversation.Counts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Counts come late, twice and out of order, each with what its sayer knew: together they never say less than is unread. */
class CountsTest {

    /** One conversation: which messages count, and up to where its member had read after each step. */
    private static final class Truth {
        private final List<Boolean> counting = new ArrayList<>();
        private long readSeq;

        long unread(long readUpTo, long asOf) {
            long count = 0;
            for (long seq = readUpTo + 1; seq <= asOf; seq++) {
                count += counting.get((int) seq - 1) ? 1 : 0;
            }
            return count;
        }

        long last() {
            return counting.size();
        }
    }

    @Property(tries = 500)
    void togetherTheyAreRightOnceTheNewestHasCome(
            @ForAll @Size(min = 1, max = 40) List<@IntRange(min = 0, max = 9) Integer> steps, @ForAll long seed) {
        var dice = new Random(seed);
        var truth = new Truth();
        var said = new ArrayList<Counts>();
        for (int step : steps) {
            long knownRead = dice.nextBoolean() ? truth.readSeq : dice.nextLong(truth.readSeq + 1);
            if (step < 6) {
                truth.counting.add(step != 5);
                said.add(new Counts(truth.unread(knownRead, truth.last()), truth.last(), false));
            } else {
                truth.readSeq = Math.max(truth.readSeq, dice.nextLong(truth.last() + 1));
                long asOf = Math.max(truth.readSeq, dice.nextLong(truth.last() + 1));
                said.add(new Counts(truth.unread(truth.readSeq, asOf), asOf, false));
            }
        }
        var newest = new Counts(truth.unread(truth.readSeq, truth.last()), truth.last(), false);
        said.addAll(List.copyOf(said));
        Collections.shuffle(said, dice);
        var merged = said.get(0);
        for (Counts each : said) {
            merged = merged.and(each);
            assertThat(merged.unread()).isGreaterThanOrEqualTo(truth.unread(truth.readSeq, merged.asOfSeq()));
        }
        assertThat(merged.and(newest)).isEqualTo(newest);
        assertThat(newest.and(merged)).isEqualTo(newest);
    }
}
