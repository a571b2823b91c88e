package io.lanying.protocol.sealing;

import io.lanying.protocol.Persisted;
import io.lanying.protocol.Remoted;
import java.util.Arrays;

/**
 * Personal data as the journal holds it: opaque without the subject's key, which lives outside the journal.
 *
 * <p>The box is a Tink AEAD ciphertext in Tink's own format (its prefix names version and key). Its associated data is
 * {@code tenant NUL item NUL field}, so that a copy opens only as the field of the item it was sealed for. This shape is
 * in the first golden files and must not change.
 *
 * @param subject whose key it is: {@code user:ID}, {@code device:ID} or {@code tenant}
 * @param box the ciphertext
 */
@SuppressWarnings("ArrayRecordComponent") // equality is by content, below
public record Sealed(String subject, byte[] box) implements Persisted, Remoted {

    @Override
    public boolean equals(Object other) {
        return other instanceof Sealed that && subject.equals(that.subject) && Arrays.equals(box, that.box);
    }

    @Override
    public int hashCode() {
        return 31 * subject.hashCode() + Arrays.hashCode(box);
    }

    @Override
    public String toString() {
        return "Sealed[" + subject + ", " + box.length + " bytes]";
    }
}
