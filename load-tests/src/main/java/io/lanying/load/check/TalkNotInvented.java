package io.lanying.load.check;

import io.lanying.load.check.Memberships.Span;
import io.lanying.load.check.Memberships.Was;
import io.lanying.load.history.History;
import io.lanying.load.history.TalkEvent;
import java.util.List;
import java.util.Optional;

/**
 * I4 of messages: what a device hears was posted, edited or recalled in that conversation of its tenant, says what its sender
 * said, and happened while the device's owner may have been a member.
 */
final class TalkNotInvented {

    private final Talks talks;
    private final Violations violations;

    private TalkNotInvented(Talks talks, Violations violations) {
        this.talks = talks;
        this.violations = violations;
    }

    static void check(History history, Talks talks, Told told, Violations violations) {
        TalkNotInvented check = new TalkNotInvented(talks, violations);
        told.byDevice().values().forEach(tellings -> tellings.forEach(check::judge));
        history.all(TalkEvent.MessageRead.class).forEach(check::judge);
    }

    private void judge(Told.Telling telling) {
        TalkEvent.Said said = telling.said();
        Talks.Numbered number = telling.number();
        Optional<Talks.Message> found = talks.at(number)
                .or(() -> telling.is("message") ? talks.withContent(number.in(), said.content()) : Optional.empty());
        if (found.isEmpty()) {
            invented(telling, "%s, which nobody posted: '%s'".formatted(number, said.content()));
            return;
        }
        Talks.Message message = found.get();
        if (!said.messageId().equals(said.conversation() + "~" + said.messageSeq())) {
            invented(telling, "%s as %s".formatted(number, said.messageId()));
        }
        if (message.span().from() > telling.place()) {
            invented(telling, "%s before it was posted".formatted(number));
        }
        if (!message.possible()) {
            invented(telling, "%s, which was refused: %s".formatted(number, message));
        }
        judgeMember(telling, message.span(), number.toString());
        switch (said.kind()) {
            case "message" -> judgeContent(telling, message, message.content().equals(said.content()));
            case "edit" -> judgeChange(telling, message, talks.edits(number));
            case "recall" -> judgeChange(telling, message, talks.recalls(number));
            case "read" -> {} // positions move by themselves: nobody here says what was read
            default -> invented(telling, "something else of %s: %s".formatted(number, said.kind()));
        }
    }

    private void judgeContent(Told.Telling telling, Talks.Message message, boolean equal) {
        if (!equal) {
            invented(telling, "'%s' as %s".formatted(telling.said().content(), message));
        }
        if (!telling.said().sender().equals(message.sender())) {
            invented(telling, "%s from %s".formatted(message, telling.said().sender()));
        }
    }

    private void judgeChange(Told.Telling telling, Talks.Message message, List<Talks.Change> changes) {
        String what = "the %s of %s".formatted(telling.said().kind(), message);
        Optional<Talks.Change> change = changes.stream()
                .filter(each -> each.content().equals(telling.said().content()))
                .filter(each -> each.span().from() < telling.place())
                .findFirst();
        if (change.isEmpty()) {
            invented(telling, what + ", which nobody did: '" + telling.said().content() + "'");
            return;
        }
        if (telling.is("edit")) {
            judgeContent(telling, message, true);
        }
        judgeMember(telling, change.get().span(), what);
    }

    private void judgeMember(Told.Telling telling, Span when, String what) {
        if (talks.memberships().was(telling.number().in(), telling.owner(), when) == Was.STRANGER) {
            invented(telling, "%s, when %s was no member".formatted(what, telling.owner()));
        }
    }

    private void judge(TalkEvent.MessageRead read) {
        Talks.Numbered number = Talks.number(read.tenant(), read.conversation(), read.messageSeq());
        Optional<Talks.Message> message = talks.at(number);
        boolean recalled = !talks.recalls(number).isEmpty();
        boolean says = message.filter(posted -> posted.sender().equals(read.sender()))
                .filter(posted -> read.recalled()
                        ? recalled
                        : posted.content().equals(read.content())
                                || talks.edits(number).stream()
                                        .anyMatch(edit -> edit.content().equals(read.content())))
                .isPresent();
        // Of an unanswered one that was recalled nothing is left to know it by; nobody knew its number to recall it.
        if (!says) {
            violations.add(
                    Invariant.I4,
                    "the history has %s of %s: '%s', for %s".formatted(number, read.sender(), read.content(), message));
        }
    }

    private void invented(Told.Telling telling, String what) {
        violations.add(Invariant.I4, "%s got %s".formatted(telling, what));
    }
}
