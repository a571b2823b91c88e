package io.lanying.actors.conversation;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.ConversationCommand.Admit;
import io.lanying.protocol.conversation.ConversationCommand.Edit;
import io.lanying.protocol.conversation.ConversationCommand.Post;
import io.lanying.protocol.conversation.ConversationCommand.Recall;
import io.lanying.protocol.conversation.ConversationEvent.MessageEdited;
import io.lanying.protocol.conversation.ConversationEvent.MessagePosted;
import io.lanying.protocol.conversation.ConversationEvent.MessageRecalled;
import io.lanying.protocol.conversation.ConversationLimits;
import io.lanying.protocol.conversation.ConversationReply.Admitted;
import io.lanying.protocol.conversation.ConversationReply.Edited;
import io.lanying.protocol.conversation.ConversationReply.Posted;
import io.lanying.protocol.conversation.ConversationReply.Recalled;
import io.lanying.protocol.conversation.ConversationSnapshot.RememberedPost;
import io.lanying.protocol.conversation.MemberRole;
import io.lanying.protocol.conversation.SealedContent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a conversation decides about messages. Pure. */
record MessageDecisions(ConversationState state, ConversationEntitySettings limits, Instant now) {

    /** @param toldUpTo the event up to which everybody was told by now; rides on the message's event */
    Decision post(Post command, long toldUpTo) {
        if (state.head().isEmpty()) {
            return Decision.notFound();
        }
        var before = state.posts().find(command.senderId(), command.clientMessageId(), now);
        if (before.isPresent()) {
            return repeated(command, before.get());
        }
        var refused = whenArchived()
                .or(() -> new Rights(state)
                        .atLeast(
                                Optional.of(command.senderId()),
                                state.head().get().settings().mayPost()))
                .or(() -> tooMuch(command.content(), command.mentions()))
                .or(() -> command.replyToSeq()
                                .filter(seq -> !state.hasMessage(seq))
                                .isPresent()
                        ? Optional.of(Decision.refuse(ErrorCode.INVALID_REQUEST, "the message answered is not there"))
                        : Optional.empty())
                .or(this::whenFull);
        return refused.orElseGet(() -> posted(command, toldUpTo));
    }

    /** Whether somebody may see the conversation, or post to it. */
    Decision admit(Admit command) {
        if (state.head().isEmpty()) {
            return Decision.notFound();
        }
        var head = state.head().get();
        var least = command.toPost() ? head.settings().mayPost() : MemberRole.MEMBER;
        return (command.toPost() ? whenArchived() : Optional.<Decision>empty())
                .or(() -> new Rights(state).atLeast(command.userId(), least))
                .orElseGet(() -> Decision.answer(new Admitted(head.createdAt())));
    }

    private static Decision repeated(Post command, RememberedPost before) {
        return before.fingerprint().equals(command.fingerprint())
                ? Decision.answer(new Posted(before.messageSeq(), before.at(), true))
                : Decision.refuse(
                        ErrorCode.IDEMPOTENCY_KEY_REUSED, "the sender has posted something else with this id");
    }

    private Decision posted(Post command, long toldUpTo) {
        var event = new MessagePosted(
                state.timeOf(now),
                state.log().lastSeq() + 1,
                command.senderId(),
                command.clientMessageId(),
                command.fingerprint(),
                command.type(),
                command.content(),
                command.mentions(),
                command.replyToSeq(),
                command.silent(),
                Math.max(toldUpTo, state.news().told()));
        return new Decision(List.of(event), new Posted(event.messageSeq(), event.at(), false));
    }

    private Optional<Decision> whenFull() {
        return state.posts().isFull(limits.maxRemembered(), now)
                ? Optional.of(Decision.refuse(
                        ErrorCode.TOO_MANY_REQUESTS,
                        "at most " + limits.maxRemembered() + " messages in "
                                + ConversationLimits.REMEMBERED_FOR.toDays() + " days in one conversation"))
                : Optional.empty();
    }

    private Optional<Decision> whenArchived() {
        return state.head()
                .filter(head -> head.archived())
                .map(head -> Decision.refuse(ErrorCode.CONVERSATION_ARCHIVED, "the conversation is archived"));
    }

    private static Optional<Decision> tooMuch(SealedContent content, List<String> mentions) {
        if (content.bytes() > ConversationLimits.MAX_CONTENT_BYTES) {
            return Optional.of(Decision.refuse(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "a content is at most " + ConversationLimits.MAX_CONTENT_BYTES + " bytes"));
        }
        return mentions.size() > ConversationLimits.MAX_MENTIONS
                ? Optional.of(Decision.refuse(
                        ErrorCode.INVALID_REQUEST, "at most " + ConversationLimits.MAX_MENTIONS + " mentions"))
                : Optional.empty();
    }

    /** The refusal that needs no look at the message itself. */
    Optional<Decision> unreadable(long messageSeq) {
        if (state.head().isEmpty()) {
            return Optional.of(Decision.notFound());
        }
        return state.hasMessage(messageSeq)
                ? Optional.empty()
                : Optional.of(Decision.refuse(ErrorCode.NOT_FOUND, "no such message"));
    }

    /** @param message as it was posted */
    Decision edit(Edit command, MessagePosted message) {
        var change = state.log().change(command.messageSeq());
        var refused = unreadable(command.messageSeq())
                .or(this::whenArchived)
                .or(() -> new Rights(state).atLeast(Optional.of(command.senderId()), MemberRole.MEMBER))
                .or(() -> message.senderId().equals(command.senderId())
                        ? Optional.empty()
                        : Optional.of(Rights.forbidden("only its sender edits a message")))
                .or(() -> change.recalledAt()
                        .map(at -> Decision.refuse(ErrorCode.MESSAGE_RECALLED, "the message was recalled")));
        if (refused.isPresent()) {
            return refused.get();
        }
        if (change.fingerprint().filter(command.fingerprint()::equals).isPresent()) {
            return Decision.answer(new Edited(
                    command.messageSeq(),
                    state.log().versionOf(command.messageSeq()),
                    change.editedAt().orElseThrow()));
        }
        return mayStillEdit(command, message).orElseGet(() -> edited(command));
    }

    private Optional<Decision> mayStillEdit(Edit command, MessagePosted message) {
        if (message.type() != command.type()) {
            return Optional.of(Decision.refuse(
                    ErrorCode.INVALID_REQUEST,
                    "the message is of type " + message.type().wireName()));
        }
        var log = state.log();
        boolean tooOften = log.change(command.messageSeq()).edits().size() >= ConversationLimits.MAX_EDITS;
        boolean full = !log.isChanged(command.messageSeq()) && log.changed().size() >= limits.maxChanged();
        return tooMuch(command.content(), command.mentions())
                .or(() -> afterWindow(message, state.head().get().settings().editSeconds()))
                .or(() -> tooOften || full
                        ? Optional.of(Decision.refuse(
                                ErrorCode.LIMIT_REACHED,
                                tooOften
                                        ? "a message is edited at most " + ConversationLimits.MAX_EDITS + " times"
                                        : "too many messages of this conversation were edited or recalled"))
                        : Optional.empty());
    }

    private Decision edited(Edit command) {
        var event = new MessageEdited(
                state.timeOf(now),
                command.messageSeq(),
                state.log().versionOf(command.messageSeq()) + 1,
                command.senderId(),
                command.fingerprint(),
                command.content(),
                command.mentions());
        return new Decision(List.of(event), new Edited(event.messageSeq(), event.version(), event.at()));
    }

    /** @param message as it was posted */
    Decision recall(Recall command, MessagePosted message) {
        var change = state.log().change(command.messageSeq());
        var refused = unreadable(command.messageSeq());
        if (refused.isPresent()) {
            return refused.get();
        }
        if (change.recalledAt().isPresent()) {
            return Decision.answer(
                    new Recalled(command.messageSeq(), change.recalledAt().get()));
        }
        return mayRecall(command, message).or(this::whenNoRoom).orElseGet(() -> {
            var event = new MessageRecalled(state.timeOf(now), command.messageSeq(), command.by());
            return new Decision(List.of(event), new Recalled(event.messageSeq(), event.at()));
        });
    }

    private Optional<Decision> mayRecall(Recall command, MessagePosted message) {
        if (command.by().isEmpty()) {
            return Optional.empty();
        }
        boolean own = command.by().get().equals(message.senderId());
        return new Rights(state)
                .unlessArchived(command.by())
                .or(() -> new Rights(state).atLeast(command.by(), own ? MemberRole.MEMBER : MemberRole.ADMIN))
                .or(() -> afterWindow(message, state.head().get().settings().recallSeconds()));
    }

    /** Twice as many as may be edited: what has to be taken back can be, also when edits are refused. */
    private Optional<Decision> whenNoRoom() {
        return state.log().changed().size() >= 2L * limits.maxChanged()
                ? Optional.of(Decision.refuse(
                        ErrorCode.LIMIT_REACHED, "too many messages of this conversation were edited or recalled"))
                : Optional.empty();
    }

    private Optional<Decision> afterWindow(MessagePosted message, long seconds) {
        return now.isAfter(message.at().plusSeconds(seconds))
                ? Optional.of(
                        Decision.refuse(ErrorCode.TOO_LATE, "at most " + seconds + " seconds after it was posted"))
                : Optional.empty();
    }
}
