package io.lanying.actors.conversation;

import io.lanying.protocol.conversation.Alert;
import io.lanying.protocol.conversation.ConversationEvent.MemberRemoved;
import io.lanying.protocol.conversation.ConversationEvent.MessageEdited;
import io.lanying.protocol.conversation.ConversationEvent.MessagePosted;
import io.lanying.protocol.conversation.ConversationEvent.MessageRecalled;
import io.lanying.protocol.conversation.ConversationEvent.PushModeSet;
import io.lanying.protocol.conversation.ConversationNews;
import io.lanying.protocol.conversation.MessageType;
import io.lanying.protocol.conversation.Notice;
import io.lanying.protocol.conversation.PushMode;
import io.lanying.protocol.conversation.StoredMessage;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.journal.JournalEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What happened in a short run of events, and what each member is told of it. Pure; holds small contents for the devices that
 * hand out at once.
 *
 * @param after the run begins after this event
 * @param upTo the run's last event
 * @param recounted who has left, or switched pushes off or on, and the event that last did: their icons count otherwise since
 */
record NewsPage(long after, long upTo, List<Happening> happenings, Map<String, Long> recounted) {

    /** Contents up to this size go with the news. */
    static final int SMALL_BYTES = 4 * 1024;

    /** All contents of one member's news. */
    static final int INLINE_BYTES = 64 * 1024;

    /** The most events of a page. */
    static final int MAX_EVENTS = 200;

    private static final String EVERYBODY = "*";

    NewsPage {
        happenings = List.copyOf(happenings);
        recounted = Map.copyOf(recounted);
    }

    /** @param quiet nobody is alerted */
    record Happening(
            long eventSeq,
            ItemKind kind,
            long messageSeq,
            int version,
            String senderId,
            List<String> mentions,
            boolean quiet,
            Optional<StoredMessage> small) {}

    /**
     * For whom news is made.
     *
     * @param after told of what happened after this event
     * @param upTo and up to this one
     * @param joinedSeq the last message before the user was a member: nothing is said of it and the earlier ones
     */
    record Reader(String userId, PushMode push, long after, long upTo, long joinedSeq) {}

    static NewsPage of(
            String conversationId, long after, long upTo, List<JournalEvent> events, ConversationState state) {
        var happenings = new ArrayList<Happening>();
        var recounted = new HashMap<String, Long>();
        for (JournalEvent each : events) {
            happening(conversationId, each, state).ifPresent(happenings::add);
            if (each.event() instanceof PushModeSet set) {
                recounted.put(set.userId(), each.eventSeq());
            } else if (each.event() instanceof MemberRemoved removed) {
                recounted.put(removed.userId(), each.eventSeq());
            }
        }
        return new NewsPage(after, upTo, happenings, recounted);
    }

    private static Optional<Happening> happening(String conversationId, JournalEvent each, ConversationState state) {
        if (each.event() instanceof MessagePosted posted) {
            boolean small = posted.content().bytes() <= SMALL_BYTES;
            return Optional.of(new Happening(
                    each.eventSeq(),
                    ItemKind.MESSAGE,
                    posted.messageSeq(),
                    1,
                    posted.senderId(),
                    posted.mentions(),
                    posted.silent() || posted.type() == MessageType.COMMAND,
                    small ? Optional.of(Stored.of(conversationId, posted, state)) : Optional.empty()));
        }
        if (each.event() instanceof MessageEdited edited) {
            return Optional.of(change(each.eventSeq(), ItemKind.EDIT, edited.messageSeq(), edited.version()));
        }
        return each.event() instanceof MessageRecalled recalled
                ? Optional.of(change(each.eventSeq(), ItemKind.RECALL, recalled.messageSeq(), 0))
                : Optional.empty();
    }

    private static Happening change(long eventSeq, ItemKind kind, long messageSeq, int version) {
        return new Happening(eventSeq, kind, messageSeq, version, "", List.of(), true, Optional.empty());
    }

    /** Whether more may follow that did not fit. */
    boolean isFull() {
        return upTo - after >= MAX_EVENTS;
    }

    /** The reader's news; empty if nothing of this concerns it. */
    Optional<ConversationNews> newsFor(String conversationId, Reader reader) {
        var notices = new ArrayList<Notice>();
        int inline = 0;
        for (Happening each : happenings) {
            if (each.eventSeq() <= reader.after()
                    || each.eventSeq() > reader.upTo()
                    || each.messageSeq() <= reader.joinedSeq()) {
                continue;
            }
            var content = each.small().flatMap(StoredMessage::content);
            boolean fits = content.isPresent() && inline + content.get().bytes() <= INLINE_BYTES;
            inline += fits ? content.get().bytes() : 0;
            append(
                    notices,
                    each,
                    alertOf(each, reader),
                    fits ? List.of(each.small().get()) : List.of());
        }
        long recount = recounted.getOrDefault(reader.userId(), 0L);
        boolean counts = recount > reader.after() && recount <= reader.upTo();
        return notices.isEmpty() && !counts
                ? Optional.empty()
                : Optional.of(new ConversationNews(conversationId, Math.min(upTo, reader.upTo()), notices));
    }

    /** Messages in a row that are alike are one notice. */
    private static void append(List<Notice> notices, Happening next, Alert alert, List<StoredMessage> small) {
        if (notices.isEmpty() || !continues(notices.get(notices.size() - 1), next, alert)) {
            notices.add(new Notice(
                    next.eventSeq(), next.kind(), next.messageSeq(), next.messageSeq(), next.version(), alert, small));
            return;
        }
        var before = notices.remove(notices.size() - 1);
        var messages = new ArrayList<>(before.messages());
        messages.addAll(small);
        notices.add(new Notice(
                next.eventSeq(),
                before.kind(),
                before.fromSeq(),
                next.messageSeq(),
                before.version(),
                alert,
                messages));
    }

    private static boolean continues(Notice before, Happening next, Alert alert) {
        return next.kind() == ItemKind.MESSAGE
                && before.kind() == ItemKind.MESSAGE
                && before.alert() == alert
                && before.toSeq() + 1 == next.messageSeq();
    }

    private static Alert alertOf(Happening each, Reader reader) {
        if (each.senderId().equals(reader.userId())) {
            return Alert.OWN;
        }
        if (each.quiet() || reader.push() == PushMode.NONE) {
            return Alert.NONE;
        }
        boolean mentioned =
                each.mentions().contains(reader.userId()) || each.mentions().contains(EVERYBODY);
        if (mentioned) {
            return Alert.MENTION;
        }
        return reader.push() == PushMode.ALL ? Alert.ALERT : Alert.NONE;
    }
}
