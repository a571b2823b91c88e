package io.lanying.channels.actor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.channels.adapter.VendorMessage;
import io.lanying.protocol.channel.VendorRequest;
import io.lanying.protocol.channel.VendorRequest.ShownMessage;
import io.lanying.protocol.sealing.Sealed;
import io.lanying.protocol.sealing.Sealer;
import io.lanying.protocol.sealing.Sealing;
import io.lanying.protocol.user.UserName;
import io.lanying.protocol.user.UserNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Makes the message in clear from a request, as late as possible. Thread-safe. */
final class MessageOpener {

    /** What came of it. */
    sealed interface Opened {}

    record Ready(VendorMessage message) implements Opened {}

    /** It can never be sent: {@link Codes#ERASED} or {@link Codes#UNREADABLE}. */
    record Unusable(String code) implements Opened {}

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Sealing sealing;
    private final UserNames names;

    MessageOpener(Sealing sealing, UserNames names) {
        this.sealing = sealing;
        this.names = names;
    }

    /** A failed stage means that the keys are unavailable: try again. */
    CompletionStage<Opened> open(VendorRequest request) {
        Set<String> subjects = new TreeSet<>();
        subjects.add(request.token().token().subject());
        subjects.add(request.body().subject());
        request.vendorBlocks().ifPresent(blocks -> subjects.add(blocks.subject()));
        request.message().flatMap(ShownMessage::conversationName).ifPresent(name -> subjects.add(name.subject()));
        request.message().flatMap(ShownMessage::push).ifPresent(push -> subjects.add(push.subject()));
        CompletionStage<Map<String, Sealer>> sealers = CompletableFuture.completedStage(new HashMap<>());
        for (String subject : subjects) {
            sealers = sealers.thenCompose(
                    found -> sealing.existing(request.tenant(), subject).thenApply(sealer -> {
                        sealer.ifPresent(key -> found.put(subject, key));
                        return found;
                    }));
        }
        return sealers.thenCombine(
                senderName(request), (found, sender) -> open(request, found, subjects.size(), sender));
    }

    /** Where the conversation has no name; of a person who was erased there is none either. */
    private CompletionStage<Optional<String>> senderName(VendorRequest request) {
        var sender = request.message()
                .filter(message -> message.conversationName().isEmpty())
                .flatMap(ShownMessage::senderId);
        if (sender.isEmpty()) {
            return CompletableFuture.completedStage(Optional.empty());
        }
        return names.nameOf(request.tenant(), sender.get())
                .thenCompose(name -> name.isEmpty()
                        ? CompletableFuture.completedStage(Optional.<String>empty())
                        : sealing.existing(request.tenant(), name.get().sealed().subject())
                                .thenApply(sealer -> sealer.flatMap(key -> named(key, sender.get(), name.get()))));
    }

    private static Optional<String> named(Sealer sealer, String userId, UserName name) {
        try {
            return Optional.of(new String(sealer.open(userId, "name", name.sealed()), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // sealed for who bore the id before
        }
    }

    private static Opened open(
            VendorRequest request, Map<String, Sealer> sealers, int subjects, Optional<String> senderName) {
        if (sealers.size() < subjects) {
            return new Unusable(Codes.ERASED);
        }
        try {
            byte[] token =
                    open(sealers, request.deviceId(), "token", request.token().token());
            ObjectNode body = request.message().isPresent()
                    ? shown(request, request.message().get(), sealers, senderName)
                    : object(open(sealers, request.itemId(), "body", request.body()));
            Optional<ObjectNode> blocks = Optional.empty();
            if (request.vendorBlocks().isPresent()) {
                blocks = Optional.of(object(open(
                        sealers,
                        request.itemId(),
                        "vendors",
                        request.vendorBlocks().get())));
            }
            return new Ready(message(request, new String(token, StandardCharsets.UTF_8), body, blocks));
        } catch (IllegalArgumentException | IOException e) {
            return new Unusable(Codes.UNREADABLE);
        }
    }

    private static ObjectNode shown(
            VendorRequest request, ShownMessage message, Map<String, Sealer> sealers, Optional<String> senderName)
            throws IOException {
        Optional<String> name = message.conversationName()
                .map(hidden -> new String(
                        open(sealers, message.ref().conversationId(), "name", hidden), StandardCharsets.UTF_8));
        JsonNode content = JSON.readTree(open(sealers, message.origin(), "content", request.body()));
        var push = message.push().isEmpty()
                ? Optional.<ObjectNode>empty()
                : Optional.of(object(
                        open(sealers, message.origin(), "push", message.push().get())));
        return MessagePreview.of(message, name.or(() -> senderName), content, push);
    }

    private static byte[] open(Map<String, Sealer> sealers, String item, String field, Sealed sealed) {
        return Optional.ofNullable(sealers.get(sealed.subject()))
                .orElseThrow(() -> new IllegalArgumentException("no key"))
                .open(item, field, sealed);
    }

    private static ObjectNode object(byte[] json) throws IOException {
        if (JSON.readTree(json) instanceof ObjectNode object) {
            return object;
        }
        throw new IllegalArgumentException("not an object");
    }

    private static VendorMessage message(
            VendorRequest request, String token, ObjectNode body, Optional<ObjectNode> blocks)
            throws JsonProcessingException {
        return new VendorMessage(
                token,
                request.token().topic(),
                request.itemId(),
                request.itemSeq(),
                text(body, "title"),
                text(body, "body"),
                data(body.path("data")),
                text(body, "sound"),
                text(body, "imageUrl"),
                text(body, "clickAction"),
                text(body, "category").orElse("standard"),
                blocks.map(all -> all.get(request.token().channel()))
                        .filter(ObjectNode.class::isInstance)
                        .map(ObjectNode.class::cast),
                request.message().flatMap(any -> text(body, "collapseKey")).or(request::collapseKey),
                request.badge(),
                request.silent(),
                request.priority(),
                request.expiresAt());
    }

    private static Optional<String> text(ObjectNode object, String name) {
        return Optional.ofNullable(object.get(name)).filter(JsonNode::isTextual).map(JsonNode::textValue);
    }

    private static SortedMap<String, String> data(JsonNode data) throws JsonProcessingException {
        SortedMap<String, String> entries = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : data.properties()) {
            JsonNode value = entry.getValue();
            entries.put(entry.getKey(), value.isValueNode() ? value.asText() : JSON.writeValueAsString(value));
        }
        return Collections.unmodifiableSortedMap(entries);
    }
}
