package io.lanying.actors.device;

import io.lanying.protocol.conversation.Alert;
import io.lanying.protocol.conversation.ConversationNews;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationReply.Messages;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.MessageType;
import io.lanying.protocol.conversation.Notice;
import io.lanying.protocol.conversation.Receipt;
import io.lanying.protocol.conversation.SealedContent;
import io.lanying.protocol.conversation.StoredMessage;
import io.lanying.protocol.device.ItemKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Conversations in which things happen, which repeat their news for six days, and may be silent when they are asked. */
final class SimulatedConversations {

    private record Happened(Instant at, Notice notice) {}

    private final Map<String, List<Happened>> events = new HashMap<>();
    private final Set<String> silent = new HashSet<>();
    private final Set<String> recalled = new HashSet<>();

    /** Something happens in one of them, and is news with some of what was news before. */
    ConversationNews news(int dice, Instant now) {
        String id = "c" + dice % 2;
        var all = events.computeIfAbsent(id, key -> new ArrayList<>());
        for (int i = 0; i < dice / 2 % 4; i++) {
            happen(id, all, dice / 7 + i * 3, now);
        }
        int first = all.isEmpty() ? 0 : dice / 11 % all.size();
        var notices = new ArrayList<Notice>();
        for (Happened event : all.subList(first, all.size())) {
            if (event.at().isAfter(now.minus(Duration.ofDays(6)))) {
                append(notices, event.notice());
            }
        }
        return new ConversationNews(id, all.size(), notices);
    }

    private void happen(String id, List<Happened> all, int dice, Instant now) {
        long eventSeq = all.size() + 1L;
        long last = all.stream()
                .filter(event -> event.notice().kind() == ItemKind.MESSAGE)
                .count();
        var kind = last == 0 ? ItemKind.MESSAGE : kindOf(dice % 10);
        long message = kind == ItemKind.MESSAGE ? last + 1 : 1 + dice % last;
        if (kind == ItemKind.RECALL) {
            recalled.add(id + "~" + message);
        }
        if (kind == ItemKind.RECEIPT) {
            int reached = (int) (eventSeq % 4); // grows until members change
            all.add(new Happened(
                    now, Notice.of(new Receipt(eventSeq / 4, last, last / 2, last / 3, 3, reached, reached / 2))));
            return;
        }
        int version = kind == ItemKind.MESSAGE ? 1 : kind == ItemKind.EDIT ? 2 : 0;
        all.add(new Happened(now, new Notice(eventSeq, kind, message, message, version, Alert.ALERT, List.of())));
    }

    private static ItemKind kindOf(int dice) {
        return dice < 6
                ? ItemKind.MESSAGE
                : List.of(ItemKind.EDIT, ItemKind.RECALL, ItemKind.READ, ItemKind.RECEIPT)
                        .get(dice - 6);
    }

    /** Messages that follow each other are one notice. */
    private static void append(List<Notice> notices, Notice next) {
        Notice last = notices.isEmpty() ? null : notices.get(notices.size() - 1);
        if (last != null && last.kind() == ItemKind.MESSAGE && next.kind() == ItemKind.MESSAGE) {
            notices.set(
                    notices.size() - 1,
                    new Notice(
                            next.eventSeq(),
                            ItemKind.MESSAGE,
                            last.fromSeq(),
                            next.toSeq(),
                            1,
                            Alert.ALERT,
                            List.of()));
        } else {
            notices.add(next);
        }
    }

    void fallSilentOrSpeak(int dice) {
        String id = "c" + dice % 2;
        if (!silent.remove(id)) {
            silent.add(id);
        }
    }

    boolean hasRecalled(String messageId) {
        return recalled.contains(messageId);
    }

    void speak() {
        silent.clear();
    }

    /** What the conversation says of these; empty while it is silent. */
    Optional<ConversationReply> read(List<MessageRef> refs) {
        return silent.contains(refs.get(0).conversationId())
                ? Optional.empty()
                : Optional.of(new Messages(
                        Optional.empty(),
                        true,
                        refs.stream().limit(2).map(this::stored).toList()));
    }

    private StoredMessage stored(MessageRef ref) {
        return new StoredMessage(
                ref.messageSeq(),
                ref.version(),
                "bob",
                MessageType.TEXT,
                recalled.contains(ref.messageId())
                        ? Optional.empty()
                        : Optional.of(new SealedContent("o", Fixture.sealed("user:bob", "hello"), 60)),
                List.of(),
                Optional.empty(),
                Instant.EPOCH,
                Optional.empty(),
                Optional.empty());
    }
}
