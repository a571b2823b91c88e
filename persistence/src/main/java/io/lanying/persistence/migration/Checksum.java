package io.lanying.persistence.migration;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * SHA-256 over an entity's events, or its snapshots, in their order: number, time, writer, serialiser, manifests and contents. Not
 * thread-safe.
 */
final class Checksum {

    private final MessageDigest digest = sha256();
    private long count;
    private long last;

    void add(StoredEvent event) {
        count++;
        last = event.seq();
        add(event.seq());
        add(event.atMillis());
        add(event.writer());
        add(event.adapterManifest());
        add(event.event());
        add(event.meta());
    }

    void add(StoredSnapshot snapshot) {
        count++;
        last = snapshot.seq();
        add(snapshot.seq());
        add(snapshot.createdMillis());
        add(snapshot.state());
        add(snapshot.meta());
    }

    /** What was added; the end of it. */
    Summary summary() {
        return new Summary(count, last, HexFormat.of().formatHex(digest.digest()));
    }

    /** @param last the highest number, 0 if there is none */
    record Summary(long count, long last, String sha256) {}

    private void add(Optional<StoredValue> value) {
        add(value.isPresent() ? 1 : 0);
        value.ifPresent(this::add);
    }

    private void add(StoredValue value) {
        add(value.serializer());
        add(value.manifest());
        add(value.bytes());
    }

    private void add(String text) {
        add(text.getBytes(StandardCharsets.UTF_8));
    }

    private void add(byte[] bytes) {
        add(bytes.length);
        digest.update(bytes);
    }

    private void add(long number) {
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
