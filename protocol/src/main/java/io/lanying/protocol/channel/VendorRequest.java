package io.lanying.protocol.channel;

import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.MessageType;
import io.lanying.protocol.device.Category;
import io.lanying.protocol.device.Priority;
import io.lanying.protocol.device.VendorToken;
import io.lanying.protocol.sealing.Sealed;
import java.time.Instant;
import java.util.Optional;

/**
 * One item for one vendor token. Everything that a repeat after a node's death must have again is in it or follows from it,
 * so that the vendor sees the same ids.
 *
 * @param tenant whose credential is used
 * @param deviceId whose token it is; the token was sealed as field {@code token} of this id
 * @param itemId the item's id on every path (for a push the notification's id); it travels to the app as {@code id}
 * @param itemSeq the item's number in the device's stream
 * @param token the token as the device holds it
 * @param body the message, sealed as field {@code body} of {@code itemId}: the JSON object of a push item (api.md §3); of a
 *     message in a conversation its content, sealed as {@link ShownMessage} says
 * @param vendorBlocks what only one vendor's channel gets, sealed as field {@code vendors} of {@code itemId}: a JSON object by
 *     channel name
 * @param badge the number to show, already resolved; absent: untouched
 * @param silent without sound and alert, for quiet hours
 * @param category what a day's allowance counts by
 * @param expiresAt no attempt is made after this
 * @param message present if it is a message in a conversation
 */
public record VendorRequest(
        String tenant,
        String deviceId,
        String itemId,
        long itemSeq,
        VendorToken token,
        Sealed body,
        Optional<Sealed> vendorBlocks,
        Optional<String> collapseKey,
        Optional<Integer> badge,
        boolean silent,
        Priority priority,
        Category category,
        Instant expiresAt,
        Optional<ShownMessage> message) {

    /** A notification. */
    public VendorRequest(
            String tenant,
            String deviceId,
            String itemId,
            long itemSeq,
            VendorToken token,
            Sealed body,
            Optional<Sealed> vendorBlocks,
            Optional<String> collapseKey,
            Optional<Integer> badge,
            boolean silent,
            Priority priority,
            Category category,
            Instant expiresAt) {
        this(
                tenant,
                deviceId,
                itemId,
                itemSeq,
                token,
                body,
                vendorBlocks,
                collapseKey,
                badge,
                silent,
                priority,
                category,
                expiresAt,
                Optional.empty());
    }

    /**
     * What is known in clear of a message in a conversation, and what a vendor may show of it.
     *
     * @param origin what the content was sealed as field {@code content} of
     * @param conversationName sealed as field {@code name} of the conversation's id; absent: it has none
     * @param preview whether the content may be shown
     * @param senderId whose name stands where a conversation has none; absent: nobody's
     * @param push what to show instead, sealed as field {@code push} of the origin
     */
    public record ShownMessage(
            MessageRef ref,
            String origin,
            MessageType type,
            Optional<Sealed> conversationName,
            boolean preview,
            Optional<String> senderId,
            Optional<Sealed> push) {

        /** One without anything of its own to show. */
        public ShownMessage(
                MessageRef ref, String origin, MessageType type, Optional<Sealed> conversationName, boolean preview) {
            this(ref, origin, type, conversationName, preview, Optional.empty(), Optional.empty());
        }
    }

    /** The channel that carries it. */
    public ChannelId channel() {
        return token.channelId();
    }
}
