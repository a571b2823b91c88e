package io.lanying.load.check;

import io.lanying.load.check.Memberships.Was;
import io.lanying.load.history.History;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.HistoryEvent.Shown;
import io.lanying.load.history.TalkEvent;
import io.lanying.load.history.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What vendors were asked to show of messages. I3: under one vendor-side id, and not again once it was taken, unless the server
 * died. I4: to a member other than the sender, with what the message says.
 */
final class BuzzedPhones {

    /** What the server shows of a text at most. */
    private static final int MOST_SHOWN = 200;

    private record Buzz(Target at, String messageId) {}

    private final Map<String, Target> holders = new HashMap<>();
    private final Map<Target, String> owners = new HashMap<>();
    private final Map<Buzz, List<TalkEvent.Buzzed>> buzzes = new LinkedHashMap<>();
    private final List<TalkEvent.Buzzed> strays = new ArrayList<>();

    private BuzzedPhones() {}

    /** Tokens stay with their devices as long as people talk. */
    static BuzzedPhones of(History history) {
        BuzzedPhones phones = new BuzzedPhones();
        history.all(HistoryEvent.TokenGiven.class).forEach(given -> {
            phones.holders.put(given.token(), given.at());
            phones.owners.put(given.at(), given.owner());
        });
        history.all(TalkEvent.Buzzed.class).forEach(buzzed -> {
            Target at = phones.holders.get(buzzed.token());
            if (at == null) {
                phones.strays.add(buzzed);
            } else {
                phones.buzzes
                        .computeIfAbsent(new Buzz(at, buzzed.messageId()), buzz -> new ArrayList<>())
                        .add(buzzed);
            }
        });
        return phones;
    }

    /** Whether the device has a token. */
    boolean isReachable(Target at) {
        return owners.containsKey(at);
    }

    boolean isTaken(Target at, String messageId) {
        return of(at, messageId).stream().anyMatch(buzzed -> buzzed.shown() == Shown.TAKEN);
    }

    boolean mayBeSeen(Target at, String messageId) {
        return of(at, messageId).stream().anyMatch(TalkEvent.Buzzed::mayBeSeen);
    }

    private List<TalkEvent.Buzzed> of(Target at, String messageId) {
        return buzzes.getOrDefault(new Buzz(at, messageId), List.of());
    }

    void check(History history, Talks talks, Violations violations) {
        strays.forEach(stray -> violations.add(
                Invariant.I4, "the token %s, which nobody has, got %s".formatted(stray.token(), stray.messageId())));
        long deaths = history.all(HistoryEvent.Restarted.class).count();
        buzzes.forEach((buzz, all) -> {
            judgeRepeats(buzz, all, deaths, violations);
            all.forEach(each -> judge(buzz.at(), each, talks, violations));
        });
    }

    private static void judgeRepeats(Buzz buzz, List<TalkEvent.Buzzed> all, long deaths, Violations violations) {
        Set<String> ids = new HashSet<>();
        all.forEach(each -> ids.add(each.vendorId()));
        if (ids.size() > 1) {
            violations.add(Invariant.I3, "%s went to the vendor as %s".formatted(buzz, ids));
        }
        long afterTaken = all.stream()
                .dropWhile(each -> each.shown() != Shown.TAKEN)
                .skip(1)
                .count();
        if (afterTaken > deaths) {
            violations.add(
                    Invariant.I3, "%s went to the vendor %d times after it was taken".formatted(buzz, afterTaken));
        }
    }

    private void judge(Target at, TalkEvent.Buzzed buzzed, Talks talks, Violations violations) {
        Talks.Conversation in = new Talks.Conversation(at.tenant(), buzzed.conversation());
        Optional<Talks.Numbered> number = talks.numbered().keySet().stream()
                .filter(each -> each.in().equals(in) && buzzed.messageId().equals(in.id() + "~" + each.messageSeq()))
                .findFirst();
        if (number.isEmpty()) {
            violations.add(Invariant.I4, "%s was shown %s, which nobody posted".formatted(at, buzzed.messageId()));
            return;
        }
        Talks.Message message = talks.at(number.get()).orElseThrow();
        String owner = owners.getOrDefault(at, "");
        if (message.sender().equals(owner)) {
            violations.add(Invariant.I4, "%s was alerted of its own %s".formatted(at, number.get()));
        }
        if (talks.memberships().was(in, owner, message.span()) == Was.STRANGER) {
            violations.add(Invariant.I4, "%s of %s, no member, was shown %s".formatted(at, owner, number.get()));
        }
        boolean says = shortened(message.content()).equals(buzzed.text())
                || talks.edits(number.get()).stream()
                        .anyMatch(edit -> shortened(edit.content()).equals(buzzed.text()));
        if (!says) {
            violations.add(Invariant.I4, "%s was shown '%s' for %s".formatted(at, buzzed.text(), number.get()));
        }
    }

    private static String shortened(String text) {
        return text.codePointCount(0, text.length()) <= MOST_SHOWN
                ? text
                : text.substring(0, text.offsetByCodePoints(0, MOST_SHOWN - 1)) + "…";
    }
}
