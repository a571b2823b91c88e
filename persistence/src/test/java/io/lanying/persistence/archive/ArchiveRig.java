package io.lanying.persistence.archive;

import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Props;
import io.lanying.persistence.Counter;
import io.lanying.persistence.StoreTest;
import io.lanying.persistence.TestNode;
import io.lanying.persistence.attachment.FaultyStore;
import io.lanying.persistence.attachment.SharedStore;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.journal.JournalEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;

/** Counters with snapshots after every tenth event, whose events are all older than they have to be, and a store that may fail. */
abstract class ArchiveRig extends StoreTest {

    static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofDays(40));

    private static final Path OBJECTS = temporaryDirectory();

    FaultyStore faults;
    SharedStore shared;

    @Override
    protected String settings() {
        return "push.persistence.attachments.directory = \"" + directory() + "\"";
    }

    /** One for each database, which has its mark in it. */
    Path directory() {
        return OBJECTS.resolve(getClass().getSimpleName() + "-" + store);
    }

    @BeforeEach
    void openStore() {
        faults = FaultyStore.in(directory());
        shared = faults.of(node);
    }

    @AfterAll
    static void removeObjects() throws IOException {
        try (var files = Files.walk(OBJECTS)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("lanying-archive-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JournalArchiver archiver() {
        return archiver(10_000, step -> {});
    }

    JournalArchiver archiver(int segmentEvents, Consumer<SegmentMove.Step> hook) {
        var settings = new ArchiveSettings(Duration.ofDays(30), 64 * 1024, segmentEvents);
        return new JournalArchiver(
                node.system, node.database(), new SegmentMove(node.database(), shared, hook), settings, LATER);
    }

    JournalArchiver.Progress archive() {
        return archiver().run(false, progress -> {});
    }

    ActorRef<Counter.Increment> counter(String id) {
        return node.system.systemActorOf(
                Counter.create(EntityKind.USER, id(id)), id + "-" + System.nanoTime(), Props.empty());
    }

    /** Counts on with a new incarnation, and returns where the counter is then. */
    long count(String id, int times) {
        ActorRef<Counter.Increment> counter = counter(id);
        TestProbe<Long> probe = TestProbe.create(node.system);
        for (int i = 0; i < times; i++) {
            counter.tell(new Counter.Increment(probe.ref()));
        }
        long last = probe.receiveSeveralMessages(times, Duration.ofSeconds(15)).get(times - 1);
        await("the snapshot, which is saved after the answer").until(() -> newestSnapshot(id) == last - last % 10);
        return last;
    }

    private long newestSnapshot(String id) {
        return node.number("SELECT COALESCE(MAX(\"sequence_number\"), 0) FROM \"snapshot\""
                + " WHERE \"persistence_id\" = 'User|t:" + id + "'");
    }

    /** All of an entity's events, in pages. */
    List<JournalEvent> read(String id, int limit) {
        var all = new ArrayList<JournalEvent>();
        List<JournalEvent> page;
        do {
            page = TestNode.await(
                    node.persistence.journal().events(EntityKind.USER, id(id), all.size() + 1L, Long.MAX_VALUE, limit));
            all.addAll(page);
        } while (page.size() == limit);
        return all;
    }

    List<JournalEvent> read(String id) {
        return read(id, 1_000);
    }

    /** How many events the journal itself has. */
    long hot(String id) {
        return node.number("SELECT COUNT(*) FROM \"event_journal\" WHERE \"persistence_id\" = 'User|t:" + id + "'");
    }

    /** What the store has of archives. */
    List<Path> objects() {
        Path archives = directory().resolve("journal");
        if (!Files.isDirectory(archives)) {
            return List.of();
        }
        try (var files = Files.walk(archives)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long segments(String state) {
        return node.number("SELECT COUNT(*) FROM journal_segment WHERE state = '" + state + "'");
    }

    static EntityId id(String id) {
        return new EntityId("t", id);
    }
}
