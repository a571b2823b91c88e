package io.lanying.persistence.journal;

import io.lanying.persistence.database.Database;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jdbi.v3.core.Handle;

/**
 * All entities that the journal has events of, page by page along its primary key: one look into the index for each entity,
 * however many events it has. Entities that come while one reads may or may not be met.
 */
public final class JournaledEntities {

    /** The most entities of a page. */
    public static final int MAX_LIMIT = 1_000;

    // One entity at a time: DISTINCT would read every event. The order is the column's own, whatever its collation.
    private static final String NEXT =
            "SELECT \"persistence_id\" FROM \"event_journal\" WHERE \"persistence_id\" > :after"
                    + " ORDER BY \"persistence_id\" LIMIT 1";

    private final Database database;

    public JournaledEntities(Database database) {
        this.database = database;
    }

    /** One entity with events. */
    public record Journaled(EntityKind kind, EntityId id) {}

    /**
     * Some entities; kinds that this build does not know are left out.
     *
     * @param next what to give as {@code after} for the next page; empty if this is the last
     */
    public record Page(List<Journaled> entities, Optional<String> next) {

        public Page {
            entities = List.copyOf(entities);
        }
    }

    /**
     * The next entities.
     *
     * @param after the {@code next} of the page before; empty for the first
     * @param limit 1 to {@link #MAX_LIMIT}
     */
    public CompletionStage<Page> page(Optional<String> after, int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit " + limit + " is not within 1 to " + MAX_LIMIT);
        }
        return database.read(handle -> {
            List<Journaled> entities = new ArrayList<>();
            Optional<String> at = next(handle, after.orElse(""));
            for (int i = 1; at.isPresent(); i++) {
                parse(at.get()).ifPresent(entities::add);
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

    private static Optional<Journaled> parse(String persistenceId) {
        for (EntityKind kind : EntityKind.values()) {
            String prefix = kind.wireName() + "|";
            if (persistenceId.startsWith(prefix)) {
                return Optional.of(new Journaled(kind, EntityId.parse(persistenceId.substring(prefix.length()))));
            }
        }
        return Optional.empty();
    }
}
