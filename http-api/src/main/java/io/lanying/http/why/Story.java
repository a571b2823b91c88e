package io.lanying.http.why;

import io.lanying.protocol.device.Fate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What became of one notification on one device.
 *
 * @param deviceKnown whether the device has ever had an event
 * @param acceptedAt absent if the device never had the notification
 * @param reason one sentence for people, or the recorded reason such as {@code backlog}
 * @param timeline in order, at most {@link StoryFold#MAX_ENTRIES}
 */
public record Story(boolean deviceKnown, Optional<Instant> acceptedAt, Fate fate, String reason, List<Entry> timeline) {

    public Story {
        timeline = List.copyOf(timeline);
    }

    /** One thing that happened. */
    public record Entry(Instant at, String event, Map<String, Object> detail) {

        public Entry {
            detail = Map.copyOf(detail);
        }
    }
}
