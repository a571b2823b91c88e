package io.lanying.protocol.user;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.Remoted;
import io.lanying.protocol.conversation.ConversationNews;
import java.util.Optional;

/** What can be asked of a user. Every reply comes after what it says is in the journal; no reply means unknown: ask again. */
public sealed interface UserCommand {

    /** Set the whole of what is known of the person. Answered with {@code Saved}. */
    record Put(Optional<UserName> name, UserSettings settings, ActorRef<UserReply> replyTo)
            implements UserCommand, Remoted {}

    /** Answered with {@code UserView}, or {@code Refused(NOT_FOUND)} if nothing was put. */
    record Get(ActorRef<UserReply> replyTo) implements UserCommand, Remoted {}

    /**
     * Forget the person: name and settings are gone, and the devices give up the vendor tokens they had. Answered with
     * {@code Deleted}, also when nothing was there. The person's key is not this entity's: the caller erases it afterwards.
     */
    record Delete(ActorRef<UserReply> replyTo) implements UserCommand, Remoted {}

    /**
     * A device has this user. Answered with {@code SettingsAre}; from then on it is told of each change. Harmless to repeat.
     *
     * @param binding the device's; what is said of an earlier one counts no more
     */
    record Join(String deviceId, int binding, ActorRef<UserReply> replyTo) implements UserCommand, Remoted {}

    /** The device has this user no more. Not answered: a device that is told of settings in vain says so. */
    record Leave(String deviceId, int binding) implements UserCommand, Remoted {}

    /**
     * News of a conversation for this user's devices. Answered with {@code NewsBrought} once each device has it, or is not this
     * user's any more; {@code NewsLater}: bring it in half a minute; no answer: bring it again. Nothing is journaled.
     *
     * @param exceptDevice a device that knows already: it is told only what is unread
     */
    record BringNews(ConversationNews news, Optional<String> exceptDevice, ActorRef<UserReply> replyTo)
            implements UserCommand, Remoted {

        /** News for every device. */
        public BringNews(ConversationNews news, ActorRef<UserReply> replyTo) {
            this(news, Optional.empty(), replyTo);
        }
    }

    /** A reminder fired. Harmless when needless. */
    record Wake(long reminderVersion) implements UserCommand, Remoted {}

    /** Messages of the entity to itself; never leave its node. */
    non-sealed interface Internal extends UserCommand {}
}
