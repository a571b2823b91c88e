package io.lanying.actors.conversation;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.ConversationCommand.GetReceipts;
import io.lanying.protocol.conversation.ConversationEvent;
import io.lanying.protocol.conversation.ConversationEvent.ConversationChanged;
import io.lanying.protocol.conversation.ConversationEvent.ConversationDeleted;
import io.lanying.protocol.conversation.ConversationEvent.MemberRemoved;
import io.lanying.protocol.conversation.ConversationEvent.MembersAdded;
import io.lanying.protocol.conversation.ConversationEvent.MessagePosted;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationReply.Reached;
import io.lanying.protocol.conversation.ConversationReply.ReceiptsAre;
import io.lanying.protocol.conversation.ConversationSnapshot.Member;
import io.lanying.protocol.conversation.ConversationSnapshot.Said;
import io.lanying.protocol.conversation.ConversationSnapshot.Seat;
import io.lanying.protocol.conversation.ConversationType;
import io.lanying.protocol.conversation.MessageType;
import io.lanying.protocol.conversation.Receipt;
import io.lanying.protocol.position.ConversationParts;
import io.lanying.protocol.position.ReceiptChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far each sender's messages have come, counted from the positions of all members; and what is new of that to the companions that
 * tell it. Pure.
 *
 * @param known positions as companions have them, or are about to
 * @param maxMembers beyond so many members nobody is told
 */
record Receipts(ConversationState state, KnownPositions known, int maxMembers) {

    /** Whether senders may be told something else after it. */
    static boolean concerns(ConversationEvent event) {
        return event instanceof MessagePosted
                || event instanceof MemberRemoved
                || event instanceof MembersAdded
                || event instanceof ConversationChanged
                || event instanceof ConversationDeleted;
    }

    static boolean isDirect(ConversationState state) {
        return state.head()
                .filter(head -> head.type() == ConversationType.DIRECT)
                .isPresent();
    }

    /** Whether anybody is told at all. */
    static boolean areGiven(ConversationState state, int maxMembers) {
        return state.roster().members().size() <= maxMembers
                && state.head().filter(head -> head.settings().givesReceipts()).isPresent();
    }

    /** What companions do not know yet that they are to tell, or to tell no more, by companion. */
    Map<Integer, List<ReceiptChange>> changes() {
        var changes = new HashMap<Integer, List<ReceiptChange>>();
        var news = new ArrayList<ReceiptChange>();
        boolean given = areGiven(state, maxMembers);
        if (given) {
            var reach = Reach.of(state, known);
            for (Member each : state.roster().members().values()) {
                change(reach, each).ifPresent(news::add);
            }
        }
        news.addAll(known.calledOff(state, given));
        news.forEach(change -> changes.computeIfAbsent(ConversationParts.of(change.place()), any -> new ArrayList<>())
                .add(change));
        return changes;
    }

    private Optional<ReceiptChange> change(Reach reach, Member sender) {
        var seat = sender.seat().orElseThrow();
        var told = known.receiptOf(sender);
        return said(seat).flatMap(said -> reach.receipt(said.messageSeq(), state.membersAt())
                .filter(now -> isNews(told, now, said))
                .map(now -> new ReceiptChange(seat.place(), sender.userId(), sender.joinedEvent(), Optional.of(now))));
    }

    /** Nobody is told of a message that nobody has yet, unless an earlier one has got on. */
    private static boolean isNews(Optional<Receipt> told, Receipt now, Said said) {
        var before = told.orElse(new Receipt(0, 0, 0, 0, 0, 0, 0));
        if (before.and(now).saysTheSameAs(before)) {
            return false;
        }
        return before.messageSeq() == now.messageSeq()
                || now.delivered() > 0
                || Math.min(now.deliveredSeq(), said.before()) > before.deliveredSeq()
                || Math.min(now.readSeq(), said.before()) > before.readSeq();
    }

    /** Snapshots from before there were receipts do not say it. */
    private Optional<Said> said(Seat seat) {
        return seat.said().or(() -> Optional.of(new Said(seat.postedSeq(), seat.postedSeq() - 1))
                .filter(said -> said.messageSeq() > 0 && !state.commands().contains(said.messageSeq())));
    }

    /** A page of who has a message. */
    ConversationReply page(MessagePosted message, GetReceipts get) {
        var refused = refusal(message, get);
        if (refused.isPresent()) {
            return refused.get().reply();
        }
        long seq = message.messageSeq();
        var others = state.roster().members().values().stream()
                .filter(member -> member.joinedSeq() < seq && !member.userId().equals(message.senderId()))
                .toList();
        var rest = others.stream()
                .filter(member -> get.after()
                        .filter(after -> member.userId().compareTo(after) <= 0)
                        .isEmpty())
                .toList();
        var page = rest.stream()
                .limit(get.limit())
                .map(member -> new Reached(member.userId(), known.delivered(member) >= seq, known.read(member) >= seq))
                .toList();
        return new ReceiptsAre(
                others.size(),
                (int) others.stream()
                        .filter(member -> known.delivered(member) >= seq)
                        .count(),
                (int) others.stream()
                        .filter(member -> known.read(member) >= seq)
                        .count(),
                page,
                rest.size() > page.size());
    }

    private Optional<Decision> refusal(MessagePosted message, GetReceipts get) {
        if (get.userId().isPresent()) {
            if (state.roster().member(get.userId().get()).isEmpty()) {
                return Optional.of(Rights.notAMember());
            }
            if (!get.userId().get().equals(message.senderId())) {
                return Optional.of(Rights.forbidden("only its sender sees who has a message"));
            }
            if (state.head().filter(head -> head.settings().givesReceipts()).isEmpty()) {
                return Optional.of(Rights.forbidden("the conversation gives no receipts"));
            }
        }
        return message.type() == MessageType.COMMAND
                ? Optional.of(Decision.refuse(ErrorCode.NOT_FOUND, "a command has no receipts"))
                : Optional.empty();
    }
}
