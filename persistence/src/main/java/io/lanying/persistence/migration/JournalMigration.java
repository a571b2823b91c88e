package io.lanying.persistence.migration;

import akka.Done;
import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.japi.Pair;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lanying.persistence.JournalMark;
import io.lanying.persistence.JournalMark.Move;
import io.lanying.persistence.Maintenance;
import io.lanying.persistence.PersistenceSettings;
import io.lanying.persistence.PersistenceStats;
import io.lanying.persistence.StartRefused;
import io.lanying.persistence.cassandra.CassandraStore;
import io.lanying.persistence.cassandra.CassandraStored;
import io.lanying.persistence.database.Database;
import io.lanying.persistence.migration.MoveTransactions.Begun;
import io.lanying.persistence.migration.StoredJournal.Extent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Moves the journal of a database from PostgreSQL to Cassandra or back, while no node runs: every event and snapshot as it is stored,
 * then a comparison of all of it, and only then the database says that its journal is in the new place. What is in the old one stays.
 *
 * <p>May be ended at any moment and begun again: it goes on. Holds a few pages of {@value #PAGE} events for each of {@value #PARALLEL}
 * entities, however many there are.
 * Needs a configuration with both stores ({@link #settings}). For one thread.
 */
public final class JournalMigration implements AutoCloseable {

    /** Events of one read and of one transaction. */
    static final int PAGE = 100;

    /** Entities that are read and written at a time. */
    static final int PARALLEL = 8;

    private static final int GROUP = 500;
    private static final String IN_TARGET = "its target has %s, which the journal has not: empty the target first";
    private static final String IN_SOURCE = "the journal has %s, which it had not when the move began";

    private final ActorSystem<?> system;
    private final MoveList list;
    private final MoveTransactions transactions;
    private final StoredJournal postgres;
    private final StoredJournal cassandra;
    private final String inCassandra;

    private JournalMigration(
            ActorSystem<?> system, Database database, MoveTransactions transactions, CassandraStore cassandra) {
        this.system = system;
        this.list = new MoveList(database);
        this.transactions = transactions;
        this.postgres = new PostgresStored(database);
        this.cassandra = new CassandraStored(system, cassandra);
        this.inCassandra = JournalMark.cassandra(cassandra.keyspace());
    }

    /** Where a journal can be moved to. */
    public enum Place {
        POSTGRES,
        CASSANDRA
    }

    /** What is being done. */
    public enum Step {
        LIST,
        COPY,
        COMPARE
    }

    /**
     * How far a step is.
     *
     * @param entities done so far
     * @param of how many there are; 0 while they are listed
     * @param events handled in this run
     */
    public record Progress(Step step, long entities, long of, long events) {}

    /**
     * What was found at the end.
     *
     * @param sha256 of all events and snapshots, equal on both sides
     * @param differences empty if the journal was moved; otherwise the first of those entities that differ, and nothing was altered
     *     since the copying
     */
    public record Result(long entities, long events, long snapshots, String sha256, List<String> differences) {
        public Result {
            differences = List.copyOf(differences);
        }
    }

    /** A node's configuration with its journal in Cassandra, as the command uses it: statements may take long. */
    public static Config settings(Config node) {
        return ConfigFactory.parseString("""
                        akka-persistence-jdbc.shared-databases.slick.db {
                          connectionInitSql = "SET statement_timeout = 0"
                          properties { socketTimeout = "0", ApplicationName = "lanying-journal" }
                        }
                        datastax-java-driver.profiles.akka-persistence-cassandra-profile.basic.request.timeout = 10 s
                        """).withFallback(Maintenance.settings(node));
    }

    /**
     * Opens both stores. Blocks.
     *
     * @throws StartRefused if one cannot be used or is not ready, or another command moves the journal
     */
    public static JournalMigration open(ActorSystem<?> system) {
        Config config = system.settings().config();
        Database database = Database.openAsItIs(system, PersistenceSettings.from(config), PersistenceStats.of(system));
        CassandraStore cassandra = CassandraStore.openAside(system);
        return new JournalMigration(system, database, MoveTransactions.take(database), cassandra);
    }

    /**
     * Begins, or goes on. Blocks until nodes are known to be away.
     *
     * @param patience how long to wait for nodes that have just ended
     * @param show is told of the progress, from any thread
     * @return fails with one line in an {@link IllegalStateException} if the journal cannot be moved as it is, otherwise if a store
     *     does; what was copied stays
     * @throws StartRefused if it must not begin; then nothing was altered
     */
    public CompletionStage<Result> run(Place to, Duration patience, Consumer<Progress> show) {
        Begun begun = transactions.begin(mark(to), inCassandra, patience);
        var run = new Run(
                to == Place.CASSANDRA ? postgres : cassandra, to == Place.CASSANDRA ? cassandra : postgres, show);
        return run.list()
                .thenCompose(done -> run.refuseStrangers(run.target, IN_TARGET))
                .exceptionally(failure -> {
                    if (!begun.resumed()) {
                        // Nothing was copied yet: the nodes may start again.
                        transactions.giveUp();
                    }
                    throw failure instanceof CompletionException e ? e : new CompletionException(failure);
                })
                .thenCompose(done -> run.copy())
                .thenCompose(done -> run.refuseStrangers(run.source, IN_SOURCE))
                .thenCompose(done -> run.refuseStrangers(run.target, IN_TARGET))
                .thenCompose(done -> run.compare())
                .thenApply(result -> {
                    if (result.differences().isEmpty()) {
                        transactions.end(begun.move());
                    }
                    return result;
                });
    }

    /**
     * The journal stays where it was; what was copied stays as well.
     *
     * @return where it is
     * @throws StartRefused if none is being moved
     */
    public String giveUp() {
        Move move = transactions.giveUp();
        return JournalMark.text(move.from());
    }

    private String mark(Place to) {
        return to == Place.CASSANDRA ? inCassandra : JournalMark.HERE;
    }

    @Override
    public void close() {
        transactions.close();
    }

    /** One run with its direction. */
    private final class Run {

        private final StoredJournal source;
        private final StoredJournal target;
        private final Consumer<Progress> show;
        private final AtomicLong events = new AtomicLong();
        private final AtomicLong entities = new AtomicLong();

        Run(StoredJournal source, StoredJournal target, Consumer<Progress> show) {
            this.source = source;
            this.target = target;
            this.show = show;
        }

        CompletionStage<Done> list() {
            return source.ids()
                    .grouped(GROUP)
                    .mapAsync(1, list::add)
                    .runForeach(added -> show.accept(new Progress(Step.LIST, entities.addAndGet(added), 0, 0)), system);
        }

        /** Nothing must be there that is not listed. */
        CompletionStage<Done> refuseStrangers(StoredJournal journal, String what) {
            return journal.ids()
                    .grouped(GROUP)
                    .mapAsync(1, list::stranger)
                    .runForeach(
                            stranger -> stranger.ifPresent(id -> {
                                throw new IllegalStateException(what.formatted(id));
                            }),
                            system);
        }

        CompletionStage<Done> copy() {
            return list.counts().thenCompose(counts -> {
                entities.set(counts.all() - counts.left());
                show.accept(new Progress(Step.COPY, entities.get(), counts.all(), 0));
                return list.notCopied()
                        .mapAsyncUnordered(PARALLEL, id -> copy(id).thenCompose(done -> list.copied(id))
                                .thenApply(done -> {
                                    tell(Step.COPY, counts.all());
                                    return done;
                                }))
                        .runWith(Sink.ignore(), system);
            });
        }

        private CompletionStage<Done> copy(String id) {
            return source.requireOneOfEach(id)
                    .thenCompose(done -> extent(id))
                    .thenCombine(target.extent(id), (from, to) -> new Pair<>(from, next(id, from, to)))
                    .thenCompose(part -> (part.second() == part.first().first()
                                    ? target.begin(id, part.first().first())
                                    : CompletableFuture.completedStage(Done.getInstance()))
                            .thenCompose(
                                    done -> copy(id, part.second(), part.first().last())))
                    .thenCompose(done -> source.snapshots(id))
                    .thenCompose(snapshots -> target.keepSnapshots(id, snapshots));
        }

        private CompletionStage<Done> copy(String id, long from, long to) {
            if (from > to) {
                return CompletableFuture.completedStage(Done.getInstance());
            }
            AtomicLong next = new AtomicLong(from);
            return pages(source, id, from)
                    .mapAsync(1, page -> {
                        page.forEach(event -> requireNext(event, next.getAndIncrement()));
                        events.addAndGet(page.size());
                        return target.append(page);
                    })
                    .runWith(Sink.ignore(), system);
        }

        CompletionStage<Result> compare() {
            entities.set(0);
            events.set(0);
            return list.counts()
                    .thenCompose(counts -> list.all()
                            .mapAsyncUnordered(PARALLEL, this::compare)
                            .map(compared -> {
                                tell(Step.COMPARE, counts.all());
                                return compared;
                            })
                            .runFold(Comparison.NONE, Comparison::plus, system))
                    .thenApply(Comparison::result);
        }

        private CompletionStage<Comparison> compare(String id) {
            return extent(id).thenCompose(extent -> content(source, id, extent.first())
                    .thenCombine(content(target, id, extent.first()), (one, other) -> {
                        events.addAndGet(one.events().count());
                        return Comparison.of(id, one, other);
                    }));
        }

        private void tell(Step step, long of) {
            show.accept(new Progress(step, entities.incrementAndGet(), of, events.get()));
        }

        private CompletionStage<Extent> extent(String id) {
            return source.extent(id)
                    .thenApply(extent ->
                            extent.orElseThrow(() -> new IllegalStateException(id + " has snapshots but no events")));
        }
    }

    private CompletionStage<Content> content(StoredJournal journal, String id, long from) {
        return pages(journal, id, from)
                .mapConcat(page -> page)
                .runFold(
                        new Checksum(),
                        (checksum, event) -> {
                            checksum.add(event);
                            return checksum;
                        },
                        system)
                .thenCombine(journal.snapshots(id), (events, snapshots) -> {
                    Checksum checksum = new Checksum();
                    snapshots.forEach(checksum::add);
                    return new Content(events.summary(), checksum.summary());
                });
    }

    /** What an entity has on one side. */
    record Content(Checksum.Summary events, Checksum.Summary snapshots) {}

    private static Source<List<StoredEvent>, NotUsed> pages(StoredJournal journal, String id, long from) {
        return Source.unfoldAsync(
                Optional.of(from),
                next -> next.isEmpty()
                        ? CompletableFuture.completedStage(Optional.<Pair<Optional<Long>, List<StoredEvent>>>empty())
                        : journal.events(id, next.get(), PAGE)
                                .thenApply(page -> page.isEmpty()
                                        ? Optional.<Pair<Optional<Long>, List<StoredEvent>>>empty()
                                        : Optional.of(Pair.create(after(page), page))));
    }

    private static Optional<Long> after(List<StoredEvent> page) {
        return page.size() < PAGE
                ? Optional.empty()
                : Optional.of(page.get(page.size() - 1).seq() + 1);
    }

    /** The first number that the target does not have; refuses what is not a beginning of what is moved. */
    private static long next(String id, Extent source, Optional<Extent> target) {
        if (target.isEmpty()) {
            return source.first();
        }
        long last = target.get().last();
        if (last > source.last()) {
            throw new IllegalStateException("the target has event " + last + " of " + id + ", which ends with "
                    + source.last() + ": empty the target first");
        }
        if (last < source.first() - 1) {
            throw new IllegalStateException("the target's events of " + id + " end with " + last
                    + ", and what is moved begins with " + source.first() + ": empty the target first");
        }
        return last + 1;
    }

    private static void requireNext(StoredEvent event, long expected) {
        if (event.seq() != expected) {
            throw new IllegalStateException(
                    "event " + expected + " of " + event.persistenceId() + " is missing in the journal");
        }
    }
}
