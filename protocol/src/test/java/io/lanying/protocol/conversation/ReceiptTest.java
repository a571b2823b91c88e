package io.lanying.protocol.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What two receipts say together does not depend on which came first, or how often. */
class ReceiptTest {

    private static final Receipt RECEIPT = new Receipt(4, 12, 11, 9, 7, 6, 3);

    @Test
    void ofOneMessageEveryNumberGrows() {
        assertThat(RECEIPT.and(new Receipt(4, 12, 10, 10, 7, 5, 4))).isEqualTo(new Receipt(4, 12, 11, 10, 7, 6, 4));
    }

    @Test
    void ofTwoMessagesTheNewerOneIsCounted() {
        assertThat(RECEIPT.and(new Receipt(4, 13, 10, 9, 8, 1, 0))).isEqualTo(new Receipt(4, 13, 11, 9, 8, 1, 0));
    }

    @Test
    void whatWasCountedAfterMembersChangedTakesThePlace() {
        var fewer = new Receipt(5, 12, 11, 9, 6, 5, 2);
        assertThat(RECEIPT.and(fewer)).isEqualTo(fewer);
        assertThat(fewer.and(RECEIPT)).isEqualTo(fewer);
    }

    @Test
    void theOrderDoesNotMatterAndNoTwoOnTheWayHaveTheSameId() {
        var random = new Random(7);
        for (int round = 0; round < 500; round++) {
            var all = new ArrayList<Receipt>();
            for (int i = 0; i < 6; i++) {
                long seq = 10 + random.nextInt(3);
                all.add(new Receipt(
                        random.nextInt(2),
                        seq,
                        random.nextInt((int) seq),
                        random.nextInt((int) seq),
                        5,
                        random.nextInt(6),
                        random.nextInt(6)));
            }
            var ids = new HashSet<String>();
            var known = all.get(0);
            ids.add(known.itemId("g1"));
            for (Receipt each : all) {
                var joined = known.and(each);
                assertThat(joined.equals(known) || ids.add(joined.itemId("g1"))).isTrue();
                known = joined;
            }
            assertThat(
                            List.of(all.get(5), all.get(2), all.get(0), all.get(4), all.get(1), all.get(3), all.get(2))
                                    .stream()
                                    .reduce(Receipt::and))
                    .contains(known);
        }
    }
}
