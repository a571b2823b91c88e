package io.lanying.persistence.journal;

import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * All entities that the journal has events of, page by page. Entities that come while one reads may or may not be met. A failed stage
 * means unavailable: repeat.
 */
public interface JournaledEntities {

    /** The most entities of a page. */
    int MAX_LIMIT = 1_000;

    /** One entity with events. */
    record Journaled(EntityKind kind, EntityId id) {}

    /**
     * Some entities; kinds that this build does not know are left out.
     *
     * @param next what to give as {@code after} for the next page; empty if this is the last
     */
    record Page(List<Journaled> entities, Optional<String> next) {

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
    CompletionStage<Page> page(Optional<String> after, int limit);

    /** Throws {@link IllegalArgumentException} if a page may not have so many. */
    static void checkLimit(int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit " + limit + " is not within 1 to " + MAX_LIMIT);
        }
    }

    /** The entity of a persistence id; empty for a kind that this build does not know. */
    static Optional<Journaled> parse(String persistenceId) {
        for (EntityKind kind : EntityKind.values()) {
            String prefix = kind.wireName() + "|";
            if (persistenceId.startsWith(prefix)) {
                return Optional.of(new Journaled(kind, EntityId.parse(persistenceId.substring(prefix.length()))));
            }
        }
        return Optional.empty();
    }
}
