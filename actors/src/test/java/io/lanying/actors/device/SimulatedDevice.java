package io.lanying.actors.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.protocol.EntityId;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.device.DeviceCommand.AcceptPush;
import io.lanying.protocol.device.DeviceCommand.Redeliver;
import io.lanying.protocol.device.DeviceCommand.Register;
import io.lanying.protocol.device.DeviceCommand.TakeNews;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceEvent.Acknowledged;
import io.lanying.protocol.device.DeviceEvent.ItemOpened;
import io.lanying.protocol.device.DeviceEvent.ItemsEnded;
import io.lanying.protocol.device.DeviceEvent.SessionDetached;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.DeviceReply.PushAccepted;
import io.lanying.protocol.device.DeviceReply.PushView;
import io.lanying.protocol.device.DeviceSnapshot.GoneRange;
import io.lanying.protocol.device.DeviceSnapshot.OpenItem;
import io.lanying.protocol.device.DeviceSnapshot.Remembered;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.device.Priority;
import io.lanying.protocol.journal.JournalEvent;
import io.lanying.protocol.sealing.Sealed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The device entity without Akka: decisions, journal and hand-out as the entity joins them, checked after every event against
 * an {@link Oracle} and a {@link SimulatedApp}.
 */
final class SimulatedDevice {

    /** What can happen. */
    enum Act {
        PUSH,
        ACK,
        ATTACH,
        DETACH,
        CANCEL,
        OPEN,
        UNREADABLE,
        WAKE,
        FLUSH_ACK,
        REDELIVERY_ASKED,
        REDELIVERY_FOUND,
        REGISTER,
        DELETE,
        NEWS,
        SILENCE,
        READ_SET_ASIDE,
        CRASH
    }

    /** @param dice what the act makes its choices from */
    record Step(Act act, int dice, Duration pause) {}

    static final DeviceLimits LIMITS = new DeviceLimits(
            6, 1_000, 12, 3, 500, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ofMinutes(1));

    private static final EntityId ID = new EntityId("acme", "d1");

    final List<DeviceEvent> events = new ArrayList<>();
    final List<DeviceState> states = new ArrayList<>(List.of(DeviceState.initial()));
    private final Oracle oracle = new Oracle();
    private final SimulatedConversations conversations = new SimulatedConversations();
    private final Set<Long> cancelled = new HashSet<>();
    private final Map<String, Integer> contents = new HashMap<>();
    private DeviceState state = DeviceState.initial();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private Optional<SimulatedApp> app = Optional.empty();
    private Optional<Redeliver> asked = Optional.empty();
    private List<OpenItem> found = List.of();
    private String searched = "";
    private long acked;
    private int names;

    SimulatedDevice() {
        register(0);
    }

    void run(Step step) {
        now = now.plus(step.pause());
        if (step.pause().compareTo(Duration.ofMinutes(1)) > 0) {
            asked = Optional.empty(); // no search takes that long
        }
        int dice = step.dice();
        switch (step.act()) {
            case PUSH -> push(dice);
            case ACK -> ack(dice);
            case ATTACH -> attach(dice);
            case DETACH -> detach();
            case CANCEL -> cancel("n" + dice % 8);
            case OPEN -> open();
            case UNREADABLE -> unreadable();
            case WAKE -> journal(decide().expire());
            case FLUSH_ACK -> flushAck();
            case REDELIVERY_ASKED -> askForRedelivery(dice);
            case REDELIVERY_FOUND -> redeliver();
            case REGISTER -> register(dice % 3);
            case DELETE -> registration(decide().delete());
            case NEWS -> news(dice);
            case SILENCE -> conversations.fallSilentOrSpeak(dice);
            case READ_SET_ASIDE -> readSetAside();
            case CRASH -> crash();
        }
    }

    /** Whatever happened before: an app that connects and acknowledges gets to the end of the stream. */
    void connectAndAcknowledgeAll() {
        if (state.registration().isEmpty()) {
            return;
        }
        conversations.speak();
        attach(0);
        for (int i = 0;
                i < 1_000 && app.orElseThrow().received() < state.present().lastSeq();
                i++) {
            ack(0);
        }
        ack(0);
        flushAck();
        assertThat(state.present().ackedSeq()).isEqualTo(state.present().lastSeq());
        assertThat(oracle.items).noneMatch(Oracle.Numbered::isOpen);
        assertThat(oracle.hasNothingAside()).isTrue();
        assertThat(state.present().size()).isZero();
    }

    private void push(int dice) {
        String id = "n" + dice % 8;
        String user = state.registration().flatMap(known -> known.userId()).orElse("u0");
        int content = contents.computeIfAbsent(id + user, key -> dice);
        var command = new AcceptPush(
                id,
                new Sealed("user:" + user, new byte[] {1, (byte) content}),
                "f" + content,
                1 + content % 400,
                content % 5 == 0 ? 20 * 86_400L : 1 + content % 7_200,
                List.of(Priority.LOW, Priority.NORMAL, Priority.HIGH).get(content % 3),
                content % 4 == 0 ? Optional.of("collapse") : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                null);
        Decision decision = decide().acceptPush(command);
        if (decision.reply() instanceof PushAccepted accepted && accepted.repeated()) {
            assertThat(decision.events()).isEmpty();
        }
        journal(decision.events());
    }

    private void news(int dice) {
        var news = conversations.news(dice, now);
        String user = state.registration().flatMap(known -> known.userId()).orElse("u0");
        var command = new TakeNews(dice % 17 == 0 ? "somebody else" : user, news, null);
        var taken = new NewsDecisions(decide()).take(command);
        journal(taken.decision().events());
        if (taken.decision().reply() instanceof DeviceReply.NewsTaken) {
            var again = new NewsDecisions(decide()).take(command);
            assertThat(again.decision().events()).as("the same again is known").isEmpty();
        }
    }

    private void readSetAside() {
        if (app.isPresent() && !state.present().setAside().isEmpty()) {
            read(ContentDecisions.firstSetAside(state.present(), LIMITS.window()));
        }
    }

    /** False: nothing was journaled. */
    private boolean read(List<MessageRef> refs) {
        var handOut = app.orElseThrow().handOut;
        var reply = conversations.read(refs);
        reply.map(ConversationReply.Messages.class::cast).ifPresent(answer -> {
            for (int i = 0; i < answer.messages().size(); i++) {
                handOut.keep(refs.get(i), answer.messages().get(i));
            }
        });
        var events = new ContentDecisions(decide(), handOut::handedOut, item -> item.content()
                        .filter(handOut::has)
                        .isEmpty())
                .afterRead(new DeviceMessage.ContentsRead(refs, reply));
        journal(decide().afterAck(events));
        return !events.isEmpty();
    }

    private void ack(int dice) {
        app.ifPresent(connected -> {
            long itemSeq = Math.max(acked, connected.received() - dice % 3);
            acked = itemSeq;
            connected.handOut.acknowledged(itemSeq);
            handOut();
        });
    }

    private void attach(int dice) {
        if (state.registration().isEmpty()) {
            return;
        }
        String sessionId = dice % 3 == 0 && app.isPresent() ? app.get().sessionId : "session" + names++;
        acked = Math.max(acked, state.present().ackedSeq());
        app = Optional.empty();
        journal(decide().attach(sessionId));
        app = Optional.of(new SimulatedApp(sessionId, oracle, acked, cancelled, LIMITS));
        handOut();
    }

    private void detach() {
        app = Optional.empty();
        state.attachment()
                .ifPresent(session ->
                        journal(List.of(new SessionDetached(state.timeOf(now), session.sessionId(), "closed", acked))));
    }

    private void cancel(String id) {
        Decision decision = decide().cancelPush(id);
        if (state.answered().find(id, now).isEmpty()) {
            asked = Optional.empty(); // known gap: open longer than remembered and recalled while the journal is
            // searched
        }
        if (!decision.events().isEmpty()
                && decision.reply() instanceof PushView view
                && view.fate() == Fate.CANCELLED) {
            cancelled.add(oracle.lastAccepted(id));
        }
        journal(decision.events());
    }

    private void open() {
        app.flatMap(SimulatedApp::lastId)
                .filter(decide()::isNewlyOpened)
                .ifPresent(id -> journal(decide().afterAck(List.of(new ItemOpened(state.timeOf(now), id)))));
    }

    private void unreadable() {
        app.ifPresent(connected -> journal(decide().unreadable(connected.received())));
    }

    private void flushAck() {
        if (state.stream().isPresent() && acked > state.present().ackedSeq()) {
            journal(List.of(new Acknowledged(state.timeOf(now), acked)));
        }
    }

    private void askForRedelivery(int dice) {
        if (state.registration().isEmpty()) {
            return;
        }
        String user = state.registration().flatMap(known -> known.userId()).orElseThrow();
        long from = 1L + dice % 5;
        var command = new Redeliver(from, from + dice % 4, "r" + dice % 40, "user:" + user, "f" + dice, null);
        if (new RedeliveryDecisions(decide()).check(command).isEmpty()) {
            asked = Optional.of(command);
            searched = state.present().streamId();
            found = new DeviceJournal(this::read, ID)
                    .items(command.fromItemSeq(), command.toItemSeq(), state.eventSeq())
                    .toCompletableFuture()
                    .join();
        }
    }

    private void redeliver() {
        // the entity searches again when the stream is not the one it searched
        asked.filter(command -> state.stream().map(ItemStream::streamId).equals(Optional.of(searched)))
                .ifPresent(command -> journal(new RedeliveryDecisions(decide())
                        .redeliver(command, found)
                        .events()));
        asked = Optional.empty();
    }

    private void register(int user) {
        registration(decide().register(
                        new Register(Optional.of("u" + user), Fixture.profile("t" + user), null), "stream" + names++));
    }

    private void registration(Decision decision) {
        int binding = state.binding();
        var before = app;
        app = Optional.empty();
        journal(decision.events());
        if (state.binding() != binding || state.registration().isEmpty()) {
            acked = 0;
            cancelled.clear();
        } else {
            app = before;
            handOut();
        }
    }

    /** The node dies: what was not journaled is forgotten, the app is gone until it attaches again. */
    private void crash() {
        app = Optional.empty();
        asked = Optional.empty();
        acked = state.stream().map(ItemStream::ackedSeq).orElse(0L);
    }

    private DeviceDecisions decide() {
        return new DeviceDecisions(ID.id(), state, acked, now, LIMITS);
    }

    private void journal(List<? extends DeviceEvent> decided) {
        for (DeviceEvent event : decided) {
            state = state.apply(event);
            events.add(event);
            states.add(state);
            oracle.apply(event);
            if (event instanceof ItemsEnded ended) {
                check(ended);
            }
        }
        check();
        handOut();
    }

    /** As the entity's session slot does, with a journal that answers at once. */
    private void handOut() {
        app.ifPresent(connected -> {
            for (int rounds = 0; state.stream().isPresent(); rounds++) {
                assertThat(rounds).as("the hand-out makes progress").isLessThan(100);
                var waiting = connected.handOut.handOut(state.present(), now);
                connected.take(acked, LIMITS);
                if (waiting == HandOut.Waiting.FOR_BODY) {
                    var missing = connected.handOut.missingBodies(state.present(), DeviceJournal.PAGE / 2);
                    connected.handOut.keep(new DeviceJournal(this::read, ID)
                            .bodies(missing)
                            .toCompletableFuture()
                            .join());
                } else if (waiting == HandOut.Waiting.FOR_CONTENT) {
                    if (read(connected.handOut.missingMessages(state.present()))) {
                        return;
                    }
                } else if (waiting == HandOut.Waiting.FOR_EXPIRY) {
                    journal(decide().expire());
                    return;
                } else {
                    return;
                }
            }
        });
    }

    private CompletableFuture<List<JournalEvent>> read(Object kind, Object entity, long from, long to, int limit) {
        var page = new ArrayList<JournalEvent>();
        for (long seq = from; seq <= Math.min(to, events.size()) && page.size() < limit; seq++) {
            page.add(new JournalEvent(seq, events.get((int) seq - 1)));
        }
        return CompletableFuture.completedFuture(page);
    }

    // --- what holds after every command ---

    private void check() {
        assertThat(state.eventSeq()).isEqualTo(events.size());
        assertThat(state.answered().size()).isLessThanOrEqualTo(LIMITS.maxRemembered());
        assertThat(state.replacedSessions()).hasSizeLessThanOrEqualTo(DeviceState.MAX_REPLACED_SESSIONS);
        state.stream().ifPresent(this::check);
        for (Remembered kept : state.answered().byKey().values()) {
            if (kept.fate().isPresent()) {
                assertThat(kept.fate().get()).as("fate of %s", kept.key()).isEqualTo(oracle.fateOf(kept.eventSeq()));
            }
        }
    }

    /** Only what was recalled ends so, and only positions, and receipts, take each other's place. */
    private void check(ItemsEnded ended) {
        for (long itemSeq : ended.itemSeqs()) {
            var item = oracle.present().get((int) itemSeq - 1);
            boolean ofMessage = item.kind == ItemKind.MESSAGE || item.kind == ItemKind.EDIT;
            if (ofMessage && ended.fate() == Fate.RECALLED) {
                assertThat(conversations.hasRecalled(item.id)).as(item.id).isTrue();
            }
            if (ended.reason().equals(Optional.of("read"))) {
                assertThat(item.kind).isEqualTo(ItemKind.READ);
            }
            if (ended.reason().equals(Optional.of("receipt"))) {
                assertThat(item.kind).isEqualTo(ItemKind.RECEIPT);
            }
        }
    }

    private void check(ItemStream stream) {
        assertThat(stream.size()).isLessThanOrEqualTo(LIMITS.maxOpenItems());
        assertThat(stream.openBytes()).isLessThanOrEqualTo(LIMITS.maxOpenBytes());
        assertThat(stream.openBytes())
                .isEqualTo(stream.unended().mapToLong(OpenItem::bytes).sum());
        assertThat(stream.lastSeq()).isEqualTo(oracle.present().size());
        assertThat(stream.ackedSeq()).isEqualTo(oracle.ackedSeq());
        assertThat(stream.exposedSeq()).isBetween(stream.ackedSeq(), stream.lastSeq());
        for (long itemSeq = 1; itemSeq <= stream.lastSeq(); itemSeq++) {
            var known = oracle.present().get((int) itemSeq - 1);
            boolean open = stream.open().containsKey(itemSeq);
            Optional<GoneRange> gone = goneAt(stream, itemSeq);
            if (itemSeq <= stream.ackedSeq()) {
                assertThat(open || gone.isPresent())
                        .as("%s is acknowledged", itemSeq)
                        .isFalse();
            } else {
                assertThat(open).as("%s is open", itemSeq).isEqualTo(known.isOpen());
                assertThat(gone.map(GoneRange::fate))
                        .isEqualTo(known.isOpen() ? Optional.empty() : Optional.of(known.fate));
            }
        }
    }

    private static Optional<GoneRange> goneAt(ItemStream stream, long itemSeq) {
        var ranges = stream.gone().values().stream()
                .filter(range -> range.fromSeq() <= itemSeq && itemSeq <= range.toSeq())
                .toList();
        assertThat(ranges).hasSizeLessThanOrEqualTo(1);
        return ranges.stream().findFirst();
    }
}
