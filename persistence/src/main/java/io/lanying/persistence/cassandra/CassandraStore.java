package io.lanying.persistence.cassandra;

import akka.actor.typed.ActorSystem;
import akka.stream.alpakka.cassandra.javadsl.CassandraSession;
import akka.stream.alpakka.cassandra.javadsl.CassandraSessionRegistry;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.typesafe.config.Config;
import io.lanying.persistence.StartRefused;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** The node's Cassandra: the one session, which the plug-in shares and the actor system closes. Thread-safe. */
public final class CassandraStore {

    private static final String PLUGIN_ID = CassandraSettings.PLUGIN + ".journal";

    private final CassandraSession session;
    private final CassandraSettings settings;

    private CassandraStore(CassandraSession session, CassandraSettings settings) {
        this.session = session;
        this.settings = settings;
    }

    /** Whether this configuration has its journal in Cassandra. */
    public static boolean isConfigured(Config root) {
        return root.hasPath("akka.persistence.journal.plugin")
                && root.getString("akka.persistence.journal.plugin").equals(PLUGIN_ID);
    }

    /**
     * Opens the session and looks for the tables. Blocks; for the start of a node.
     *
     * @throws StartRefused if settings are wrong, Cassandra does not answer or has not the tables, in one line that says why
     */
    public static CassandraStore open(ActorSystem<?> system) {
        checkTimes(system.settings().config());
        return openAside(system);
    }

    /** As {@link #open}, for a command that moves or repairs the journal and writes by no lease. */
    public static CassandraStore openAside(ActorSystem<?> system) {
        CassandraStore store = connect(system);
        Set<String> missing = store.tablesMissing();
        if (!missing.isEmpty()) {
            throw new StartRefused("Cassandra's keyspace " + store.keyspace() + " has no table "
                    + missing.iterator().next() + ": make the tables with \"lanying journal tables\"");
        }
        return store;
    }

    /** As {@link #open}, before there are tables. */
    static CassandraStore connect(ActorSystem<?> system) {
        CassandraSettings settings = CassandraSettings.from(system.settings().config());
        return new CassandraStore(CassandraSessionRegistry.get(system).sessionFor(CassandraSettings.PLUGIN), settings);
    }

    CassandraSession session() {
        return session;
    }

    /** Where the tables are. */
    public String keyspace() {
        return settings.keyspace();
    }

    /** Whether a majority takes a write now; fails if not. One row, always the same. */
    public CompletionStage<Boolean> write() {
        return session.executeWrite(SimpleStatement.newInstance("INSERT INTO " + keyspace() + "."
                                + CassandraTables.WRITE_PROBE + " (id, probed_at) VALUES (1, toTimestamp(now()))")
                        .setExecutionProfileName(CassandraSettings.PROFILE))
                .thenApply(done -> true);
    }

    /** Waits for an answer while a node or a command starts. */
    <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(settings.startTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new StartRefused("Cassandra at " + settings.contactPoints() + " cannot be used: " + reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartRefused("interrupted while starting", e);
        }
    }

    private Set<String> tablesMissing() {
        Set<String> there = await(session.selectAll(
                        "SELECT table_name FROM system_schema.tables WHERE keyspace_name = ?", keyspace()))
                .stream()
                .map(row -> row.getString("table_name"))
                .collect(Collectors.toSet());
        return CassandraTables.NEEDED.stream()
                .filter(table -> !there.contains(table))
                .collect(Collectors.toSet());
    }

    /** What was sent while the lease was held must be over before another can take it. */
    private static void checkTimes(Config root) {
        Duration margin = root.getDuration("push.persistence.shard-lease.margin");
        Duration write = root.getDuration(
                "datastax-java-driver.profiles." + CassandraSettings.PROFILE + ".basic.request.timeout");
        // An entity's first event is written after its name was put into the list of entities.
        if (margin.compareTo(write.multipliedBy(2)) <= 0) {
            throw new StartRefused(
                    "push.persistence.shard-lease.margin must be longer than two writes to Cassandra may take ("
                            + write.toMillis() + " ms)");
        }
    }

    private static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root instanceof TimeoutException
                ? "no answer in time"
                : String.valueOf(root.getMessage()).lines().findFirst().orElse("unknown");
    }
}
