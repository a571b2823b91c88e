package io.lanying.persistence;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import com.zaxxer.hikari.HikariDataSource;
import io.lanying.persistence.archive.EventArchive;
import io.lanying.persistence.attachment.AttachmentKeeping;
import io.lanying.persistence.attachment.SharedStore;
import io.lanying.persistence.cassandra.CassandraEvents;
import io.lanying.persistence.cassandra.CassandraStore;
import io.lanying.persistence.database.Database;
import io.lanying.persistence.database.Dialect;
import io.lanying.persistence.journal.JdbcJournal;
import io.lanying.persistence.lease.ShardLeases;
import io.lanying.persistence.registry.JdbcAudienceRegistry;
import io.lanying.persistence.registry.JdbcMembers;
import io.lanying.persistence.registry.JdbcRegistryQueries;
import io.lanying.persistence.registry.JdbcRegistryWriter;
import io.lanying.persistence.registry.RegistryQueries;
import io.lanying.persistence.reminder.OpenWork;
import io.lanying.persistence.reminder.ReminderClock;
import io.lanying.persistence.reminder.ReminderTarget;
import io.lanying.persistence.reminder.ReminderWriter;
import io.lanying.persistence.sealing.MasterKey;
import io.lanying.persistence.sealing.SubjectKeys;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.attachment.Attachments;
import io.lanying.protocol.journal.Journal;
import io.lanying.protocol.registry.AudienceRegistry;
import io.lanying.protocol.registry.MemberRegistry;
import io.lanying.protocol.registry.RegistryWriter;
import io.lanying.protocol.reminder.ReminderCommand;
import io.lanying.protocol.sealing.Sealing;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Everything durable of one node, over one pool of connections. All parts are thread-safe and live as long as the actor
 * system, which closes the pool.
 */
public final class Persistence {

    private final ActorSystem<?> system;
    private final Database database;
    private final PersistenceStats stats;
    private final NodeSecrets secrets;
    private final SubjectKeys subjectKeys;
    private final Journal journal;
    private final RegistryWriter registryWriter;
    private final RegistryQueries registryQueries;
    private final AudienceRegistry audiences;
    private final MemberRegistry members;
    private final ActorRef<ReminderCommand> reminders;
    private final WriteProbe probe;
    private final Attachments attachments;

    private Persistence(ActorSystem<?> system) {
        PersistenceSettings settings =
                PersistenceSettings.from(system.settings().config());
        this.system = system;
        this.stats = PersistenceStats.of(system);
        this.database = Database.open(system, settings, stats);
        this.secrets = new NodeSecrets(database);
        this.subjectKeys = new SubjectKeys(system.settings().config(), database, masterKey(settings));
        SharedStore store = SharedStore.open(system, secrets, settings.dataDir());
        Optional<CassandraStore> cassandra = cassandra(settings);
        this.journal = cassandra
                .<Journal>map(events -> new CassandraEvents(system, events))
                .orElseGet(() -> new JdbcJournal(system, database, new EventArchive(database, store, stats)));
        this.registryWriter = new JdbcRegistryWriter(system, database, stats);
        this.registryQueries = new JdbcRegistryQueries(database);
        this.audiences = new JdbcAudienceRegistry(database);
        this.members = new JdbcMembers(database);
        this.reminders = ReminderWriter.start(system, database, stats);
        this.probe = new WriteProbe(database, cassandra);
        this.attachments = AttachmentKeeping.start(system, database, stats, store);
        if (settings.lease()) {
            startLeases();
        }
    }

    /**
     * Opens the database, brings its schema up to date and starts the node's reminder writer. Blocks until then; once for
     * an actor system.
     *
     * @throws StartRefused if the node must not start like this, with one line that says why
     */
    public static Persistence start(ActorSystem<?> system) {
        return new Persistence(system);
    }

    public Journal journal() {
        return journal;
    }

    public RegistryWriter registryWriter() {
        return registryWriter;
    }

    public RegistryQueries registryQueries() {
        return registryQueries;
    }

    public AudienceRegistry audiences() {
        return audiences;
    }

    public MemberRegistry members() {
        return members;
    }

    public Sealing sealing() {
        return subjectKeys;
    }

    /** The same as {@link #sealing}, with erasure. */
    public SubjectKeys subjectKeys() {
        return subjectKeys;
    }

    public ActorRef<ReminderCommand> reminders() {
        return reminders;
    }

    public NodeSecrets secrets() {
        return secrets;
    }

    public PersistenceStats stats() {
        return stats;
    }

    public Attachments attachments() {
        return attachments;
    }

    /** The shared pool, for metrics only. */
    public HikariDataSource pool() {
        return database.pool();
    }

    /** Starts the cluster's reminder clock, or this node's readiness to take it over; needs a target for every kind. */
    public void startReminderClock(Map<EntityKind, ReminderTarget> targets) {
        ReminderClock.start(system, database, stats, targets);
    }

    /** What the cluster has still to do. Fails if the database cannot be read. */
    public CompletionStage<OpenWork> openWork() {
        return ReminderClock.open(database);
    }

    /** Whether a row can be written and committed now. Never fails; calls that come meanwhile share one answer. */
    public CompletionStage<Boolean> writable() {
        return probe.writable();
    }

    /** For tests. */
    Database database() {
        return database;
    }

    private Optional<CassandraStore> cassandra(PersistenceSettings settings) {
        Config config = system.settings().config();
        if (!CassandraStore.isConfigured(config)) {
            JournalMark.check(database, secrets, "");
            return Optional.empty();
        }
        if (!settings.lease()) {
            throw new StartRefused("LANYING_SHARD_LEASE=off is not possible with LANYING_JOURNAL=cassandra: "
                    + "Cassandra does not refuse a second writer");
        }
        CassandraStore store = CassandraStore.open(system);
        JournalMark.check(database, secrets, store.keyspace());
        return Optional.of(store);
    }

    private void startLeases() {
        if (database.dialect() == Dialect.H2) {
            throw new StartRefused("LANYING_SHARD_LEASE=on needs a database that nodes share: on H2 there is one node");
        }
        ShardLeases.of(system).start(system, database, stats);
    }

    private MasterKey masterKey(PersistenceSettings settings) {
        Optional<String> check = secrets.getBlocking(MasterKey.CHECK_NAME);
        MasterKey master = settings.masterKey().map(MasterKey::of).orElseGet(() -> {
            if (database.dialect() == Dialect.H2) {
                return MasterKey.ofDataDir(settings.dataDir(), check.isEmpty());
            }
            throw new StartRefused("LANYING_MASTER_KEY is not set: 32 bytes in Base64 (openssl rand -base64 32)");
        });
        master.check(secrets.putIfAbsentBlocking(MasterKey.CHECK_NAME, master.checkValue()));
        return master;
    }
}
