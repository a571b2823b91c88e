package io.lanying.protocol.wire;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An {@code item} frame but for its body, as the server writes it. */
public record ItemHead(
        long itemSeq,
        String id,
        @Nullable String notificationId,
        String kind,
        Instant at,
        @Nullable Long redeliveryOf) {}
