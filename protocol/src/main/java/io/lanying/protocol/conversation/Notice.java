package io.lanying.protocol.conversation;

import io.lanying.protocol.Remoted;
import io.lanying.protocol.device.ItemKind;
import java.util.List;
import java.util.Optional;

/**
 * One thing that happened in a conversation, as one member's devices are to hold it.
 *
 * @param eventSeq the conversation's event that it was; of a range of messages the last one's; 0 for {@code READ} and
 *     {@code RECEIPT}, which are none
 * @param kind {@code MESSAGE} (one item for each number of the range), {@code EDIT}, {@code RECALL}, {@code READ} or
 *     {@code RECEIPT} (one item)
 * @param toSeq the last message it is about; for all kinds but {@code MESSAGE} the same as {@code fromSeq}
 * @param version of the content; 0 where the kind has none
 * @param alert what a push vendor may make of it
 * @param messages their contents, in order, as far as they are small and at hand: spares a device that hands out at once the
 *     question; a device never journals them
 * @param receipt what a {@code RECEIPT} says
 */
public record Notice(
        long eventSeq,
        ItemKind kind,
        long fromSeq,
        long toSeq,
        int version,
        Alert alert,
        List<StoredMessage> messages,
        Optional<Receipt> receipt)
        implements Remoted {

    public Notice {
        messages = messages == null ? List.of() : List.copyOf(messages);
    }

    /** One that is no receipt. */
    public Notice(
            long eventSeq,
            ItemKind kind,
            long fromSeq,
            long toSeq,
            int version,
            Alert alert,
            List<StoredMessage> messages) {
        this(eventSeq, kind, fromSeq, toSeq, version, alert, messages, Optional.empty());
    }

    /** How far the member's own messages have come. */
    public static Notice of(Receipt receipt) {
        return new Notice(
                0,
                ItemKind.RECEIPT,
                receipt.messageSeq(),
                receipt.messageSeq(),
                0,
                Alert.NONE,
                List.of(),
                Optional.of(receipt));
    }
}
