package io.lanying.node;

import akka.actor.typed.ActorSystem;
import akka.japi.Pair;
import akka.stream.javadsl.Source;
import io.lanying.actors.device.DeviceRows;
import io.lanying.actors.replay.FoldedReplay;
import io.lanying.actors.tenant.TenantState;
import io.lanying.persistence.Maintenance;
import io.lanying.persistence.journal.JournaledEntities.Journaled;
import io.lanying.persistence.registry.RegistryRepair;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.conversation.ConversationSnapshot;
import io.lanying.protocol.device.DeviceSnapshot;
import io.lanying.protocol.journal.EntityReplay;
import io.lanying.protocol.journal.StateAsOf;
import io.lanying.protocol.registry.DeviceRow;
import io.lanying.protocol.registry.MemberRow;
import io.lanying.protocol.registry.TenantRow;
import io.lanying.protocol.tenant.TenantSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Folds every device, tenant and conversation of the journal, one after the other, and writes the registry rows that are missing or wrong.
 * Entities are not woken. Holds at most {@value #PARALLEL} pages of events and {@value #ROWS} rows at a time, however many
 * entities there are. An entity whose journal cannot be read is told of and left out; a store that fails ends it. Once only.
 */
final class RegistryRebuild {

    private static final int PAGE = 200;
    private static final int PARALLEL = 2;
    private static final int ROWS = 200;
    private static final int MAX_TOLD = 20;
    private static final long SHOW_EVERY_NANOS = Duration.ofSeconds(2).toNanos();

    /** The kinds of entities that the registry has rows of. */
    private static final Set<EntityKind> WITH_ROWS =
            Set.of(EntityKind.DEVICE, EntityKind.TENANT, EntityKind.CONVERSATION);

    private final ActorSystem<?> system;
    private final Maintenance store;
    private final EntityReplay replay;
    private final Consumer<Progress> show;
    private long lastShown = System.nanoTime();

    /** @param show is told of the progress now and then, one call after the other */
    RegistryRebuild(ActorSystem<?> system, Maintenance store, Consumer<Progress> show) {
        this.system = system;
        this.store = store;
        this.replay = new FoldedReplay(store.journal());
        this.show = show;
    }

    /**
     * How far it is.
     *
     * @param entities read so far, those that could not be read among them
     * @param newer rows that the registry has in a newer version than the journal as it was read
     * @param unreadable what was wrong with the first of those that failed
     */
    record Progress(long entities, long written, long newer, long failed, List<String> unreadable) {

        static final Progress NONE = new Progress(0, 0, 0, 0, List.of());

        Progress {
            unreadable = List.copyOf(unreadable);
        }

        private Progress plus(Progress more) {
            return new Progress(
                    entities + more.entities,
                    written + more.written,
                    newer + more.newer,
                    failed + more.failed,
                    Stream.concat(unreadable.stream(), more.unreadable.stream())
                            .limit(MAX_TOLD)
                            .toList());
        }
    }

    /** What an entity's journal says: one of the rows, or a conversation's, or why not. */
    private record Read(
            Optional<DeviceRow> device,
            Optional<TenantRow> tenant,
            Optional<InConversation> members,
            Optional<String> failure) {}

    /** Who is in a conversation. */
    private record InConversation(EntityId id, ConversationSnapshot snapshot) {

        List<MemberRow> rows() {
            return snapshot.members().stream()
                    .map(member ->
                            new MemberRow(id.tenant(), member.userId(), id.id(), version(), false, snapshot.at()))
                    .toList();
        }

        long version() {
            return snapshot.membersAt().orElse(0L);
        }
    }

    /** Completes when all is done; fails if the store does, and what was written by then stays. */
    CompletionStage<Progress> run() {
        return Source.unfoldAsync(Optional.of(""), this::page)
                .mapConcat(entities -> entities)
                .filter(entity -> WITH_ROWS.contains(entity.kind()))
                .mapAsync(PARALLEL, this::read)
                .grouped(ROWS)
                .mapAsync(1, this::write)
                .runFold(Progress.NONE, this::add, system);
    }

    private CompletionStage<Optional<Pair<Optional<String>, List<Journaled>>>> page(Optional<String> after) {
        return after.isEmpty()
                ? CompletableFuture.completedFuture(Optional.empty())
                : store.entities()
                        .page(after, PAGE)
                        .thenApply(page -> Optional.of(Pair.create(page.next(), page.entities())));
    }

    private CompletionStage<Read> read(Journaled entity) {
        return replay.asOfSeq(entity.kind(), entity.id(), Long.MAX_VALUE)
                .thenApply(state -> row(entity, state))
                .exceptionally(failure -> unreadable(entity, failure));
    }

    private static Read row(Journaled entity, Optional<StateAsOf> found) {
        var state = found.map(StateAsOf::state);
        return new Read(
                state.filter(DeviceSnapshot.class::isInstance)
                        .map(DeviceSnapshot.class::cast)
                        .map(snapshot -> DeviceRows.of(entity.id(), snapshot)),
                state.filter(TenantSnapshot.class::isInstance)
                        .map(TenantSnapshot.class::cast)
                        .map(snapshot -> TenantState.fromSnapshot(snapshot)
                                .toRow(entity.id().tenant())),
                state.filter(ConversationSnapshot.class::isInstance)
                        .map(snapshot -> new InConversation(entity.id(), (ConversationSnapshot) snapshot)),
                Optional.empty());
    }

    /** A journal that is broken is told of; anything else is the store's failure and ends the run. */
    private static Read unreadable(Journaled entity, Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (!(cause instanceof IllegalStateException)) {
            throw new CompletionException(cause);
        }
        return new Read(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(entity.kind().persistenceId(entity.id()) + ": " + cause.getMessage()));
    }

    private CompletionStage<Progress> write(List<Read> read) {
        List<String> failures =
                read.stream().flatMap(each -> each.failure.stream()).toList();
        return store.registry()
                .repair(
                        read.stream().flatMap(each -> each.device.stream()).toList(),
                        read.stream().flatMap(each -> each.tenant.stream()).toList())
                .thenApply((RegistryRepair.Result result) ->
                        new Progress(read.size(), result.written(), result.newer(), failures.size(), failures))
                .thenCompose(progress -> members(
                        progress,
                        read.stream().flatMap(each -> each.members.stream()).toList()));
    }

    private CompletionStage<Progress> members(Progress progress, List<InConversation> conversations) {
        CompletionStage<Progress> all = CompletableFuture.completedFuture(progress);
        for (InConversation each : conversations) {
            all = all.thenCompose(before -> store.members()
                    .repair(each.id(), each.version(), each.snapshot().at(), each.rows())
                    .thenApply(repaired ->
                            before.plus(new Progress(0, repaired.written(), repaired.newer(), 0, List.of()))));
        }
        return all;
    }

    private Progress add(Progress before, Progress more) {
        Progress now = before.plus(more);
        if (System.nanoTime() - lastShown >= SHOW_EVERY_NANOS) {
            lastShown = System.nanoTime();
            show.accept(now);
        }
        return now;
    }
}
