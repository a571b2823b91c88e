package io.lanying.load.check;

import io.lanying.load.history.History;
import io.lanying.load.history.TalkEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** I3 of messages: one sender's key, one message, answered or not; one number, one message. */
final class TalkOnce {

    private final Talks talks;
    private final Violations violations;
    private final Map<Talks.Message, Talks.Numbered> found = new HashMap<>();

    private TalkOnce(Talks talks, Violations violations) {
        this.talks = talks;
        this.violations = violations;
    }

    static void check(History history, Talks talks, Told told, Violations violations) {
        TalkOnce check = new TalkOnce(talks, violations);
        talks.messages().forEach(check::judgeAnswers);
        history.all(TalkEvent.MessageRead.class)
                .filter(read -> !read.recalled() && read.version() == 1)
                .forEach(read -> check.judge(
                        Talks.number(read.tenant(), read.conversation(), read.messageSeq()), read.content()));
        told.byDevice().values().forEach(tellings -> tellings.stream()
                .filter(telling -> telling.is("message"))
                .forEach(telling -> check.judge(telling.number(), telling.said().content())));
    }

    private void judgeAnswers(Talks.Message message) {
        Set<Long> numbers = message.numbers();
        if (numbers.size() > 1) {
            violations.add(Invariant.I3, "%s was answered with %s".formatted(message, numbers));
        }
        long asNew = message.answers().stream().filter(TalkEvent.Posted::asNew).count();
        if (asNew > 1) {
            violations.add(Invariant.I3, "%s was accepted as new %d times".formatted(message, asNew));
        }
        for (TalkEvent.Posted answer : message.answers()) {
            Talks.Numbered number = new Talks.Numbered(message.in(), answer.messageSeq());
            if (!talks.at(number).equals(Optional.of(message))) {
                violations.add(Invariant.I3, "%s and %s both are %s".formatted(message, talks.at(number), number));
            }
            if (!answer.messageId().equals(message.in().id() + "~" + answer.messageSeq())) {
                violations.add(Invariant.I3, "%s is %s and %s".formatted(message, number, answer.messageId()));
            }
        }
    }

    /** The same content elsewhere is the same message once more. */
    private void judge(Talks.Numbered number, String content) {
        talks.withContent(number.in(), content).ifPresent(message -> {
            Talks.Numbered other = found.putIfAbsent(message, number);
            if (other != null && !other.equals(number)) {
                violations.add(Invariant.I3, "%s is %s and %s".formatted(message, other, number));
            }
        });
    }
}
