package io.lanying.actors.conversation;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.conversation.ConversationCommand;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationReply.PositionIs;
import io.lanying.protocol.conversation.ConversationReply.Refused;
import io.lanying.protocol.conversation.ConversationSnapshot.Member;
import io.lanying.protocol.conversation.Counts;
import io.lanying.protocol.conversation.PositionReport;
import io.lanying.protocol.position.ConversationParts;
import io.lanying.protocol.position.Position;
import io.lanying.protocol.position.PositionChange;
import io.lanying.protocol.position.PositionsCommand;
import io.lanying.protocol.position.PositionsCommand.Keep;
import io.lanying.protocol.position.PositionsReply;
import io.lanying.protocol.position.PositionsReply.PositionsAre;
import io.lanying.protocol.position.ReceiptChange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The positions of members, which companions keep: a copy, read from them when it is first needed, so that what is unread can be said
 * with each message. Mutable, of one incarnation of the entity. Whatever is kept goes through it to the companions; only their
 * answers change it.
 */
final class PositionBook {

    /** Asks a companion wherever it lives. */
    @FunctionalInterface
    interface Companions {
        CompletionStage<PositionsReply> ask(
                EntityId part, Function<ActorRef<PositionsReply>, PositionsCommand> command);
    }

    /** Whether the positions are known. */
    enum Cover {
        KNOWN,
        /** They are being read: the entity is told when that has ended. */
        ASKED,
        /** They could not be read a moment ago. */
        UNAVAILABLE
    }

    /** Messages wait for each try: not more often. */
    private static final Duration REFUSAL_PAUSE = Duration.ofSeconds(5);

    private final ActorContext<ConversationCommand> context;
    private final EntityId conversation;
    private final Companions companions;
    private final KnownPositions positions = new KnownPositions();
    private final Set<Integer> asked = new HashSet<>();
    private boolean known;
    private @Nullable Instant failedAt;

    PositionBook(ActorContext<ConversationCommand> context, EntityId conversation, Companions companions) {
        this.context = context;
        this.conversation = conversation;
        this.companions = companions;
    }

    void reset() {
        positions.clear();
        asked.clear();
        known = false;
        failedAt = null;
    }

    /** Begins to read them if they are not known. */
    Cover require(ConversationState state, Instant now) {
        if (known) {
            return Cover.KNOWN;
        }
        if (!asked.isEmpty()) {
            return Cover.ASKED;
        }
        if (failedAt != null && now.isBefore(failedAt.plus(REFUSAL_PAUSE))) {
            return Cover.UNAVAILABLE;
        }
        failedAt = null;
        int parts = state.roster().parts();
        for (int part = 0; part < parts; part++) {
            int number = part;
            asked.add(number);
            context.pipeToSelf(
                    companions.ask(ConversationParts.id(conversation, number), PositionsCommand.Get::new),
                    (reply, failure) -> new ConversationMessage.PositionsRead(number, positionsIn(reply)));
        }
        known = asked.isEmpty();
        return known ? Cover.KNOWN : Cover.ASKED;
    }

    /** A companion has answered, or not; whether that was the last one to wait for. */
    boolean read(ConversationState state, ConversationMessage.PositionsRead read, Instant now) {
        if (!asked.remove(read.part())) {
            return false;
        }
        if (read.positions().isPresent()) {
            positions.take(state, read.positions().get());
        } else {
            failedAt = now;
        }
        known = asked.isEmpty() && failedAt == null;
        return asked.isEmpty();
    }

    /** What is unread for a member; empty while that is not known. For who is none, nothing is. */
    Optional<Counts> counts(ConversationState state, String userId) {
        var member = state.roster().member(userId);
        if (member.isEmpty()) {
            return Optional.of(new Counts(0, state.log().lastSeq(), false));
        }
        return known ? member.map(is -> positions.counts(state, is)) : Optional.empty();
    }

    PositionIs positionOf(ConversationState state, Member member) {
        return positions.positionOf(state, member);
    }

    /** What of these reports the companions do not know yet. */
    Map<Integer, List<PositionChange>> news(ConversationState state, List<PositionReport> reports) {
        return positions.news(state, reports);
    }

    /** What of how far messages have come the companions do not know yet, once they have kept these changes. */
    Map<Integer, List<ReceiptChange>> receiptsAfter(
            ConversationState state, Map<Integer, List<PositionChange>> changes, int maxMembers) {
        var moved = changes.values().stream().flatMap(List::stream).toList();
        return new Receipts(state, moved.isEmpty() ? positions : positions.after(moved), maxMembers).changes();
    }

    /** How far messages have come, as far as that is known. */
    Receipts receipts(ConversationState state) {
        return new Receipts(state, positions, 0);
    }

    /** Whether companions may still have to tell some. */
    boolean mayOweReceipts() {
        return positions.mayOweReceipts();
    }

    /**
     * Has the companions keep changes.
     *
     * @param receipts what they are to tell that follows from them
     * @param then what the entity answers when all have
     */
    void keep(
            Map<Integer, List<PositionChange>> changes,
            Map<Integer, List<ReceiptChange>> receipts,
            ActorRef<ConversationReply> replyTo,
            Function<ConversationState, ConversationReply> then) {
        context.pipeToSelf(
                keep(changes, receipts),
                (now, failure) -> new ConversationMessage.PositionsKept(Optional.ofNullable(now), replyTo, then));
    }

    /** Has the companions keep what they are to tell. */
    void bring(Map<Integer, List<ReceiptChange>> receipts) {
        context.pipeToSelf(
                keep(Map.of(), receipts),
                (now, failure) -> new ConversationMessage.ReceiptsKept(Optional.ofNullable(now)));
    }

    private CompletionStage<List<Position>> keep(
            Map<Integer, List<PositionChange>> changes, Map<Integer, List<ReceiptChange>> receipts) {
        CompletionStage<List<Position>> all = CompletableFuture.completedFuture(List.of());
        var parts = new TreeSet<>(changes.keySet());
        parts.addAll(receipts.keySet());
        for (int part : parts) {
            var moved = changes.getOrDefault(part, List.of());
            var said = receipts.getOrDefault(part, List.of());
            CompletionStage<List<Position>> kept = companions
                    .ask(ConversationParts.id(conversation, part), to -> new Keep(conversation.id(), moved, said, to))
                    .thenApply(reply -> positionsIn(reply)
                            .orElseThrow(() -> new IllegalStateException("a companion answered " + reply)));
            all = all.thenCombine(kept, PositionBook::both);
        }
        return all;
    }

    /** Companions may have kept something that they did not say: they are asked again when it is needed. */
    void doubt() {
        known = false;
    }

    /** Companions have kept something; what they said is known from now on. */
    void kept(ConversationState state, List<Position> now) {
        positions.take(state, now);
    }

    /** The refusal while positions cannot be read or kept. */
    static Refused unavailable() {
        return new Refused(ErrorCode.UNAVAILABLE, "positions cannot be read or kept just now");
    }

    private static Optional<List<Position>> positionsIn(@Nullable PositionsReply reply) {
        return reply instanceof PositionsAre are ? Optional.of(are.positions()) : Optional.empty();
    }

    private static List<Position> both(List<Position> some, List<Position> more) {
        var all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }
}
