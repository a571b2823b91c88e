package io.lanying.channels.adapter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanying.protocol.device.Priority;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A message in clear, on its way to one vendor token; lives only for an attempt and is never logged.
 *
 * @param token the vendor's address of the device
 * @param topic the app the token belongs to, where the registration named it
 * @param itemId travels to the app as {@code id} beside the data, so that it can drop what it has already had; also what
 *     vendor-side ids are derived from, so that a repeat carries the same
 * @param data the caller's data, by name
 * @param block what only this vendor's channel gets, as the caller wrote it
 * @param badge the number to show; absent: untouched
 * @param silent without sound and alert
 * @param expiresAt when the vendor should stop trying
 */
public record VendorMessage(
        String token,
        Optional<String> topic,
        String itemId,
        long itemSeq,
        Optional<String> title,
        Optional<String> body,
        SortedMap<String, String> data,
        Optional<String> sound,
        Optional<String> imageUrl,
        Optional<String> clickAction,
        String category,
        Optional<ObjectNode> block,
        Optional<String> collapseKey,
        Optional<Integer> badge,
        boolean silent,
        Priority priority,
        Instant expiresAt) {

    /** Says what it is, not what it says. */
    @Override
    public String toString() {
        return "VendorMessage[" + itemId + "]";
    }
}
