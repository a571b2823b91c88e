package io.lanying.actors.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.actors.position.PositionsFold;
import io.lanying.protocol.conversation.ConversationCommand.Create;
import io.lanying.protocol.conversation.ConversationCommand.Post;
import io.lanying.protocol.conversation.ConversationCommand.PutMember;
import io.lanying.protocol.conversation.ConversationCommand.RemoveMember;
import io.lanying.protocol.conversation.ConversationEvent;
import io.lanying.protocol.conversation.ConversationSettings;
import io.lanying.protocol.conversation.ConversationSnapshot.Member;
import io.lanying.protocol.conversation.ConversationType;
import io.lanying.protocol.conversation.MemberRole;
import io.lanying.protocol.conversation.MessageType;
import io.lanying.protocol.conversation.NewMember;
import io.lanying.protocol.conversation.PositionReport;
import io.lanying.protocol.conversation.Receipt;
import io.lanying.protocol.position.Position;
import io.lanying.protocol.position.PositionChange;
import io.lanying.protocol.position.ReceiptChange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Random histories with lost, late and doubled commands to the companion, and nodes that die: no sender is ever told more than a
 * recount of all events and reports says, and in the end all of it.
 */
class ReceiptPropertiesTest {

    private static final List<String> USERS = List.of("a", "b", "c", "d", "e");

    enum Intent {
        POST,
        POST_COMMAND,
        READ,
        DELIVERED,
        /** Said, and on its way when the conversation's node dies. */
        READ_LATE,
        JOIN,
        LEAVE,
        BRING,
        TELL,
        /** A command to the companion comes once more, or at last. */
        ARRIVE,
        RECOVER
    }

    /** @param at which message, counted from the last one back; which command, counted from the first */
    record Move(Intent intent, int user, int at) {}

    @Provide
    Arbitrary<List<Move>> moves() {
        return Combinators.combine(
                        Arbitraries.frequency(
                                Tuple.of(8, Intent.POST),
                                Tuple.of(2, Intent.POST_COMMAND),
                                Tuple.of(8, Intent.READ),
                                Tuple.of(8, Intent.DELIVERED),
                                Tuple.of(3, Intent.READ_LATE),
                                Tuple.of(3, Intent.JOIN),
                                Tuple.of(3, Intent.LEAVE),
                                Tuple.of(6, Intent.BRING),
                                Tuple.of(6, Intent.TELL),
                                Tuple.of(4, Intent.ARRIVE),
                                Tuple.of(2, Intent.RECOVER)),
                        Arbitraries.integers().between(0, USERS.size() - 1),
                        Arbitraries.integers().between(-1, 12))
                .as(Move::new)
                .list()
                .ofMinSize(20)
                .ofMaxSize(200);
    }

    @Property(tries = 300)
    void nobodyIsToldMoreThanIsTrueAndInTheEndAllOfIt(@ForAll("moves") List<Move> moves, @ForAll boolean direct) {
        var world = new World(direct);
        for (Move move : moves) {
            world.make(move);
        }
        world.end();
    }

    private record Kept(List<PositionChange> changes, List<ReceiptChange> receipts) {}

    /** Of whom, since when, of which message: of one of these everything only grows. */
    private record About(String userId, long membersAt, long messageSeq) {}

    private static final class World {

        private static final int MOST = 100;

        private final ConversationEntitySettings limits =
                ConversationRig.settings(10_000, 10_000, Duration.ofSeconds(1), Duration.ofSeconds(1));
        private final boolean direct;
        private final List<Kept> commands = new ArrayList<>();
        private final PositionsFold companion = new PositionsFold();
        private final Map<About, Receipt> counted = new HashMap<>();
        private final Map<String, Receipt> devices = new HashMap<>();

        /** What was said to the companion of each membership, apart from what the code makes of it. */
        private final Map<Long, Map<String, long[]>> said = new HashMap<>();

        private final Map<String, List<Long>> own = new HashMap<>();
        private ConversationState state = ConversationState.initial();
        private KnownPositions known = new KnownPositions();
        private Instant now = ConversationRig.NOW;
        private int posts;

        World(boolean direct) {
            this.direct = direct;
            decide(new LifeDecisions(state, now)
                    .create(new Create(
                            direct ? ConversationType.DIRECT : ConversationType.GROUP,
                            Optional.empty(),
                            ConversationSettings.DEFAULT,
                            USERS.subList(0, direct ? 2 : 3).stream()
                                    .map(user -> new NewMember(user, MemberRole.MEMBER))
                                    .toList(),
                            "k",
                            "f",
                            null)));
        }

        void make(Move move) {
            now = now.plusSeconds(1);
            String user = USERS.get(direct ? move.user() % 2 : move.user());
            long seq = state.log().lastSeq() - move.at();
            switch (move.intent()) {
                case POST -> post(user, MessageType.TEXT);
                case POST_COMMAND -> post(user, MessageType.COMMAND);
                case READ -> report(new PositionReport(user, seq, 0, Optional.empty()), true);
                case DELIVERED -> report(new PositionReport(user, 0, seq, Optional.empty()), true);
                case READ_LATE -> report(new PositionReport(user, seq, 0, Optional.empty()), false);
                case JOIN ->
                    decide(new MemberDecisions(state, now)
                            .put(new PutMember(user, Optional.empty(), Optional.empty(), Optional.empty(), null)));
                case LEAVE ->
                    decide(new MemberDecisions(state, now).remove(new RemoveMember(user, 0, Optional.empty(), null)));
                case BRING -> bring();
                case TELL -> tell();
                case ARRIVE -> {
                    if (!commands.isEmpty()) {
                        arrive(commands.get(Math.max(0, move.at()) % commands.size()));
                    }
                }
                case RECOVER -> recover();
            }
        }

        private void post(String user, MessageType type) {
            String id = "m" + ++posts;
            var post = new Post(
                    user, id, "f" + id, type, ConversationRig.content(id), List.of(), Optional.empty(), false, null);
            var decision = new MessageDecisions(state, limits, now).post(post, 0);
            decide(decision);
            if (type != MessageType.COMMAND && !decision.events().isEmpty()) {
                own.computeIfAbsent(user, any -> new ArrayList<>())
                        .add(state.log().lastSeq());
            }
        }

        /** As the entity does: in a direct conversation receipts ride. */
        private void report(PositionReport report, boolean arrives) {
            for (var changes : known.news(state, List.of(report)).values()) {
                var riding = direct
                        ? new Receipts(state, known.after(changes), MOST)
                                .changes()
                                .getOrDefault(0, List.of())
                        : List.<ReceiptChange>of();
                var command = new Kept(changes, riding);
                commands.add(command);
                if (arrives) {
                    known.take(state, arrive(command));
                }
            }
        }

        private void bring() {
            for (var receipts : new Receipts(state, known, MOST).changes().values()) {
                var command = new Kept(List.of(), receipts);
                commands.add(command);
                known.take(state, arrive(command));
            }
        }

        private List<Position> arrive(Kept command) {
            for (PositionChange each : command.changes()) {
                var positions = said.computeIfAbsent(each.joinedEvent(), any -> new HashMap<>())
                        .computeIfAbsent(each.userId(), any -> new long[2]);
                positions[0] = Math.max(positions[0], each.readSeq());
                positions[1] = Math.max(positions[1], each.deliveredSeq());
            }
            return companion.keep("g1", command.changes(), command.receipts(), now);
        }

        private void tell() {
            recount();
            companion.tell(now).forEach((user, receipt) -> {
                var truth = counted.get(new About(user, receipt.membersAt(), receipt.messageSeq()));
                assertThat(truth).as("%s of %s", receipt, user).isNotNull();
                assertThat(receipt.deliveredSeq()).isLessThanOrEqualTo(truth.deliveredSeq());
                assertThat(receipt.readSeq()).isLessThanOrEqualTo(truth.readSeq());
                assertThat(receipt.members()).isEqualTo(truth.members());
                assertThat(receipt.delivered()).isLessThanOrEqualTo(truth.delivered());
                assertThat(receipt.read()).isLessThanOrEqualTo(truth.read());
                devices.merge(user, receipt, Receipt::and);
            });
        }

        private void recover() {
            var again = ConversationState.fromSnapshot(state.toSnapshot());
            assertThat(again).isEqualTo(state);
            state = again;
            known = new KnownPositions();
            known.take(state, companion.all());
        }

        private void decide(Decision decision) {
            recount();
            for (ConversationEvent event : decision.events()) {
                var before = state.roster().members();
                state = state.apply(event);
                before.keySet().stream()
                        .filter(user -> state.roster().member(user).isEmpty())
                        .forEach(user -> {
                            own.remove(user);
                            devices.remove(user);
                        });
            }
        }

        /** What is true now, of all that was written, one message and one member at a time. */
        void recount() {
            for (Member sender : state.roster().members().values()) {
                var others = state.roster().members().values().stream()
                        .filter(member -> !member.equals(sender))
                        .toList();
                long all = upTo(state.log().lastSeq(), others, 1);
                long allRead = upTo(state.log().lastSeq(), others, 0);
                for (long seq : own.getOrDefault(sender.userId(), List.of())) {
                    var concerned = others.stream()
                            .filter(member -> member.joinedSeq() < seq)
                            .toList();
                    counted.put(
                            new About(sender.userId(), state.membersAt(), seq),
                            new Receipt(
                                    state.membersAt(),
                                    seq,
                                    Math.min(all, seq),
                                    Math.min(allRead, seq),
                                    concerned.size(),
                                    count(concerned, seq, 1),
                                    count(concerned, seq, 0)));
                }
            }
        }

        private int count(List<Member> members, long seq, int kind) {
            return (int)
                    members.stream().filter(member -> has(member, seq, kind)).count();
        }

        private long upTo(long last, List<Member> others, int kind) {
            return LongStream.rangeClosed(1, last)
                    .takeWhile(seq -> others.stream().allMatch(member -> has(member, seq, kind)))
                    .max()
                    .orElse(0);
        }

        /** @param kind 0: has read; 1: has it on a device, or has read it */
        private boolean has(Member member, long seq, int kind) {
            var positions =
                    said.getOrDefault(member.joinedEvent(), Map.of()).getOrDefault(member.userId(), new long[2]);
            long posted = member.seat().orElseThrow().postedSeq();
            return seq <= Math.max(member.joinedSeq(), posted)
                    || seq <= positions[0]
                    || (kind == 1 && seq <= positions[1]);
        }

        /** Everything has arrived, and a node takes over. */
        void end() {
            commands.forEach(this::arrive);
            recover();
            bring();
            tell();
            bring();
            assertThat(companion.tell(now)).isEmpty();
            for (Member sender : state.roster().members().values()) {
                var mine = own.getOrDefault(sender.userId(), List.of());
                if (!mine.isEmpty()) {
                    judge(sender.userId(), mine);
                }
            }
        }

        private void judge(String user, List<Long> mine) {
            long last = mine.get(mine.size() - 1);
            var truth = counted.get(new About(user, state.membersAt(), last));
            var told = Optional.ofNullable(devices.get(user));
            long deliveredSeq = told.map(Receipt::deliveredSeq).orElse(0L);
            long readSeq = told.map(Receipt::readSeq).orElse(0L);
            if (truth.delivered() > 0
                    || told.filter(each -> each.messageSeq() == last).isPresent()) {
                if (truth.members() > 0) {
                    assertThat(told).as(user).isPresent();
                    assertThat(told.get().saysTheSameAs(truth))
                            .as("%s was told %s, true is %s", user, told.get(), truth)
                            .isTrue();
                }
            } else if (truth.members() > 0) {
                assertThat(mine.stream().filter(seq -> seq > deliveredSeq && seq <= truth.deliveredSeq()))
                        .as("messages of %s that all have, and it does not know", user)
                        .isEmpty();
                assertThat(mine.stream().filter(seq -> seq > readSeq && seq <= truth.readSeq()))
                        .isEmpty();
            }
        }
    }
}
