package io.lanying.persistence.attachment;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/** Contents of attachments for tests. */
final class Contents {

    private static final Random RANDOM = new Random(7);

    private Contents() {}

    static synchronized byte[] random(int bytes) {
        byte[] content = new byte[bytes];
        RANDOM.nextBytes(content);
        return content;
    }

    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
