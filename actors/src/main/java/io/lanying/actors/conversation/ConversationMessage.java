package io.lanying.actors.conversation;

import akka.actor.typed.ActorRef;
import akka.persistence.typed.javadsl.ReplyEffect;
import io.lanying.actors.Reminders;
import io.lanying.actors.conversation.MessageReader.Found;
import io.lanying.protocol.conversation.ConversationCommand;
import io.lanying.protocol.conversation.ConversationEvent;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.journal.JournalEvent;
import io.lanying.protocol.position.Position;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** What a conversation tells itself. */
final class ConversationMessage {

    private ConversationMessage() {}

    record ReminderAnswered(Reminders.Answer answer) implements ConversationCommand.Internal {}

    /** Look whether somebody is to be told something. */
    record GoOn() implements ConversationCommand.Internal {}

    /** No message came for a while on which the end of a round could ride. */
    record NoteTold() implements ConversationCommand.Internal {}

    /**
     * What a command needs of the journal was read, or could not be.
     *
     * @param then what the command decides with it, in the state as it is by then
     */
    record WasRead(
            long ticket,
            ActorRef<ConversationReply> replyTo,
            boolean failed,
            List<Found> found,
            BiFunction<ConversationState, List<Found>, ReplyEffect<ConversationEvent, ConversationState>> then)
            implements ConversationCommand.Internal {}

    /** Events to be told of were read; {@code failed} if not. */
    record NewsRead(boolean late, long after, boolean failed, List<JournalEvent> events)
            implements ConversationCommand.Internal {}

    /** What a user made of news. */
    enum Told {
        TAKEN,
        LATER,
        SILENT
    }

    /** A user of a round has answered, or not. */
    record Brought(long round, String userId, Told told) implements ConversationCommand.Internal {}

    /** A user that is behind has answered, or not. */
    record BroughtLate(String userId, long upTo, Told told) implements ConversationCommand.Internal {}

    /** What watchers are to be told was gathered for long enough. */
    record TellWatchers() implements ConversationCommand.Internal {}

    /** A companion's positions were read; empty if they could not be. */
    record PositionsRead(int part, Optional<List<Position>> positions) implements ConversationCommand.Internal {}

    /** Companions have kept positions; empty if some may not have. */
    record PositionsKept(
            Optional<List<Position>> positions,
            ActorRef<ConversationReply> replyTo,
            Function<ConversationState, ConversationReply> then)
            implements ConversationCommand.Internal {}

    /** What senders are to be told was gathered for long enough. */
    record BringReceipts() implements ConversationCommand.Internal {}

    /** Companions have kept what senders are to be told; empty if some may not have. */
    record ReceiptsKept(Optional<List<Position>> positions) implements ConversationCommand.Internal {}

    /** Rows of who is in it were written, or not, as of the event that last changed that. */
    record RowsWritten(long membersAt, MemberRows.Outcome outcome, List<MemberRows.Waiting> waiting)
            implements ConversationCommand.Internal {}

    record Idle() implements ConversationCommand.Internal {}

    record Stop() implements ConversationCommand.Internal {}
}
