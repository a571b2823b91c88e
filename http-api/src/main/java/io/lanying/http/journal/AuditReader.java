package io.lanying.http.journal;

import io.lanying.http.error.Unavailable;
import io.lanying.protocol.Persisted;
import io.lanying.protocol.conversation.ConversationEvent;
import io.lanying.protocol.device.DeviceEvent.ItemAccepted;
import io.lanying.protocol.journal.Journal;
import io.lanying.protocol.journal.JournalEvent;
import io.lanying.protocol.notification.NotificationEvent.NotificationAccepted;
import io.lanying.protocol.sealing.Sealed;
import io.lanying.protocol.sealing.Sealer;
import io.lanying.protocol.sealing.Sealing;
import io.lanying.protocol.user.UserEvent.UserPut;
import io.lanying.protocol.user.UserName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Reads pages of an entity's journal and opens what is sealed in them. Thread-safe; a failed stage means unavailable. */
final class AuditReader {

    private final Journal journal;
    private final Sealing sealing;

    AuditReader(Journal journal, Sealing sealing) {
        this.journal = journal;
        this.sealing = sealing;
    }

    /** The next events after a number, rendered. */
    CompletionStage<List<EventJson.Item>> page(Audited entity, long afterSeq, int limit) {
        return events(entity, afterSeq, limit)
                .thenCompose(events -> opener(entity.id().tenant(), events).thenApply(opener -> events.stream()
                        .map(event -> render(entity, event, opener))
                        .toList()));
    }

    private static EventJson.Item render(Audited entity, JournalEvent event, Opener opener) {
        String id = entity.id().id();
        return switch (entity.kind()) {
            case NOTIFICATION -> NotificationRendering.render(event, id, opener);
            case USER -> UserRendering.render(event, id, opener);
            case CONVERSATION -> ConversationRendering.render(event, id, opener);
            case POSITIONS -> PositionsRendering.render(event);
            default -> EventRendering.render(event, opener);
        };
    }

    /** Whether the entity has ever had an event. */
    CompletionStage<Boolean> exists(Audited entity) {
        return events(entity, 0, 1).thenApply(events -> !events.isEmpty());
    }

    private CompletionStage<List<JournalEvent>> events(Audited entity, long afterSeq, int limit) {
        return Unavailable.when(
                "the journal cannot be read",
                () -> journal.events(entity.kind(), entity.id(), afterSeq + 1, Long.MAX_VALUE, limit));
    }

    private CompletionStage<Opener> opener(String tenant, List<JournalEvent> events) {
        var subjects = events.stream()
                .map(JournalEvent::event)
                .flatMap(event -> sealedIn(event).stream())
                .map(Sealed::subject)
                .collect(Collectors.toSet());
        CompletionStage<Map<String, Sealer>> found = CompletableFuture.completedFuture(new HashMap<>());
        for (String subject : subjects) {
            found = found.thenCombine(existing(tenant, subject), (sealers, sealer) -> {
                sealer.ifPresent(open -> sealers.put(subject, open));
                return sealers;
            });
        }
        return found.thenApply(Opener::new);
    }

    private static Optional<Sealed> sealedIn(Persisted event) {
        if (event instanceof ItemAccepted accepted) {
            return accepted.body();
        }
        if (event instanceof UserPut put) {
            return put.name().map(UserName::sealed);
        }
        if (event instanceof ConversationEvent conversation) {
            return ConversationRendering.sealedIn(conversation);
        }
        return event instanceof NotificationAccepted accepted ? Optional.of(accepted.body()) : Optional.empty();
    }

    private CompletionStage<Optional<Sealer>> existing(String tenant, String subject) {
        return Unavailable.when("keys cannot be read", () -> sealing.existing(tenant, subject));
    }
}
