package io.lanying.actors.conversation;

import akka.actor.typed.RecipientRef;
import akka.actor.typed.javadsl.ActorContext;
import io.lanying.actors.conversation.ConversationMessage.Told;
import io.lanying.protocol.DirectAsk;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.conversation.ConversationCommand;
import io.lanying.protocol.conversation.ConversationNews;
import io.lanying.protocol.journal.Journal;
import io.lanying.protocol.user.UserCommand;
import io.lanying.protocol.user.UserCommand.BringNews;
import io.lanying.protocol.user.UserReply;
import io.lanying.protocol.user.UserReply.NewsBrought;
import io.lanying.protocol.user.UserReply.NewsLater;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How a conversation reaches its users and its own journal; answers come back as its own messages. */
final class Messenger {

    /** Where users are. */
    @FunctionalInterface
    interface Users {
        RecipientRef<UserCommand> of(EntityId user);
    }

    private final ActorContext<ConversationCommand> context;
    private final EntityId conversation;
    private final Users users;
    private final Journal journal;
    private final PositionBook book;
    private final Duration timeout;

    Messenger(
            ActorContext<ConversationCommand> context,
            EntityId conversation,
            Users users,
            Journal journal,
            PositionBook book,
            Duration timeout) {
        this.context = context;
        this.conversation = conversation;
        this.users = users;
        this.journal = journal;
        this.book = book;
        this.timeout = timeout;
    }

    /**
     * Brings news, with what is unread as far as it is known.
     *
     * @param answer makes the conversation's own message of what the user made of it
     */
    void bring(
            ConversationState state, String userId, ConversationNews news, Function<Told, ConversationCommand> answer) {
        var counted = news.with(book.counts(state, userId));
        context.pipeToSelf(
                DirectAsk.<UserCommand, UserReply>ask(
                        users.of(new EntityId(conversation.tenant(), userId)),
                        replyTo -> new BringNews(counted, replyTo),
                        timeout,
                        context.getSystem().scheduler()),
                (reply, failure) -> answer.apply(told(reply)));
    }

    private static Told told(@Nullable UserReply reply) {
        if (reply instanceof NewsBrought) {
            return Told.TAKEN;
        }
        return reply instanceof NewsLater ? Told.LATER : Told.SILENT;
    }

    /** Reads a page of events; {@code late} comes back with it. */
    void read(long after, long upTo, boolean late) {
        context.pipeToSelf(
                journal.events(
                        EntityKind.CONVERSATION,
                        conversation,
                        after + 1,
                        Math.min(upTo, after + NewsPage.MAX_EVENTS),
                        NewsPage.MAX_EVENTS),
                (events, failure) -> new ConversationMessage.NewsRead(
                        late, after, failure != null, events == null ? List.of() : events));
    }

    String conversationId() {
        return conversation.id();
    }

    void goOn() {
        context.getSelf().tell(new ConversationMessage.GoOn());
    }
}
