package io.lanying.load.check;

import io.lanying.load.history.History;
import io.lanying.load.history.HistoryEvent;

/**
 * Holds a history against the promises, by sets and sequences. Pure: the same history, the same verdict.
 *
 * <p>An unanswered send may or may not have happened: it need not arrive, and if it does, it must be in order, once, and at
 * its recipient like any other.
 */
public final class Checker {

    private Checker() {}

    /** The verdict on everything the history holds; what was not recorded cannot be judged. */
    public static Verdict check(History history) {
        Sends sends = Sends.of(history);
        Sockets sockets = Sockets.of(history);
        Violations violations = new Violations();
        VendorRequests vendors = VendorRequests.of(history, sends);
        NothingLost.check(history, sends, sockets, vendors, violations);
        InOrder.check(history, sockets, violations);
        OnlyOnce.check(sends, sockets, violations);
        NothingInvented.check(history, sends, sockets, violations);
        ByVendor.check(history, vendors, violations);
        ReplayIsState.check(history, violations);
        Counted.check(history, sends, violations);
        Talks talks = Talks.of(history);
        checkTalks(history, talks, sockets, violations);
        WithinLimits.check(history, sockets, violations);
        NoLeaks.check(history, violations);
        long delivered = history.all(HistoryEvent.Item.class).count();
        long commands = (long) sends.commands().size() + talks.messages().size();
        return new Verdict(violations.found(), commands, delivered, ByVendor.repeats(vendors));
    }

    private static void checkTalks(History history, Talks talks, Sockets sockets, Violations violations) {
        Told told = Told.of(history, sockets);
        BuzzedPhones phones = BuzzedPhones.of(history);
        TalkNotLost.check(history, talks, told, phones, violations);
        TalkInOrder.check(history, told, violations);
        TalkOnce.check(history, talks, told, violations);
        TalkNotInvented.check(history, talks, told, violations);
        TalkReceipts.check(history, talks, told, sockets, violations);
        phones.check(history, talks, violations);
    }
}
