package io.lanying.actors.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Any message is found within a short run of events, whatever happens between messages, by an index that stays small. */
class MessageLogTest {

    @Property(tries = 200)
    void aMessageIsWithinTheRunThatTheIndexNames(
            @ForAll @Size(max = 400) List<@IntRange(min = 1, max = 150) Integer> gaps) {
        var log = MessageLog.NONE;
        var events = new ArrayList<Long>();
        long eventSeq = 1;
        for (int gap : gaps) {
            eventSeq += gap % 7 == 0 ? gap : 1;
            events.add(eventSeq);
            log = log.posted(events.size(), eventSeq);
        }
        for (int seq = 1; seq <= events.size(); seq++) {
            assertThat(events.get(seq - 1)).isBetween(log.runOf(seq), log.runOf(seq) + MessageLog.RUN - 1);
        }
        assertThat(log.index().size())
                .isLessThanOrEqualTo((int) (eventSeq / MessageLog.RUN + events.size() / 100 + 2) * 2);
        assertThat(MessageLog.fromSnapshot(log.lastSeq(), log.indexToSnapshot(), List.of()))
                .isEqualTo(log);
    }
}
