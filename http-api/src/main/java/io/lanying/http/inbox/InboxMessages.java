package io.lanying.http.inbox;

import io.lanying.protocol.EntityId;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.MessageSource;
import io.lanying.protocol.conversation.SealedContent;
import io.lanying.protocol.conversation.StoredMessage;
import io.lanying.protocol.device.DeviceSnapshot.OpenItem;
import io.lanying.protocol.device.Fate;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** Reads the messages that entries of an inbox show, from all their conversations at once. Thread-safe. */
final class InboxMessages {

    private final MessageSource source;
    private final long maxBytes;

    /** @param maxBytes of the contents in one answer; one message always fits */
    InboxMessages(MessageSource source, long maxBytes) {
        this.source = source;
        this.maxBytes = maxBytes;
    }

    /** What was read. */
    static final class Found {

        private final Map<MessageRef, StoredMessage> messages = new HashMap<>();
        private final Set<String> gone = new LinkedHashSet<>();
        private final long maxBytes;

        private Found(long maxBytes) {
            this.maxBytes = maxBytes;
        }

        Optional<StoredMessage> message(MessageRef ref) {
            return Optional.ofNullable(messages.get(ref));
        }

        /** Whose keys open the contents. */
        Stream<String> subjects() {
            return messages.values().stream()
                    .flatMap(message -> message.content().stream())
                    .map(content -> content.content().subject());
        }

        /** Why there is nothing to show; empty if there is. */
        Optional<Fate> endOf(MessageRef ref) {
            if (gone.contains(ref.conversationId())) {
                return Optional.of(Fate.REFUSED);
            }
            return message(ref).filter(message -> message.content().isEmpty()).map(message -> Fate.RECALLED);
        }

        /** The numbers of the items whose conversation did not answer. */
        List<Long> unread(List<Entry> entries) {
            return entries.stream()
                    .filter(this::isUnread)
                    .flatMap(entry -> entry.item().stream())
                    .map(OpenItem::itemSeq)
                    .toList();
        }

        /** How many entries can be shown before one whose conversation did not answer, or that is too much for one answer. */
        int readable(List<Entry> entries) {
            long bytes = 0;
            for (int i = 0; i < entries.size(); i++) {
                bytes += entries.get(i)
                        .item()
                        .flatMap(OpenItem::content)
                        .flatMap(this::message)
                        .flatMap(StoredMessage::content)
                        .map(SealedContent::bytes)
                        .orElse(0);
                if (isUnread(entries.get(i)) || (bytes > maxBytes && i > 0)) {
                    return i;
                }
            }
            return entries.size();
        }

        private boolean isUnread(Entry entry) {
            return entry.item()
                    .flatMap(OpenItem::content)
                    .filter(ref -> message(ref).isEmpty() && endOf(ref).isEmpty())
                    .isPresent();
        }
    }

    /** Never fails: what could not be read is not there. */
    CompletionStage<Found> of(String tenant, List<Entry> entries) {
        var wanted = new LinkedHashMap<String, Set<MessageRef>>();
        entries.stream()
                .flatMap(entry -> entry.item().flatMap(OpenItem::content).stream())
                .forEach(ref -> wanted.computeIfAbsent(ref.conversationId(), id -> new LinkedHashSet<>())
                        .add(ref));
        var found = new Found(maxBytes);
        CompletionStage<Void> all = CompletableFuture.completedFuture(null);
        for (Map.Entry<String, Set<MessageRef>> conversation : wanted.entrySet()) {
            var read = read(new EntityId(tenant, conversation.getKey()), List.copyOf(conversation.getValue()), found);
            all = all.thenCombine(read, (one, other) -> null);
        }
        return all.thenApply(done -> found);
    }

    private CompletionStage<Void> read(EntityId conversation, List<MessageRef> refs, Found found) {
        if (refs.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        return source.read(conversation, refs)
                .thenCompose(reply ->
                        read(conversation, refs.subList(note(conversation, refs, reply, found), refs.size()), found))
                .exceptionally(silent -> null);
    }

    /** How many of the questions are answered. */
    private static int note(EntityId conversation, List<MessageRef> refs, ConversationReply reply, Found found) {
        synchronized (found) {
            if (reply instanceof ConversationReply.Messages answer
                    && !answer.messages().isEmpty()) {
                int answered = Math.min(refs.size(), answer.messages().size());
                for (int i = 0; i < answered; i++) {
                    found.messages.put(refs.get(i), answer.messages().get(i));
                }
                return answered;
            }
            if (reply instanceof ConversationReply.Refused) {
                found.gone.add(conversation.id());
            }
            return refs.size();
        }
    }
}
