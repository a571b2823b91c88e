package io.lanying.load.check;

import io.lanying.load.check.Memberships.Span;
import io.lanying.load.check.Memberships.Was;
import io.lanying.load.history.History;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.TalkEvent;
import io.lanying.load.history.Target;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * I1 of messages: every device of everybody who was a member heard of each accepted message, edit and recall, or a vendor had
 * it for a device that never came; and the conversation's history has it.
 */
final class TalkNotLost {

    private record Heard(Target at, Talks.Numbered number, String kind, String content) {}

    private record OnDevice(Target at, String messageId) {}

    private final Talks talks;
    private final Violations violations;
    private final BuzzedPhones vendors;
    private final Map<Target, String> owners = new LinkedHashMap<>();
    private final Map<Target, Integer> boundAt = new HashMap<>();
    private final Set<Target> drained = new HashSet<>();
    private final Set<Heard> heard = new HashSet<>();
    private final Map<OnDevice, String> fates = new HashMap<>();
    private final Map<Talks.Numbered, TalkEvent.MessageRead> reads = new LinkedHashMap<>();
    private final Set<Talks.Conversation> read = new HashSet<>();

    private TalkNotLost(History history, Talks talks, Told told, BuzzedPhones vendors, Violations violations) {
        this.talks = talks;
        this.vendors = vendors;
        this.violations = violations;
        for (int place = 0; place < history.events().size(); place++) {
            if (history.events().get(place) instanceof HistoryEvent.Bound bound) {
                owners.put(bound.at(), bound.owner());
                boundAt.put(
                        bound.at(), place); // a device that changes hands is asked for no more than its last owner's
            }
        }
        history.all(HistoryEvent.Drained.class).forEach(drain -> drained.add(drain.at()));
        history.all(HistoryEvent.FateRead.class)
                .forEach(each -> fates.put(new OnDevice(each.at(), each.notificationId()), each.fate()));
        history.all(TalkEvent.MessageRead.class).forEach(each -> {
            Talks.Numbered number = Talks.number(each.tenant(), each.conversation(), each.messageSeq());
            reads.put(number, each);
            read.add(number.in());
        });
        told.byDevice()
                .forEach((at, tellings) -> tellings.forEach(telling -> {
                    heard.add(new Heard(at, telling.number(), telling.said().kind(), ""));
                    heard.add(new Heard(
                            at,
                            telling.number(),
                            telling.said().kind(),
                            telling.said().content()));
                }));
    }

    static void check(History history, Talks talks, Told told, BuzzedPhones vendors, Violations violations) {
        TalkNotLost check = new TalkNotLost(history, talks, told, vendors, violations);
        talks.numbered().forEach((number, message) -> {
            check.judge(number, message);
            check.judgeHistory(number);
        });
    }

    private void judge(Talks.Numbered number, Talks.Message message) {
        owners.forEach((device, owner) -> {
            boolean there = device.tenant().equals(number.in().tenant())
                    && boundAt.getOrDefault(device, 0) < message.span().from();
            if (there && isMember(number, owner, message.span())) {
                if (drained.contains(device)) {
                    judgeDrained(device, owner, number, message);
                } else {
                    judgeAway(device, owner, number, message);
                }
            }
        });
    }

    private boolean isMember(Talks.Numbered number, String user, Span when) {
        return talks.memberships().was(number.in(), user, when) == Was.MEMBER;
    }

    private void judgeDrained(Target device, String owner, Talks.Numbered number, Talks.Message message) {
        List<Talks.Change> recalls = talks.recalls(number);
        boolean knows = heard.contains(new Heard(device, number, "message", ""));
        if (!knows && recalls.isEmpty()) {
            lost("%s never heard of %s, %s", device, number, message);
        }
        for (Talks.Change edit : talks.edits(number)) {
            boolean due = edit.done()
                    && recalls.isEmpty()
                    && isMember(number, owner, message.span().until(edit.span()));
            if (due && !heard.contains(new Heard(device, number, "edit", edit.content()))) {
                lost("%s never heard of the edit '%s' of %s", device, edit.content(), number);
            }
        }
        boolean due = recalls.stream()
                .anyMatch(recall ->
                        recall.done() && isMember(number, owner, message.span().until(recall.span())));
        if (due && knows && !heard.contains(new Heard(device, number, "recall", ""))) {
            lost("%s still shows %s, which was recalled: %s", device, number, message);
        }
    }

    /**
     * A device that never came back: what it has of the message is in its journal, and at the vendor. A recalled one may wait there
     * for ever: who left before is not told of the recall, and a vendor would have nothing to show. One that its owner has read
     * elsewhere may, too.
     */
    private void judgeAway(Target device, String owner, Talks.Numbered number, Talks.Message message) {
        String messageId = number.in().id() + "~" + number.messageSeq();
        String fate = fates.get(new OnDevice(device, messageId));
        if (fate == null) {
            return; // nobody asked
        }
        boolean explained =
                switch (fate) {
                    case "acceptedByVendor" -> vendors.isTaken(device, messageId);
                    case "recalled" -> !talks.recalls(number).isEmpty();
                    case "pending" ->
                        owner.equals(message.sender())
                                || !vendors.isReachable(device)
                                || !talks.recalls(number).isEmpty()
                                || hasWrittenSince(number, owner)
                                || vendors.mayBeSeen(device, messageId);
                    default -> false;
                };
        if (!explained) {
            lost("%s has %s with the fate '%s'", device, number, fate);
        }
    }

    /** Who writes has read what came before, and is not called by a vendor for it any more. */
    private boolean hasWrittenSince(Talks.Numbered number, String user) {
        return talks.numbered().entrySet().stream()
                .anyMatch(later -> later.getKey().in().equals(number.in())
                        && later.getKey().messageSeq() > number.messageSeq()
                        && later.getValue().sender().equals(user));
    }

    private void judgeHistory(Talks.Numbered number) {
        TalkEvent.MessageRead found = reads.get(number);
        if (found == null) {
            if (read.contains(number.in())) {
                lost("%s is not in the history%s%s", number, "", "");
            }
            return;
        }
        boolean mustBeGone = talks.recalls(number).stream().anyMatch(Talks.Change::done);
        if (mustBeGone && !found.recalled()) {
            lost("%s was recalled, and its history has it: '%s'%s", number, found.content(), "");
        }
    }

    private void lost(String detail, Object one, Object two, Object three) {
        violations.add(Invariant.I1, detail.formatted(one, two, three));
    }
}
