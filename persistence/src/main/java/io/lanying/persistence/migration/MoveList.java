package io.lanying.persistence.migration;

import akka.Done;
import akka.NotUsed;
import akka.japi.Pair;
import akka.stream.javadsl.Source;
import io.lanying.persistence.database.Database;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jdbi.v3.core.Handle;

/** Which entities are moved and which of them are copied: a table that is there only while a journal is moved. */
final class MoveList {

    private static final int PAGE = 500;

    private final Database database;

    MoveList(Database database) {
        this.database = database;
    }

    static void create(Handle handle) {
        handle.execute("CREATE TABLE IF NOT EXISTS journal_move"
                + " (persistence_id VARCHAR(255) COLLATE \"C\" PRIMARY KEY, copied BOOLEAN NOT NULL)");
    }

    static void drop(Handle handle) {
        handle.execute("DROP TABLE IF EXISTS journal_move");
    }

    /** Completes with how many were not there before. */
    CompletionStage<Integer> add(List<String> ids) {
        return database.inTransaction(handle -> handle.createUpdate("INSERT INTO journal_move (persistence_id, copied)"
                        + " SELECT unnest(:ids), FALSE ON CONFLICT (persistence_id) DO NOTHING")
                .bindArray("ids", String.class, ids)
                .execute());
    }

    /** One of these that is not there. */
    CompletionStage<Optional<String>> stranger(List<String> ids) {
        return database.read(
                handle -> handle.createQuery("SELECT unnest(:ids) EXCEPT SELECT persistence_id FROM journal_move"
                                + " WHERE persistence_id = ANY(:ids) LIMIT 1")
                        .bindArray("ids", String.class, ids)
                        .mapTo(String.class)
                        .findOne());
    }

    CompletionStage<Done> copied(String id) {
        return database.inTransaction(handle -> {
            handle.createUpdate("UPDATE journal_move SET copied = TRUE WHERE persistence_id = :id")
                    .bind("id", id)
                    .execute();
            return Done.getInstance();
        });
    }

    /** How many there are, and how many of them are not copied. */
    CompletionStage<Counts> counts() {
        return database.read(handle -> handle.createQuery(
                        "SELECT COUNT(*) AS all_of_them, COUNT(*) FILTER (WHERE NOT copied) AS left_over FROM journal_move")
                .map((row, context) -> new Counts(row.getLong("all_of_them"), row.getLong("left_over")))
                .one());
    }

    record Counts(long all, long left) {}

    Source<String, NotUsed> all() {
        return pages("");
    }

    Source<String, NotUsed> notCopied() {
        return pages(" AND NOT copied");
    }

    private Source<String, NotUsed> pages(String which) {
        String sql = "SELECT persistence_id FROM journal_move WHERE persistence_id > :after" + which
                + " ORDER BY persistence_id LIMIT :limit";
        return Source.unfoldAsync("", after -> database.read(handle -> handle.createQuery(sql)
                                .bind("after", after)
                                .bind("limit", PAGE)
                                .mapTo(String.class)
                                .list())
                        .thenApply(page -> page.isEmpty()
                                ? Optional.empty()
                                : Optional.of(Pair.create(page.get(page.size() - 1), page))))
                .mapConcat(page -> page);
    }
}
