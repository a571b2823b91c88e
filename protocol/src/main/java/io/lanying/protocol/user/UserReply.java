package io.lanying.protocol.user;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.Remoted;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a user answers, after the journal has it. */
public sealed interface UserReply extends Remoted {

    /** @param created whether nothing was known of the person before */
    record Saved(boolean created, UserView user) implements UserReply {}

    record Deleted() implements UserReply {}

    /**
     * The user as it is.
     *
     * @param deviceIds in the order in which they came
     */
    record UserView(
            Optional<UserName> name,
            UserSettings settings,
            List<String> deviceIds,
            Instant createdAt,
            Instant updatedAt)
            implements UserReply {

        public UserView {
            deviceIds = deviceIds == null ? List.of() : List.copyOf(deviceIds);
        }
    }

    /** @param version counts changes of the settings; 0 if there never were any */
    record SettingsAre(long version, UserSettings settings) implements UserReply {}

    /** All devices of the user know the conversation up to this event. */
    record NewsBrought(String conversationId, long upTo) implements UserReply {}

    /** All devices of the user would rather hear of the conversation later, more at once; none has these news. */
    record NewsLater(String conversationId) implements UserReply {}

    /** Refused; nothing changed. */
    record Refused(ErrorCode code, String detail) implements UserReply {}
}
