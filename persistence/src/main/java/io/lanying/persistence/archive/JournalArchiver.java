package io.lanying.persistence.archive;

import akka.actor.typed.ActorSystem;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import io.lanying.persistence.archive.JournalRows.Bounds;
import io.lanying.persistence.archive.JournalRows.StoredSnapshot;
import io.lanying.persistence.archive.JournalRows.WithSnapshot;
import io.lanying.persistence.attachment.SharedStore;
import io.lanying.persistence.database.Database;
import io.lanying.persistence.journal.JournaledEntities;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves old events out of the journal into shared storage, where {@link EventArchive} reads them. Moved are an entity's first events, as
 * far as they are older than asked for, its newest snapshot covers them, and {@link Archivable} allows; never its last event.
 *
 * <p>May run beside nodes, and may end at any moment: a {@link SegmentMove} takes events out of the journal only with what replaces
 * them. Given again, it goes on where it ended. Blocks its thread; holds one segment in memory.
 */
public final class JournalArchiver {

    private static final Logger LOG = LoggerFactory.getLogger(JournalArchiver.class);

    private static final int ENTITIES = 500;

    /** Of one part, at most; and what is read at once. */
    private static final int RUN = 500;

    /** Of one part's payloads, unless it is one event. */
    private static final int RUN_BYTES = 256 * 1024;

    private static final int MAX_TOLD = 20;

    private final Database database;
    private final SegmentMove move;
    private final ArchiveSettings settings;
    private final Serialization serialization;
    private final Clock clock;

    public JournalArchiver(ActorSystem<?> system, Database database, SharedStore store, ArchiveSettings settings) {
        this(system, database, new SegmentMove(database, store, step -> {}), settings, Clock.systemUTC());
    }

    JournalArchiver(ActorSystem<?> system, Database database, SegmentMove move, ArchiveSettings settings, Clock clock) {
        this.database = database;
        this.move = move;
        this.settings = settings;
        this.serialization = SerializationExtension.get(system.classicSystem());
        this.clock = clock;
    }

    /**
     * How far it is.
     *
     * @param snapshots looked at, of {@code allSnapshots} when it began
     * @param entities that had events to be moved
     * @param bytes of the objects
     * @param unreadable entities that were left as they are because something of theirs cannot be read
     * @param told what was wrong with the first of these
     */
    public record Progress(
            long snapshots,
            long allSnapshots,
            long entities,
            long events,
            long bytes,
            long segments,
            long unreadable,
            List<String> told) {

        public Progress {
            told = List.copyOf(told);
        }
    }

    /**
     * Moves all that is to be moved now.
     *
     * @param dryRun finds out what would be moved, and how large it would be, but leaves everything as it is
     * @param show is told of the progress after every entity
     * @throws io.lanying.persistence.StartRefused if another one runs
     * @throws RuntimeException if the database or the store fails: give it again, what was moved stays so
     */
    public Progress run(boolean dryRun, Consumer<Progress> show) {
        var lock = ArchiverLock.take(database);
        try {
            var run = new Run(dryRun, show);
            run.all();
            return run.progress();
        } finally {
            lock.close();
        }
    }

    private <T> T journal(Function<JournalRows, T> work) {
        return database.blocking((Handle handle) -> work.apply(new JournalRows(handle)));
    }

    private final class Run {

        private final boolean dryRun;
        private final Consumer<Progress> show;
        private final long before = clock.instant().minus(settings.olderThan()).toEpochMilli();
        private final List<String> told = new ArrayList<>();
        private Segment segment = newSegment();
        private long allSnapshots;
        private long snapshots;
        private long entities;
        private long events;
        private long bytes;
        private long segments;
        private long unreadable;

        Run(boolean dryRun, Consumer<Progress> show) {
            this.dryRun = dryRun;
            this.show = show;
        }

        void all() {
            if (!dryRun) {
                move.removeUnfinished();
            }
            allSnapshots = journal(JournalRows::snapshots);
            String after = "";
            List<WithSnapshot> page;
            do {
                String last = after;
                page = journal(rows -> rows.withSnapshots(last, ENTITIES));
                for (WithSnapshot each : page) {
                    entity(each.persistenceId());
                    snapshots += each.snapshots();
                    after = each.persistenceId();
                    show.accept(progress());
                }
            } while (page.size() == ENTITIES);
            finish();
        }

        private void entity(String persistenceId) {
            var kind = JournaledEntities.parse(persistenceId)
                    .map(JournaledEntities.Journaled::kind)
                    .filter(Archivable::is);
            if (kind.isEmpty()) {
                return;
            }
            Optional<Bounds> bounds = journal(rows -> rows.bounds(persistenceId))
                    .filter(found -> found.first() < found.last() && found.firstWrittenAt() < before);
            if (bounds.isEmpty()) {
                return;
            }
            try {
                long upTo = Math.min(bounds.get().last() - 1, coveredUpTo(persistenceId));
                if (collect(persistenceId, bounds.get().first(), upTo)) {
                    entities++;
                }
            } catch (Unreadable e) {
                unreadable++;
                LOG.error("not archived: {}", e.getMessage());
                if (told.size() < MAX_TOLD) {
                    told.add(String.valueOf(e.getMessage()));
                }
            }
        }

        private long coveredUpTo(String persistenceId) {
            Optional<StoredSnapshot> found = journal(rows -> rows.newestSnapshot(persistenceId));
            if (found.isEmpty()) {
                return 0;
            }
            StoredSnapshot snapshot = found.get();
            var decoded = serialization.deserialize(snapshot.payload(), snapshot.serializer(), snapshot.manifest());
            if (decoded.isFailure()) {
                throw new Unreadable("the newest snapshot of " + persistenceId + " cannot be decoded");
            }
            return Archivable.upTo(snapshot.seq(), decoded.get());
        }

        /** Puts an entity's first events that are old enough into segments; whether there were any. */
        private boolean collect(String persistenceId, long first, long upTo) {
            long next = first;
            while (next <= upTo) {
                long from = next;
                int most = (int) Math.min(RUN, settings.segmentEvents() - segment.events());
                List<StoredEvent> run =
                        run(persistenceId, from, journal(rows -> rows.events(persistenceId, from, upTo, most)));
                if (run.isEmpty()) {
                    break;
                }
                segment.add(run);
                next += run.size();
                if (segment.size() >= settings.segmentBytes() || segment.events() >= settings.segmentEvents()) {
                    finish();
                }
            }
            return next > first;
        }

        /** Those at the beginning that are old enough and fit into one part. */
        private List<StoredEvent> run(String persistenceId, long from, List<StoredEvent> events) {
            long size = 0;
            for (int i = 0; i < events.size(); i++) {
                StoredEvent event = events.get(i);
                if (event.seq() != from + i) {
                    throw new Unreadable("event " + (from + i) + " of " + persistenceId + " is not in the journal");
                }
                size += event.payload().length;
                if (event.writtenAt() >= before || (i > 0 && size > RUN_BYTES)) {
                    return events.subList(0, i);
                }
            }
            return events;
        }

        private void finish() {
            if (segment.isEmpty()) {
                return;
            }
            if (!dryRun) {
                move.move(segment, clock.instant());
            }
            events += segment.events();
            bytes += segment.size();
            segments++;
            segment = newSegment();
        }

        private Segment newSegment() {
            return new Segment(UUID.randomUUID().toString(), clock.instant());
        }

        Progress progress() {
            return new Progress(snapshots, allSnapshots, entities, events, bytes, segments, unreadable, told);
        }
    }

    /** What concerns one entity only. */
    private static final class Unreadable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Unreadable(String what) {
            super(what, null, false, false);
        }
    }
}
