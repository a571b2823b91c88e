package io.lanying.persistence.migration;

import java.util.Optional;

/**
 * One event as a journal stores it.
 *
 * @param atMillis when it was written, milliseconds since 1970
 * @param writer the incarnation of the entity that wrote it
 * @param adapterManifest empty unless event adapters are used
 * @param meta what Akka keeps beside an event; none of ours has any
 */
public record StoredEvent(
        String persistenceId,
        long seq,
        long atMillis,
        String writer,
        String adapterManifest,
        StoredValue event,
        Optional<StoredValue> meta) {}
