package io.lanying.protocol.notification;

import io.lanying.protocol.Remoted;
import java.util.List;

/** What a notification's companion answers. */
public sealed interface NotificationPartReply extends Remoted {

    record Kept() implements NotificationPartReply {}

    record Counts(List<FateCount> counts) implements NotificationPartReply {

        public Counts {
            counts = counts == null ? List.of() : List.copyOf(counts);
        }
    }
}
