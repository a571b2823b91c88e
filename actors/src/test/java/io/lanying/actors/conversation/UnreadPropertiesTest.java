package io.lanying.actors.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.actors.position.PositionsFold;
import io.lanying.protocol.conversation.ConversationCommand.Create;
import io.lanying.protocol.conversation.ConversationCommand.Delete;
import io.lanying.protocol.conversation.ConversationCommand.Edit;
import io.lanying.protocol.conversation.ConversationCommand.Post;
import io.lanying.protocol.conversation.ConversationCommand.PutMember;
import io.lanying.protocol.conversation.ConversationCommand.Recall;
import io.lanying.protocol.conversation.ConversationCommand.RemoveMember;
import io.lanying.protocol.conversation.ConversationEvent;
import io.lanying.protocol.conversation.ConversationEvent.ConversationCreated;
import io.lanying.protocol.conversation.ConversationEvent.ConversationDeleted;
import io.lanying.protocol.conversation.ConversationEvent.MemberRemoved;
import io.lanying.protocol.conversation.ConversationEvent.MembersAdded;
import io.lanying.protocol.conversation.ConversationEvent.MessagePosted;
import io.lanying.protocol.conversation.ConversationEvent.MessageRecalled;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.ConversationSettings;
import io.lanying.protocol.conversation.ConversationSnapshot.Member;
import io.lanying.protocol.conversation.ConversationType;
import io.lanying.protocol.conversation.HistoryFrom;
import io.lanying.protocol.conversation.MemberRole;
import io.lanying.protocol.conversation.MessageType;
import io.lanying.protocol.conversation.NewMember;
import io.lanying.protocol.conversation.PositionReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Random histories: after each step, what is unread for each member is what a recount of all events and reports says. */
class UnreadPropertiesTest {

    private static final List<String> USERS = List.of("a", "b", "c", "d", "e");

    enum Intent {
        POST,
        POST_COMMAND,
        EDIT,
        RECALL,
        READ,
        DELIVERED,
        JOIN,
        LEAVE,
        DELETE,
        CREATE,
        RECOVER
    }

    /** @param at which message, counted from the last one back; below 0: beyond it */
    record Move(Intent intent, int user, int at) {}

    @Provide
    Arbitrary<List<Move>> moves() {
        return Combinators.combine(
                        Arbitraries.frequency(
                                Tuple.of(12, Intent.POST),
                                Tuple.of(3, Intent.POST_COMMAND),
                                Tuple.of(2, Intent.EDIT),
                                Tuple.of(4, Intent.RECALL),
                                Tuple.of(8, Intent.READ),
                                Tuple.of(3, Intent.DELIVERED),
                                Tuple.of(4, Intent.JOIN),
                                Tuple.of(3, Intent.LEAVE),
                                Tuple.of(1, Intent.DELETE),
                                Tuple.of(2, Intent.CREATE),
                                Tuple.of(1, Intent.RECOVER)),
                        Arbitraries.integers().between(0, USERS.size() - 1),
                        Arbitraries.integers().between(-3, 12))
                .as(Move::new)
                .list()
                .ofMinSize(20)
                .ofMaxSize(220);
    }

    @Property(tries = 150)
    void unreadIsWhatARecountSays(@ForAll("moves") List<Move> moves, @ForAll HistoryFrom history) {
        var world = new World(history);
        world.make(new Move(Intent.CREATE, 0, 0));
        for (Move move : moves) {
            world.make(move);
            world.check();
        }
    }

    /** One conversation with its companion, and all that ever happened, for the recount. */
    private static final class World {

        private final ConversationEntitySettings limits =
                ConversationRig.settings(10_000, 10_000, Duration.ofSeconds(1), Duration.ofSeconds(1));
        private final HistoryFrom history;
        private final List<ConversationEvent> events = new ArrayList<>();
        private final Map<Integer, String> placeOf = new HashMap<>();
        private final Recount recount = new Recount();
        private ConversationState state = ConversationState.initial();
        private final PositionsFold companion = new PositionsFold();
        private KnownPositions known = new KnownPositions();
        private Instant now = ConversationRig.NOW;
        private int posts;

        World(HistoryFrom history) {
            this.history = history;
        }

        void make(Move move) {
            now = now.plusSeconds(1);
            String user = USERS.get(move.user());
            long seq = state.log().lastSeq() - move.at();
            switch (move.intent()) {
                case POST -> post(user, MessageType.TEXT);
                case POST_COMMAND -> post(user, MessageType.COMMAND);
                case EDIT -> edit(user, seq);
                case RECALL -> recall(seq);
                case READ -> report(new PositionReport(user, seq, 0, Optional.empty()));
                case DELIVERED -> report(new PositionReport(user, 0, seq, Optional.empty()));
                case JOIN ->
                    decide(new MemberDecisions(state, now)
                            .put(new PutMember(user, Optional.empty(), Optional.empty(), Optional.empty(), null)));
                case LEAVE ->
                    decide(new MemberDecisions(state, now).remove(new RemoveMember(user, 0, Optional.empty(), null)));
                case DELETE -> decide(new LifeDecisions(state, now).delete(new Delete(Optional.empty(), null)));
                case CREATE -> create(user);
                case RECOVER -> recover();
            }
        }

        private void create(String user) {
            var settings = new ConversationSettings(
                    MemberRole.MEMBER, MemberRole.ADMIN, MemberRole.ADMIN, history, 86_400, 86_400, true);
            decide(new LifeDecisions(state, now)
                    .create(new Create(
                            ConversationType.GROUP,
                            Optional.empty(),
                            settings,
                            List.of(new NewMember(user, MemberRole.MEMBER)),
                            "k" + events.size(),
                            "f",
                            null)));
        }

        private void post(String user, MessageType type) {
            String own = "m" + ++posts;
            var post = new Post(
                    user, own, "f" + own, type, ConversationRig.content(own), List.of(), Optional.empty(), false, null);
            decide(new MessageDecisions(state, limits, now).post(post, 0));
        }

        private void edit(String user, long seq) {
            messageOf(seq)
                    .ifPresent(message -> decide(new MessageDecisions(state, limits, now)
                            .edit(
                                    new Edit(
                                            seq,
                                            user,
                                            "e" + events.size(),
                                            message.type(),
                                            message.content(),
                                            List.of(),
                                            null),
                                    message)));
        }

        private void recall(long seq) {
            messageOf(seq)
                    .ifPresent(message -> decide(new MessageDecisions(state, limits, now)
                            .recall(new Recall(seq, Optional.empty(), null), message)));
        }

        private Optional<MessagePosted> messageOf(long seq) {
            return events.stream()
                    .filter(MessagePosted.class::isInstance)
                    .map(MessagePosted.class::cast)
                    .filter(message -> message.messageSeq() == seq)
                    .findFirst();
        }

        /** As the entity does: what the companion keeps comes back and is known. */
        private void report(PositionReport report) {
            recount.reported(report, state.log().lastSeq());
            known.news(state, List.of(report))
                    .forEach((part, changes) -> known.take(state, companion.keep("g1", changes, now)));
        }

        /** Another node: all that is known comes from snapshot and companion. */
        private void recover() {
            var again = ConversationState.fromSnapshot(state.toSnapshot());
            assertThat(again).isEqualTo(state);
            state = again;
            known = new KnownPositions();
            known.take(state, companion.all());
        }

        private void decide(Decision decision) {
            for (ConversationEvent event : decision.events()) {
                state = state.apply(event);
                events.add(event);
                recount.happened(event);
            }
            assertThat(decision.reply()).isInstanceOf(ConversationReply.class);
        }

        void check() {
            placeOf.clear();
            for (Member member : state.roster().members().values()) {
                var position = known.positionOf(state, member);
                assertThat(position.unread())
                        .as("unread of %s after %s", member.userId(), events)
                        .isEqualTo(recount.unread(member.userId()));
                assertThat(position.readSeq()).isEqualTo(recount.position(member.userId()));
                assertThat(position.deliveredSeq()).isEqualTo(recount.delivered(member.userId()));
                int place = member.seat().orElseThrow().place();
                assertThat(placeOf.put(place, member.userId())).isNull();
                assertThat(place).isLessThan(USERS.size());
            }
            assertThat(state.roster().parts()).isEqualTo(placeOf.isEmpty() ? 0 : 1);
        }
    }

    /** Counts from nothing but events and reports, one message at a time. */
    private static final class Recount {

        private final TreeMap<Long, MessagePosted> messages = new TreeMap<>();
        private final Map<Long, Boolean> recalled = new HashMap<>();
        private final Map<String, Long> read = new HashMap<>();
        private final Map<String, Long> delivered = new HashMap<>();

        void happened(ConversationEvent event) {
            if (event instanceof ConversationCreated created) {
                read.clear();
                delivered.clear();
                created.members().forEach(member -> joined(member.userId()));
            } else if (event instanceof ConversationDeleted) {
                read.clear();
                delivered.clear();
            } else if (event instanceof MembersAdded added) {
                added.members().forEach(member -> joined(member.userId()));
            } else if (event instanceof MemberRemoved removed) {
                read.remove(removed.userId());
                delivered.remove(removed.userId());
            } else if (event instanceof MessagePosted posted) {
                messages.put(posted.messageSeq(), posted);
                read.put(posted.senderId(), posted.messageSeq());
            } else if (event instanceof MessageRecalled recall) {
                recalled.put(recall.messageSeq(), true);
            }
        }

        private void joined(String userId) {
            read.put(userId, last());
            delivered.put(userId, last());
        }

        void reported(PositionReport report, long last) {
            raise(read, report.userId(), Math.min(report.readSeq(), last));
            raise(delivered, report.userId(), Math.min(report.deliveredSeq(), last));
        }

        private static void raise(Map<String, Long> positions, String userId, long to) {
            positions.computeIfPresent(userId, (id, before) -> Math.max(before, to));
        }

        private long last() {
            return messages.isEmpty() ? 0 : messages.lastKey();
        }

        long position(String userId) {
            return read.get(userId);
        }

        long delivered(String userId) {
            return Math.max(delivered.get(userId), read.get(userId));
        }

        long unread(String userId) {
            return messages.tailMap(read.get(userId), false).values().stream()
                    .filter(message -> message.type() != MessageType.COMMAND)
                    .filter(message -> !recalled.containsKey(message.messageSeq()))
                    .count();
        }
    }
}
