package io.lanying.channels.apns;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the text of a {@code .p8} file: an EC key on the curve P-256, PKCS #8 in PEM, not encrypted. */
final class SigningKeys {

    private static final String EXPECTED =
            "the whole text of Apple's .p8 file, from -----BEGIN PRIVATE KEY----- to -----END PRIVATE KEY-----";
    private static final Pattern PEM =
            Pattern.compile("\\s*-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----\\s*");

    private SigningKeys() {}

    /**
     * The key.
     *
     * @param problem told what is expected if it is not one
     */
    static Optional<ECPrivateKey> parse(String text, Consumer<String> problem) {
        Matcher pem = PEM.matcher(text);
        if (!pem.matches()) {
            boolean otherKind = text.contains("-----BEGIN EC PRIVATE KEY-----") || text.contains("ENCRYPTED");
            problem.accept(otherKind ? "a key in PKCS #8, not encrypted: " + EXPECTED : EXPECTED);
            return Optional.empty();
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(pem.group(1));
            PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
            if (key instanceof ECPrivateKey ec && isOnP256(ec)) {
                return Optional.of(ec);
            }
            problem.accept("an EC key on the curve P-256");
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // The cause is not passed on: it may quote the key.
            problem.accept("an EC key on the curve P-256: " + EXPECTED);
        }
        return Optional.empty();
    }

    private static boolean isOnP256(ECPrivateKey key) throws GeneralSecurityException {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec("secp256r1"));
        ECParameterSpec p256 = parameters.getParameterSpec(ECParameterSpec.class);
        return key.getParams().getCurve().equals(p256.getCurve())
                && key.getParams().getOrder().equals(p256.getOrder())
                && key.getS().signum() > 0
                && key.getS().compareTo(p256.getOrder().subtract(BigInteger.ONE)) <= 0;
    }
}
