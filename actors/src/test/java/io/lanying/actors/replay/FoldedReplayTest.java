package io.lanying.actors.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.Persisted;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceSnapshot;
import io.lanying.protocol.device.Profile;
import io.lanying.protocol.journal.Journal;
import io.lanying.protocol.journal.JournalEvent;
import io.lanying.protocol.journal.StateAsOf;
import io.lanying.protocol.tenant.TenantEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Page by page, in bounded memory, never a guess. */
class FoldedReplayTest {

    private static final EntityId ID = new EntityId("acme", "acme");
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

    private static Persisted refused(long number) {
        return new TenantEvent.RequestRefused(T0.plusSeconds(number), "r" + number % 500, "f", ErrorCode.NOT_FOUND);
    }

    /** A journal of this many events, made when they are read. */
    private static Journal longJournal(long length, AtomicLong read) {
        return (kind, entity, from, to, limit) -> {
            var page = new ArrayList<JournalEvent>();
            for (long seq = from; seq <= Math.min(to, length) && page.size() < limit; seq++) {
                page.add(new JournalEvent(seq, refused(seq)));
            }
            read.addAndGet(page.size());
            return CompletableFuture.completedFuture(page);
        };
    }

    private static Optional<StateAsOf> get(CompletionStage<Optional<StateAsOf>> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void foldsFarMorePagesThanAStackIsDeep() throws Exception {
        var deep = new FoldedReplay(longJournal(300_000, new AtomicLong()));

        assertThat(get(deep.asOfSeq(EntityKind.TENANT, ID, 300_000)))
                .hasValueSatisfying(state -> assertThat(state.eventSeq()).isEqualTo(300_000));
    }

    @Test
    void readsNoFurtherThanItMust() throws Exception {
        var read = new AtomicLong();
        var replay = new FoldedReplay(longJournal(10_000, read));

        assertThat(get(replay.asOfTime(EntityKind.TENANT, ID, T0.plusSeconds(1_500))))
                .hasValueSatisfying(state -> {
                    assertThat(state.eventSeq()).isEqualTo(1_500);
                    assertThat(state.at()).isEqualTo(T0.plusSeconds(1_500));
                });
        assertThat(read).hasValue(2_000);

        read.set(0);
        get(replay.asOfSeq(EntityKind.TENANT, ID, 5));
        assertThat(read).hasValue(5);
    }

    @Test
    void beforeTheFirstEventThereIsNothing() throws Exception {
        var replay = new FoldedReplay(longJournal(10, new AtomicLong()));

        assertThat(get(replay.asOfSeq(EntityKind.TENANT, ID, 0))).isEmpty();
        assertThat(get(replay.asOfSeq(EntityKind.TENANT, ID, -1))).isEmpty();
        assertThat(get(replay.asOfTime(EntityKind.TENANT, ID, T0))).isEmpty();
        assertThat(get(new FoldedReplay(longJournal(0, new AtomicLong())).asOfSeq(EntityKind.TENANT, ID, 9)))
                .isEmpty();
    }

    @Test
    void beyondTheLastEventIsTheStateAfterTheLast() throws Exception {
        var replay = new FoldedReplay(longJournal(10, new AtomicLong()));

        assertThat(get(replay.asOfSeq(EntityKind.TENANT, ID, Long.MAX_VALUE))
                        .orElseThrow()
                        .eventSeq())
                .isEqualTo(10);
        assertThat(get(replay.asOfTime(EntityKind.TENANT, ID, Instant.MAX))
                        .orElseThrow()
                        .eventSeq())
                .isEqualTo(10);
    }

    @Test
    void foldsDevicesToo() throws Exception {
        var profile = new Profile(
                "ios", Optional.empty(), List.of(), Optional.empty(), Optional.empty(), Optional.empty(), List.of());
        Persisted registered = new DeviceEvent.DeviceRegistered(T0, Optional.of("u1"), 1, "s1", profile);
        Journal journal = (kind, entity, from, to, limit) ->
                CompletableFuture.completedFuture(from == 1 ? List.of(new JournalEvent(1, registered)) : List.of());

        StateAsOf state = get(new FoldedReplay(journal).asOfSeq(EntityKind.DEVICE, new EntityId("acme", "d1"), 7))
                .orElseThrow();

        assertThat(state.state()).isInstanceOfSatisfying(DeviceSnapshot.class, device -> assertThat(
                        device.registration().orElseThrow().userId())
                .contains("u1"));
    }

    @Test
    void aGapOrAnEventOfAnotherKindIsNeverFoldedOver() {
        Journal gap = (kind, entity, from, to, limit) -> CompletableFuture.completedFuture(
                List.of(new JournalEvent(1, refused(1)), new JournalEvent(3, refused(3))));
        Journal foreign = (kind, entity, from, to, limit) ->
                CompletableFuture.completedFuture(List.of(new JournalEvent(1, new DeviceEvent.DeviceDeleted(T0))));

        assertThatThrownBy(() -> get(new FoldedReplay(gap).asOfSeq(EntityKind.TENANT, ID, 9)))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("event 3 after 1");
        assertThatThrownBy(() -> get(new FoldedReplay(foreign).asOfSeq(EntityKind.TENANT, ID, 9)))
                .hasMessageContaining("is no TenantEvent");
    }

    @Test
    void aJournalThatIsDownFailsTheStage() {
        Journal down = (kind, entity, from, to, limit) ->
                CompletableFuture.failedFuture(new IllegalStateException("the journal is down"));

        assertThatThrownBy(() -> get(new FoldedReplay(down).asOfSeq(EntityKind.TENANT, ID, 9)))
                .hasMessageContaining("the journal is down");
    }
}
