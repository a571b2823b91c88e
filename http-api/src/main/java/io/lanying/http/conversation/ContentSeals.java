package io.lanying.http.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.error.Unavailable;
import io.lanying.http.json.CanonicalJson;
import io.lanying.http.json.Json;
import io.lanying.protocol.conversation.ConversationName;
import io.lanying.protocol.conversation.SealedContent;
import io.lanying.protocol.conversation.StoredMessage;
import io.lanying.protocol.sealing.Sealed;
import io.lanying.protocol.sealing.Sealer;
import io.lanying.protocol.sealing.Sealing;
import io.lanying.protocol.sealing.Subject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * Seals what people write under the key of who writes it, and names under the tenant's, and opens both for answers. A failed
 * stage is {@link Unavailable}: the keys cannot be read. Thread-safe.
 */
final class ContentSeals {

    private static final String NAME = "name";
    private static final String CONTENT = "content";
    private static final String PUSH = "push";

    /** What takes the place of a content whose sender was erased. */
    private record Erased(boolean erased) {}

    /** What takes the place of a content that its key does not open: damage, or an earlier key of an erased person. */
    private record Unreadable(boolean unreadable) {}

    private final Sealing sealing;

    ContentSeals(Sealing sealing) {
        this.sealing = sealing;
    }

    CompletionStage<Sealer> ofSender(String tenant, String senderId) {
        return Unavailable.when("keys cannot be read", () -> sealing.sealer(tenant, Subject.ofUser(senderId)));
    }

    CompletionStage<Sealer> ofTenant(String tenant) {
        return Unavailable.when("keys cannot be read", () -> sealing.sealer(tenant, Subject.TENANT));
    }

    /**
     * It has no number yet, so it gets an id of its own.
     *
     * @param push what a vendor is to show instead
     */
    static SealedContent content(Sealer sender, byte[] clear, Optional<JsonNode> push) {
        String origin = UUID.randomUUID().toString();
        return new SealedContent(
                origin,
                sender.seal(origin, CONTENT, clear),
                clear.length,
                push.map(shown -> sender.seal(origin, PUSH, CanonicalJson.bytes(shown))));
    }

    static ConversationName name(Sealer tenant, String conversationId, String clear) {
        byte[] bytes = clear.getBytes(StandardCharsets.UTF_8);
        return new ConversationName(tenant.seal(conversationId, NAME, bytes), tenant.fingerprint(bytes));
    }

    CompletionStage<Optional<String>> open(String tenant, String conversationId, Optional<ConversationName> name) {
        return name.isEmpty()
                ? CompletableFuture.completedFuture(Optional.empty())
                : ofTenant(tenant)
                        .thenApply(sealer -> Optional.of(new String(
                                sealer.open(conversationId, NAME, name.get().sealed()), StandardCharsets.UTF_8)));
    }

    CompletionStage<List<MessageJson>> open(String tenant, String conversationId, List<StoredMessage> messages) {
        var subjects = messages.stream()
                .flatMap(message -> message.content().stream())
                .map(SealedContent::content)
                .map(Sealed::subject)
                .collect(Collectors.toSet());
        CompletionStage<Map<String, Sealer>> sealers = CompletableFuture.completedFuture(new HashMap<>());
        for (String subject : subjects) {
            sealers = sealers.thenCombine(
                    Unavailable.when("keys cannot be read", () -> sealing.existing(tenant, subject)),
                    (known, sealer) -> {
                        sealer.ifPresent(key -> known.put(subject, key));
                        return known;
                    });
        }
        return sealers.thenApply(known -> messages.stream()
                .map(message -> MessageJson.of(
                        conversationId, message, message.content().map(content -> open(content, known))))
                .toList());
    }

    private static Object open(SealedContent content, Map<String, Sealer> sealers) {
        var sealer = sealers.get(content.content().subject());
        if (sealer == null) {
            return new Erased(true);
        }
        try {
            return Json.ours(sealer.open(content.origin(), CONTENT, content.content()));
        } catch (IllegalArgumentException | IOException e) {
            return new Unreadable(true);
        }
    }
}
