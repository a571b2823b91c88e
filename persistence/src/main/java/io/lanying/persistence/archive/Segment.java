package io.lanying.persistence.archive;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What becomes one object of the store: runs of events of any entities, one part each. Of its builder's thread only.
 */
final class Segment {

    private static final DateTimeFormatter MONTH =
            DateTimeFormatter.ofPattern("yyyy-MM").withZone(ZoneOffset.UTC);

    private final String id;
    private final String object;
    private final List<Part> parts = new ArrayList<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long events;

    Segment(String id, Instant now) {
        this.id = id;
        this.object = "journal/" + MONTH.format(now) + "/" + id + ".ndjson.gz";
        bytes.writeBytes(EventLines.head(id));
    }

    /**
     * Where a run of an entity's events is.
     *
     * @param sha256 of its bytes, in hex
     */
    record Part(String persistenceId, long fromSeq, long toSeq, long offset, int length, String sha256) {}

    /** Adds some events of one entity that follow each other. */
    void add(List<StoredEvent> run) {
        byte[] member = EventLines.member(run);
        parts.add(new Part(
                run.get(0).persistenceId(),
                run.get(0).seq(),
                run.get(run.size() - 1).seq(),
                bytes.size(),
                member.length,
                sha256(member)));
        bytes.writeBytes(member);
        events += run.size();
    }

    String id() {
        return id;
    }

    String object() {
        return object;
    }

    List<Part> parts() {
        return List.copyOf(parts);
    }

    long events() {
        return events;
    }

    int size() {
        return bytes.size();
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
