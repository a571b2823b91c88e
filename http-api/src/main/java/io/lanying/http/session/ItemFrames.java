package io.lanying.http.session;

import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.sealing.Sealed;
import io.lanying.protocol.sealing.Sealer;
import io.lanying.protocol.session.SessionMessage.Item;
import io.lanying.protocol.wire.FrameCodec;
import io.lanying.protocol.wire.ItemHead;
import io.lanying.protocol.wire.ServerFrame;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A device's items as frames: this is where sealed bodies are opened, last thing before they leave. Thread-safe. */
public final class ItemFrames {

    private final FrameCodec codec;

    public ItemFrames(FrameCodec codec) {
        this.codec = codec;
    }

    /** An item whose kind and id, or whose message's place, say all. Ids hold nothing that JSON escapes. */
    public byte[] bodiless(Item item) {
        byte[] body = item.ref()
                .map(ref -> item.receipt()
                        .map(receipt -> MessageBody.receipt(ref.conversationId(), receipt))
                        .orElseGet(() -> MessageBody.place(ref)))
                .orElseGet(() -> ("{\"id\":\"" + item.id() + "\"}").getBytes(StandardCharsets.UTF_8));
        return codec.writeItem(head(item), body);
    }

    /** Empty if what is sealed cannot be opened with this key, or is not what was sealed. */
    public Optional<byte[]> opened(Item item, Sealed sealed, Sealer sealer) {
        try {
            return Optional.of(codec.writeItem(head(item), body(item, sealed, sealer)));
        } catch (IllegalArgumentException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    /** Numbers that will never come. */
    public byte[] gone(long fromSeq, long toSeq, Fate fate) {
        return codec.write(new ServerFrame.Gone(fromSeq, toSeq, fate.wireName()));
    }

    private static byte[] body(Item item, Sealed sealed, Sealer sealer) {
        if (item.ref().isEmpty() || item.message().isEmpty()) {
            return sealer.open(item.id(), "body", sealed);
        }
        var message = item.message().get();
        String origin = message.content().orElseThrow().origin();
        return MessageBody.of(item.ref().get(), message, sealer.open(origin, "content", sealed));
    }

    private static ItemHead head(Item item) {
        boolean ofNotification =
                item.ref().isEmpty() && (item.kind() == ItemKind.PUSH || item.kind() == ItemKind.RECALL);
        return new ItemHead(
                item.itemSeq(),
                item.id(),
                ofNotification ? item.id() : null,
                item.kind().wireName(),
                item.at(),
                item.redeliveryOf().orElse(null));
    }
}
