package io.lanying.persistence.archive;

import java.util.Arrays;

/**
 * An event as a row of the journal has it; not decoded.
 *
 * @param ordering its place among all events
 * @param writtenAt by the clock of the node that wrote it, milliseconds since 1970
 * @param writer which incarnation of the entity
 */
@SuppressWarnings("ArrayRecordComponent") // compared by sameAs only
public record StoredEvent(
        String persistenceId,
        long seq,
        long ordering,
        long writtenAt,
        String writer,
        String adapterManifest,
        int serializer,
        String manifest,
        byte[] payload) {

    boolean sameAs(StoredEvent other) {
        return persistenceId.equals(other.persistenceId)
                && seq == other.seq
                && ordering == other.ordering
                && writtenAt == other.writtenAt
                && writer.equals(other.writer)
                && adapterManifest.equals(other.adapterManifest)
                && serializer == other.serializer
                && manifest.equals(other.manifest)
                && Arrays.equals(payload, other.payload);
    }

    @Override
    public String toString() {
        return "event " + seq + " of " + persistenceId;
    }
}
