package io.lanying.persistence.journal;

import io.lanying.persistence.database.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jdbi.v3.core.Handle;

/** {@link JournaledEntities} along the journal's primary key: one look into the index for each entity, however many events it has. */
public final class JdbcJournaledEntities implements JournaledEntities {

    // One entity at a time: DISTINCT would read every event. The order is the column's own, whatever its collation.
    private static final String NEXT =
            "SELECT \"persistence_id\" FROM \"event_journal\" WHERE \"persistence_id\" > :after"
                    + " ORDER BY \"persistence_id\" LIMIT 1";

    private final Database database;

    public JdbcJournaledEntities(Database database) {
        this.database = database;
    }

    @Override
    public CompletionStage<Page> page(Optional<String> after, int limit) {
        JournaledEntities.checkLimit(limit);
        return database.read(handle -> {
            List<Journaled> entities = new ArrayList<>();
            Optional<String> at = next(handle, after.orElse(""));
            for (int i = 1; at.isPresent(); i++) {
                JournaledEntities.parse(at.get()).ifPresent(entities::add);
                if (i == limit) {
                    break;
                }
                at = next(handle, at.get());
            }
            return new Page(entities, at);
        });
    }

    private static Optional<String> next(Handle handle, String after) {
        return handle.createQuery(NEXT).bind("after", after).mapTo(String.class).findOne();
    }
}
