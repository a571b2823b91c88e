package io.lanying.node;

import io.lanying.http.auth.OperatorKey;
import io.lanying.persistence.NodeSecrets;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The operator's key: given, or made once and shown once; kept as a hash (no slow hash: 260 random bits cannot be guessed),
 * the same for all nodes of a database.
 */
final class OperatorKeys implements OperatorKey {

    private static final String NAME = "operatorKeyHash";
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int CHARACTERS = 52;

    private final NodeSecrets secrets;
    private volatile byte @Nullable [] expected;

    OperatorKeys(NodeSecrets secrets) {
        this.secrets = secrets;
    }

    /**
     * Makes the key known. Comes last in a start: a key that was kept by a start that then failed would never be shown.
     *
     * @param given the operator's own key; it replaces the kept one
     * @return the key, if it was made now
     */
    CompletionStage<Optional<String>> settle(Optional<String> given) {
        if (given.isPresent()) {
            String hash = hash(given.get());
            return secrets.put(NAME, hash).thenApply(done -> {
                expected = hash.getBytes(StandardCharsets.US_ASCII);
                return Optional.empty();
            });
        }
        String key = generate(new SecureRandom());
        String hash = hash(key);
        return secrets.putIfAbsent(NAME, hash).thenApply(kept -> {
            expected = kept.getBytes(StandardCharsets.US_ASCII);
            return kept.equals(hash) ? Optional.of(key) : Optional.empty();
        });
    }

    @Override
    public boolean matches(String presented) {
        byte[] known = expected;
        byte[] other = hash(presented).getBytes(StandardCharsets.US_ASCII);
        return known != null && MessageDigest.isEqual(known, other);
    }

    private static String generate(SecureRandom random) {
        StringBuilder key = new StringBuilder("ok_");
        for (int i = 0; i < CHARACTERS; i++) {
            key.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return key.toString();
    }

    private static String hash(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
