package io.lanying.persistence.cassandra;

import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.uuid.Uuids;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Where an event's row is, and who wrote it. */
record StoredKey(String persistenceId, long partition, long seq, UUID time, String writer) {

    static final String COLUMNS = "persistence_id, partition_nr, sequence_nr, timestamp, writer_uuid";

    /** A row with these columns. */
    static StoredKey of(Row row) {
        return new StoredKey(
                Optional.ofNullable(row.getString("persistence_id")).orElseThrow(),
                row.getLong("partition_nr"),
                row.getLong("sequence_nr"),
                Optional.ofNullable(row.getUuid("timestamp")).orElseThrow(),
                Optional.ofNullable(row.getString("writer_uuid")).orElse(""));
    }

    /** When it was written. */
    Instant at() {
        return Instant.ofEpochMilli(Uuids.unixTimestamp(time));
    }
}
