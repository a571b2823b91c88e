package io.lanying.persistence.cassandra;

import akka.stream.alpakka.cassandra.javadsl.CassandraSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.lanying.persistence.journal.JournaledEntities;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * {@link JournaledEntities} by the plug-in's list of persistence ids, in the order of their tokens. An entity is put there before its
 * first event, so one may be met that has none.
 */
public final class CassandraEntities implements JournaledEntities {

    private final CassandraSession session;
    private final String first;
    private final String next;

    public CassandraEntities(CassandraStore store) {
        this.session = store.session();
        String select = "SELECT persistence_id FROM " + store.keyspace() + ".all_persistence_ids";
        this.first = select + " LIMIT ?";
        this.next = select + " WHERE token(persistence_id) > token(?) LIMIT ?";
    }

    @Override
    public CompletionStage<Page> page(Optional<String> after, int limit) {
        JournaledEntities.checkLimit(limit);
        Optional<String> last = after.filter(id -> !id.isEmpty());
        return session.prepare(last.isPresent() ? next : first)
                .thenCompose(prepared -> {
                    BoundStatement statement =
                            last.isPresent() ? prepared.bind(last.get(), limit) : prepared.bind(limit);
                    return session.selectAll(statement.setExecutionProfileName(CassandraSettings.PROFILE));
                })
                .thenApply(rows -> page(rows, limit));
    }

    private static Page page(List<Row> rows, int limit) {
        List<String> ids =
                rows.stream().map(row -> row.getString("persistence_id")).toList();
        return new Page(
                ids.stream().flatMap(id -> JournaledEntities.parse(id).stream()).toList(),
                ids.size() < limit ? Optional.empty() : Optional.of(ids.get(ids.size() - 1)));
    }
}
