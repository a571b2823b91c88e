package io.lanying.load.check;

import io.lanying.load.history.History;
import io.lanying.load.history.TalkEvent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * I4 of receipts: only who wrote a message hears how far it came, and no more than can be true by then. Who has a message was told of
 * it, or of a later one, or has written since; who has read it has written since, as nobody here says what was read. That a receipt
 * comes is not judged: what a node had gathered when it was killed is said again with the next message only.
 */
final class TalkReceipts {

    private final Talks talks;
    private final Told told;
    private final Violations violations;

    /** What never got a number may have any. */
    private final Map<Talks.Message, Long> numbers = new HashMap<>();

    private TalkReceipts(Talks talks, Told told, Violations violations) {
        this.talks = talks;
        talks.numbered().forEach((number, message) -> numbers.put(message, number.messageSeq()));
        this.told = told;
        this.violations = violations;
    }

    static void check(History history, Talks talks, Told told, Sockets sockets, Violations violations) {
        TalkReceipts check = new TalkReceipts(talks, told, violations);
        for (int place = 0; place < history.events().size(); place++) {
            if (history.events().get(place) instanceof TalkEvent.Receipt receipt) {
                String owner = sockets.of(receipt.at(), receipt.epoch()).hello().owner();
                check.judge(receipt, owner, place);
            }
        }
    }

    private void judge(TalkEvent.Receipt receipt, String owner, int place) {
        Talks.Numbered number = Talks.number(receipt.at().tenant(), receipt.conversation(), receipt.messageSeq());
        boolean own = talks.at(number)
                .filter(message -> message.sender().equals(owner))
                .isPresent();
        if (!own) {
            invented(receipt, "a receipt of %s, which %s did not write".formatted(number, owner));
        }
        Set<String> wrote = writers(number, owner, place);
        Set<String> have = new HashSet<>(wrote);
        told.byDevice().values().forEach(tellings -> tellings.stream()
                .filter(telling -> telling.place() < place && telling.is("message"))
                .filter(telling -> telling.number().in().equals(number.in())
                        && telling.said().messageSeq() >= number.messageSeq())
                .forEach(telling -> have.add(telling.owner())));
        have.remove(owner);
        if (receipt.delivered() > have.size()) {
            invented(receipt, "that %d have %s, which are at most %s".formatted(receipt.delivered(), number, have));
        }
        if (receipt.read() > wrote.size()) {
            invented(receipt, "that %d have read %s, which are at most %s".formatted(receipt.read(), number, wrote));
        }
        boolean ordered = receipt.read() <= receipt.delivered()
                && receipt.delivered() <= receipt.members()
                && receipt.readSeq() <= receipt.deliveredSeq()
                && receipt.deliveredSeq() <= receipt.messageSeq();
        if (!ordered) {
            invented(receipt, "what cannot be: " + receipt);
        }
    }

    /** Who may have written after that message. */
    private Set<String> writers(Talks.Numbered number, String owner, int place) {
        Set<String> wrote = new HashSet<>();
        for (Talks.Message message : talks.messages()) {
            boolean later = numbers.getOrDefault(message, Long.MAX_VALUE) > number.messageSeq();
            if (message.in().equals(number.in())
                    && message.possible()
                    && message.span().from() < place
                    && later) {
                wrote.add(message.sender());
            }
        }
        wrote.remove(owner);
        return wrote;
    }

    private void invented(TalkEvent.Receipt receipt, String what) {
        violations.add(
                Invariant.I4,
                "%s socket %d, item %d got %s".formatted(receipt.at(), receipt.epoch(), receipt.itemSeq(), what));
    }
}
