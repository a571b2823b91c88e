package io.lanying.load.check;

import io.lanying.load.check.Memberships.Span;
import io.lanying.load.history.History;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.TalkEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The conversations of a history: what was posted, the attempts with one sender and key taken together, and what was changed. */
final class Talks {

    record Conversation(String tenant, String id) {
        @Override
        public String toString() {
            return tenant + "/" + id;
        }
    }

    /** The place that a message has. */
    record Numbered(Conversation in, long messageSeq) {
        @Override
        public String toString() {
            return in + " message " + messageSeq;
        }
    }

    private record Key(Conversation in, String sender, String key) {}

    /** An edit, or a recall, whose content is empty. */
    record Change(String content, Span span, boolean done) {}

    /** What became of attempts, by their numbers. */
    static final class Outcomes {
        private final Map<Long, HistoryEvent> events = new HashMap<>();
        private final Map<Long, Integer> places = new HashMap<>();

        static Outcomes of(History history) {
            Outcomes outcomes = new Outcomes();
            for (int place = 0; place < history.events().size(); place++) {
                HistoryEvent event = history.events().get(place);
                if (event instanceof TalkEvent.Posted posted) {
                    outcomes.put(posted.op(), event, place);
                } else if (event instanceof TalkEvent.Done done) {
                    outcomes.put(done.op(), event, place);
                } else if (event instanceof HistoryEvent.Refused refused) {
                    outcomes.put(refused.op(), event, place);
                }
            }
            return outcomes;
        }

        private void put(long op, HistoryEvent event, int place) {
            events.put(op, event);
            places.put(op, place);
        }

        Optional<TalkEvent.Posted> posted(long op) {
            return Optional.ofNullable(events.get(op))
                    .filter(TalkEvent.Posted.class::isInstance)
                    .map(TalkEvent.Posted.class::cast);
        }

        boolean isDone(long op) {
            return events.get(op) instanceof TalkEvent.Done;
        }

        /** For sure not carried out: "unavailable" may have been. */
        boolean isRefused(long op) {
            return events.get(op) instanceof HistoryEvent.Refused refused && refused.status() < 500;
        }

        /** Where it was known to have happened; {@code Integer.MAX_VALUE}: nowhere. */
        int doneAt(long op) {
            boolean known = posted(op).isPresent() || isDone(op);
            return known ? places.getOrDefault(op, Integer.MAX_VALUE) : Integer.MAX_VALUE;
        }
    }

    /** A message that somebody meant to post. */
    static final class Message {
        private final Key key;
        private final String content;
        private final int from;
        private final List<TalkEvent.Posted> answers = new ArrayList<>();
        private int to = Integer.MAX_VALUE;
        private boolean possible;

        Message(Key key, String content, int from) {
            this.key = key;
            this.content = content;
            this.from = from;
        }

        Conversation in() {
            return key.in();
        }

        String sender() {
            return key.sender();
        }

        String content() {
            return content;
        }

        /** When it was accepted. */
        Span span() {
            return new Span(from, to);
        }

        /** Whether some attempt may have been carried out. */
        boolean possible() {
            return possible;
        }

        List<TalkEvent.Posted> answers() {
            return answers;
        }

        /** The numbers it was answered with; more than one is a fault. */
        Set<Long> numbers() {
            Set<Long> numbers = new TreeSet<>();
            answers.forEach(answer -> numbers.add(answer.messageSeq()));
            return numbers;
        }

        @Override
        public String toString() {
            return key.in() + " " + key.sender() + "'s " + key.key();
        }
    }

    private final Map<Key, Message> messages = new LinkedHashMap<>();
    private final Map<Numbered, Message> byNumber = new LinkedHashMap<>();
    private final Map<List<Object>, Message> byContent = new HashMap<>();
    private final Map<Numbered, List<Change>> edits = new HashMap<>();
    private final Map<Numbered, List<Change>> recalls = new HashMap<>();
    private final Memberships memberships;

    private Talks(Memberships memberships) {
        this.memberships = memberships;
    }

    static Talks of(History history) {
        Outcomes outcomes = Outcomes.of(history);
        Talks talks = new Talks(Memberships.of(history, outcomes));
        for (int place = 0; place < history.events().size(); place++) {
            HistoryEvent event = history.events().get(place);
            if (event instanceof TalkEvent.PostInvoked post) {
                talks.attempt(post, place, outcomes);
            } else if (event instanceof TalkEvent.EditInvoked edit && !outcomes.isRefused(edit.op())) {
                talks.edits
                        .computeIfAbsent(
                                number(edit.tenant(), edit.conversation(), edit.messageSeq()), at -> new ArrayList<>())
                        .add(change(edit.content(), edit.op(), place, outcomes));
            } else if (event instanceof TalkEvent.RecallInvoked recall && !outcomes.isRefused(recall.op())) {
                talks.recalls
                        .computeIfAbsent(
                                number(recall.tenant(), recall.conversation(), recall.messageSeq()),
                                at -> new ArrayList<>())
                        .add(change("", recall.op(), place, outcomes));
            }
        }
        talks.messages.values().forEach(message -> message.numbers()
                .forEach(seq -> talks.byNumber.putIfAbsent(new Numbered(message.in(), seq), message)));
        // What was never answered, and was posted all the same.
        history.all(TalkEvent.MessageRead.class)
                .forEach(read ->
                        talks.found(number(read.tenant(), read.conversation(), read.messageSeq()), read.content()));
        return talks;
    }

    static Numbered number(String tenant, String conversation, long messageSeq) {
        return new Numbered(new Conversation(tenant, conversation), messageSeq);
    }

    private static Change change(String content, long op, int place, Outcomes outcomes) {
        return new Change(content, new Span(place, outcomes.doneAt(op)), outcomes.isDone(op));
    }

    private void attempt(TalkEvent.PostInvoked post, int place, Outcomes outcomes) {
        Key key = new Key(new Conversation(post.tenant(), post.conversation()), post.sender(), post.key());
        Message message = messages.computeIfAbsent(key, each -> new Message(each, post.content(), place));
        byContent.putIfAbsent(List.of(key.in(), post.content()), message);
        message.possible |= !outcomes.isRefused(post.op());
        message.to = Math.min(message.to, outcomes.doneAt(post.op()));
        outcomes.posted(post.op()).ifPresent(message.answers::add);
    }

    private void found(Numbered at, String content) {
        withContent(at.in(), content).ifPresent(message -> byNumber.putIfAbsent(at, message));
    }

    Collection<Message> messages() {
        return messages.values();
    }

    /** Messages by their numbers, those included that only turned up in the history. */
    Map<Numbered, Message> numbered() {
        return byNumber;
    }

    Optional<Message> at(Numbered number) {
        return Optional.ofNullable(byNumber.get(number));
    }

    Optional<Message> withContent(Conversation in, String content) {
        return Optional.ofNullable(byContent.get(List.of(in, content)));
    }

    List<Change> edits(Numbered number) {
        return edits.getOrDefault(number, List.of());
    }

    List<Change> recalls(Numbered number) {
        return recalls.getOrDefault(number, List.of());
    }

    Memberships memberships() {
        return memberships;
    }
}
