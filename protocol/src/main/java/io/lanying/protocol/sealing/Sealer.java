package io.lanying.protocol.sealing;

/** Seals and opens for one subject of one tenant. Thread-safe; microseconds a call; keys stay inside. */
public interface Sealer {

    /** Whose key this is. */
    String subject();

    /** Seals one field of one item. Two seals of the same text differ. */
    Sealed seal(String item, String field, byte[] clear);

    /**
     * Opens what was sealed as this field of this item.
     *
     * @throws IllegalArgumentException if it was not: another tenant, item, field or key, or altered bytes
     */
    byte[] open(String item, String field, Sealed sealed);

    /** HMAC of a content under the subject's key, 16 bytes in unpadded base64url: equality without the text. */
    String fingerprint(byte[] content);
}
