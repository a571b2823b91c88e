package io.lanying.node;

import com.zaxxer.hikari.HikariPoolMXBean;
import io.lanying.persistence.Persistence;
import io.lanying.persistence.PersistenceStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** Shows what persistence counts, and its pool, as meters. */
final class PersistenceMetrics {

    private PersistenceMetrics() {}

    static void bind(Persistence persistence, MeterRegistry registry) {
        counter(registry, persistence, "push.reminders.dropped", PersistenceStats::remindersDropped);
        counter(registry, persistence, "push.reminders.retries", PersistenceStats::reminderRetries);
        counter(registry, persistence, "push.reminders.woken", PersistenceStats::remindersWoken);
        counter(registry, persistence, "push.reminders.clock.failures", PersistenceStats::clockFailures);
        counter(registry, persistence, "push.registry.refused", PersistenceStats::registryRefused);
        counter(registry, persistence, "push.database.statements.refused", PersistenceStats::statementsRefused);
        counter(registry, persistence, "push.attachments.sweep.failures", PersistenceStats::sweepFailures);
        counter(registry, persistence, "push.leases.lost", PersistenceStats::leasesLost);
        counter(registry, persistence, "push.journal.unleased", PersistenceStats::unleasedWrites);
        counter(registry, persistence, "push.journal.archive.reads", PersistenceStats::archiveReads);
        counter(registry, persistence, "push.journal.archive.failures", PersistenceStats::archiveFailures);
        counter(registry, persistence, "push.journal.holes", PersistenceStats::holes);
        counter(registry, persistence, "push.journal.unreadable", PersistenceStats::unreadable);
        // Prometheus: double_writer_total; docs/operations.md has the alarm.
        counter(registry, persistence, "double.writer", PersistenceStats::doubleWrites);
        pool(registry, persistence, "push.database.connections.active", HikariPoolMXBean::getActiveConnections);
        pool(registry, persistence, "push.database.connections.idle", HikariPoolMXBean::getIdleConnections);
        pool(
                registry,
                persistence,
                "push.database.connections.waiting",
                HikariPoolMXBean::getThreadsAwaitingConnection);
    }

    private static void counter(
            MeterRegistry registry, Persistence persistence, String name, ToDoubleFunction<PersistenceStats> value) {
        FunctionCounter.builder(name, persistence.stats(), value).register(registry);
    }

    private static void pool(
            MeterRegistry registry, Persistence persistence, String name, ToDoubleFunction<HikariPoolMXBean> value) {
        Gauge.builder(name, persistence, p -> value.applyAsDouble(p.pool().getHikariPoolMXBean()))
                .register(registry);
    }
}
