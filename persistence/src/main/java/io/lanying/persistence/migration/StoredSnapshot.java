package io.lanying.persistence.migration;

import java.util.Optional;

/**
 * One snapshot as a store has it.
 *
 * @param createdMillis when it was made, milliseconds since 1970
 * @param meta what Akka keeps beside a snapshot; none of ours has any
 */
public record StoredSnapshot(
        String persistenceId, long seq, long createdMillis, StoredValue state, Optional<StoredValue> meta) {}
