package io.lanying.actors.notification;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.actors.replay.FoldedReplay;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.journal.JournalEvent;
import io.lanying.protocol.journal.StateAsOf;
import io.lanying.protocol.notification.Addressee;
import io.lanying.protocol.notification.NotificationEvent;
import io.lanying.protocol.notification.NotificationEvent.PageResolved;
import io.lanying.protocol.notification.NotificationEvent.PageSent;
import io.lanying.protocol.notification.SendCounts;
import io.lanying.protocol.registry.AudienceRegistry.AudiencePage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Random histories: the state is the fold of its events, at every number and by every road, and it counts every device once. */
class NotificationPropertiesTest {

    enum Intent {
        STEP,
        STEP_WITH_SILENCE,
        SETTLE,
        CANCEL,
        EXPIRE,
        RECALL
    }

    record Move(Intent intent, int size, Duration pause) {}

    @Provide
    Arbitrary<List<Move>> moves() {
        return Combinators.combine(
                        Arbitraries.frequency(
                                net.jqwik.api.Tuple.of(6, Intent.STEP),
                                net.jqwik.api.Tuple.of(3, Intent.STEP_WITH_SILENCE),
                                net.jqwik.api.Tuple.of(3, Intent.SETTLE),
                                net.jqwik.api.Tuple.of(1, Intent.CANCEL),
                                net.jqwik.api.Tuple.of(1, Intent.EXPIRE),
                                net.jqwik.api.Tuple.of(2, Intent.RECALL)),
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.integers().between(-5, 4_000).map(Duration::ofSeconds))
                .as(Move::new)
                .list()
                .ofMaxSize(30);
    }

    /** What an entity would have journaled, and its states from the first on. */
    private static final class History {
        final List<NotificationEvent> events = new ArrayList<>();
        final List<NotificationState> states = new ArrayList<>(List.of(NotificationState.initial()));
        private Instant clock = Instant.parse("2026-01-01T00:00:00Z");
        private int devices;

        static History of(List<Move> moves) {
            var history = new History();
            history.add(history.decide()
                    .accept(World.accept("hello", 7_200, null, null))
                    .events());
            moves.forEach(history::move);
            return history;
        }

        private NotificationState state() {
            return states.get(states.size() - 1);
        }

        private NotificationDecisions decide() {
            return new NotificationDecisions(state(), clock);
        }

        private void add(List<NotificationEvent> more) {
            for (NotificationEvent event : more) {
                events.add(event);
                states.add(state().apply(event));
            }
        }

        private void move(Move move) {
            clock = clock.plus(move.pause());
            switch (move.intent()) {
                case CANCEL -> add(decide().cancel().events());
                case EXPIRE -> {
                    if (state().task(clock) == NotificationState.Task.SEND && decide().isExpired()) {
                        add(List.of(decide().expired()));
                    }
                }
                case SETTLE -> {
                    if (!state().data().unanswered().isEmpty()
                            && state().data().sendEnd().isPresent()) {
                        decide().settled(work(decide().unanswered(move.size() + 1), 0))
                                .ifPresent(e -> add(List.of(e)));
                    }
                }
                case RECALL -> recall();
                case STEP -> step(move, 0);
                case STEP_WITH_SILENCE -> step(move, 1);
            }
        }

        private void step(Move move, int silent) {
            if (state().task(clock) != NotificationState.Task.SEND) {
                return;
            }
            if (state().data().current().isEmpty()) {
                var page = IntStream.range(0, move.size())
                        .mapToObj(i -> new Addressee("d" + devices++, Optional.empty()))
                        .toList();
                var next = devices < 30 ? Optional.of("d" + devices) : Optional.<String>empty();
                add(decide().resolve(new AudiencePage(page, next)));
            } else {
                add(List.of(decide().sent(work(state().data().current().get().devices(), silent))));
            }
        }

        private void recall() {
            if (state().task(clock) != NotificationState.Task.RECALL) {
                return;
            }
            for (int seq = (int) state().data().recalledSeq() + 1; seq <= events.size(); seq++) {
                if (events.get(seq - 1) instanceof PageResolved page) {
                    add(List.of(decide().recalled(page.page(), seq, work(page.devices(), 0))));
                    return;
                }
            }
            add(List.of(decide().recallEnded()));
        }

        private static PageWork work(List<Addressee> devices, int silent) {
            var asked = new ArrayList<Addressee>();
            var work = new PageWork(1, devices, 100, asked::add);
            work.begin();
            for (int i = 0; i < asked.size(); i++) {
                work.answered(
                        asked.get(i).deviceId(),
                        i < silent
                                ? Optional.empty()
                                : Optional.of(
                                        i % 3 == 2
                                                ? new DeviceReply.NotTargeted()
                                                : new DeviceReply.PushAccepted("n", 1, false)));
            }
            return work;
        }
    }

    @Property(tries = 300)
    void theFoldFromAnySnapshotIsTheStateAndTheReplayToo(@ForAll("moves") List<Move> moves) throws Exception {
        var history = History.of(moves);
        var replay = new FoldedReplay((kind, entity, from, to, limit) -> {
            var page = new ArrayList<JournalEvent>();
            for (long seq = from; seq <= Math.min(to, history.events.size()) && page.size() < 7; seq++) {
                page.add(new JournalEvent(seq, history.events.get((int) seq - 1)));
            }
            return CompletableFuture.completedFuture(page);
        });
        for (int n = 1; n <= history.events.size(); n++) {
            var state = history.states.get(n);
            assertThat(state.data().eventSeq()).isEqualTo(n);
            assertThat(replay.asOfSeq(EntityKind.NOTIFICATION, World.ID, n)
                            .toCompletableFuture()
                            .get())
                    .contains(new StateAsOf(n, state.data().at(), state.data()));
            var fold = new NotificationState(state.data());
            for (NotificationEvent event : history.events.subList(n, history.events.size())) {
                fold = fold.apply(event);
            }
            assertThat(fold).isEqualTo(history.states.get(history.events.size()));
        }
    }

    @Property(tries = 300)
    void everyDeviceIsCountedOnceOrStillOwed(@ForAll("moves") List<Move> moves) {
        var history = History.of(moves);
        Set<String> resolved = new HashSet<>();
        for (int n = 1; n <= history.events.size(); n++) {
            if (history.events.get(n - 1) instanceof PageResolved page) {
                page.devices().forEach(device -> assertThat(resolved.add(device.deviceId()))
                        .isTrue());
            }
            var data = history.states.get(n).data();
            if (data.cancelledAt().isPresent()) {
                break; // devices of the last page that had not been asked are in no count then
            }
            var counts = data.counts();
            int owed = data.unanswered().size()
                    + data.current().map(page -> page.devices().size()).orElse(0);
            assertThat(counts.accepted() + counts.notTargeted() + counts.refused() + counts.unknown() + owed)
                    .as("%s", data)
                    .isEqualTo(resolved.size());
        }
    }

    @Test
    void everyKindOfEventHasAHandler() {
        var at = Instant.parse("2026-01-01T00:00:00Z");
        for (Class<?> event : NotificationEvent.class.getPermittedSubclasses()) {
            assertThat(event.isRecord()).isTrue();
        }
        var state = NotificationState.initial()
                .apply(new PageResolved(at, 0, List.of(), Optional.empty()))
                .apply(new PageSent(at, 0, SendCounts.NONE, List.of()));
        assertThat(state.data().pages()).isEqualTo(1);
    }
}
