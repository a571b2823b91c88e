package io.lanying.actors.conversation;

import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.conversation.ConversationEvent.MessageEdited;
import io.lanying.protocol.conversation.ConversationEvent.MessagePosted;
import io.lanying.protocol.conversation.ConversationLimits;
import io.lanying.protocol.conversation.SealedContent;
import io.lanying.protocol.journal.Journal;
import io.lanying.protocol.journal.JournalEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Reads messages from their conversation's own journal, one short run of it at a time. Blocks no thread; a failed stage means
 * that the journal cannot be read: repeat. A read holds at most {@link MessageLog#RUN} events and looks at most
 * {@link #MAX_LOOKS} times; what is read by then, or fills an answer, is the result.
 */
final class MessageReader {

    static final int MAX_LOOKS = 20;

    private final Journal journal;
    private final EntityId conversation;
    private final Executor executor;

    MessageReader(Journal journal, EntityId conversation, Executor executor) {
        this.journal = journal;
        this.conversation = conversation;
        this.executor = executor;
    }

    /** @param version of the content, 1 as posted */
    record Wanted(long messageSeq, int version) {}

    /** A message as posted, and the edit that made the version that was wanted. */
    record Found(MessagePosted posted, Optional<MessageEdited> edit) {

        SealedContent content() {
            return edit.map(MessageEdited::content).orElse(posted.content());
        }
    }

    /** The first of those wanted, in their order, as many as fit. */
    CompletionStage<List<Found>> read(MessageLog log, Recent recent, List<Wanted> wanted) {
        var read = new Read(log, recent, wanted);
        read.goOn();
        return read.result;
    }

    /** One read: its steps follow each other, so its fields need no lock; the executor's hand-overs make them visible. */
    private final class Read {

        private final MessageLog log;
        private final Recent recent;
        private final List<Wanted> wanted;
        private final List<Found> found = new ArrayList<>();
        private final CompletableFuture<List<Found>> result = new CompletableFuture<>();
        private final Map<Long, MessagePosted> messages = new HashMap<>();
        private final Map<Long, MessageEdited> edits = new HashMap<>();
        private int looks;
        private long bytes;

        Read(MessageLog log, Recent recent, List<Wanted> wanted) {
            this.log = log;
            this.recent = recent;
            this.wanted = wanted;
        }

        void goOn() {
            while (found.size() < wanted.size()) {
                var next = wanted.get(found.size());
                var message = recent.message(next.messageSeq())
                        .or(() -> Optional.ofNullable(messages.get(next.messageSeq())));
                if (message.isEmpty()) {
                    look(log.runOf(next.messageSeq()), MessageLog.RUN);
                    return;
                }
                Optional<MessageEdited> edit = Optional.empty();
                if (next.version() > 1) {
                    long event = log.change(next.messageSeq()).edits().get(next.version() - 2);
                    edit = recent.edit(event).or(() -> Optional.ofNullable(edits.get(event)));
                    if (edit.isEmpty()) {
                        look(event, 1);
                        return;
                    }
                }
                if (!take(new Found(message.get(), edit))) {
                    break;
                }
            }
            result.complete(found);
        }

        private boolean take(Found next) {
            long more = next.content().content().box().length;
            if (!found.isEmpty() && bytes + more > ConversationLimits.MAX_ANSWER_BYTES) {
                return false;
            }
            bytes += more;
            return found.add(next);
        }

        private void look(long fromSeq, int events) {
            if (++looks > MAX_LOOKS) {
                result.complete(found);
                return;
            }
            if (events > 1) {
                messages.clear();
                edits.clear();
            }
            journal.events(EntityKind.CONVERSATION, conversation, fromSeq, fromSeq + events - 1, events)
                    .whenCompleteAsync(this::looked, executor);
        }

        private void looked(List<JournalEvent> events, Throwable failure) {
            if (failure != null) {
                result.completeExceptionally(failure);
                return;
            }
            for (JournalEvent each : events) {
                if (each.event() instanceof MessagePosted message) {
                    messages.put(message.messageSeq(), message);
                } else if (each.event() instanceof MessageEdited edit) {
                    edits.put(each.eventSeq(), edit);
                }
            }
            try {
                goOn();
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        }
    }
}
