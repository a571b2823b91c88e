package io.lanying.channels.simulator.apns;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;

/**
 * A key and a certificate signed with it, made on the spot, so that no private key is ever kept in files. For simulators and
 * tests; it proves nothing to anybody who was not told to trust it.
 *
 * @param certificate EC P-256
 */
public record SelfSignedIdentity(X509Certificate certificate, PrivateKey key) {

    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int OBJECT_ID = 0x06;
    private static final int UTF8_STRING = 0x0c;
    private static final int UTC_TIME = 0x17;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int VERSION = 0xa0;
    private static final int EXTENSIONS = 0xa3;
    private static final int DNS_NAME = 0x82;
    private static final int IP_ADDRESS = 0x87;
    private static final int FIRST_YEAR_OF_LONG_TIMES = 2050;

    private static final byte[] ECDSA_WITH_SHA256 = {0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 4, 3, 2};
    private static final byte[] COMMON_NAME = {0x55, 4, 3};
    private static final byte[] SUBJECT_ALTERNATIVE_NAME = {0x55, 0x1d, 0x11};

    /**
     * Makes one.
     *
     * @param host the name it is good for; {@code localhost} is good for the loopback addresses as well
     * @param notBefore kept to the second, as {@code notAfter}
     */
    public static SelfSignedIdentity create(String host, Instant notBefore, Instant notAfter) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            byte[] body = body(host, notBefore, notAfter, pair.getPublic().getEncoded());
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(pair.getPrivate());
            signature.update(body);
            byte[] encoded = der(SEQUENCE, body, algorithm(), der(BIT_STRING, new byte[] {0}, signature.sign()));
            X509Certificate certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
            return new SelfSignedIdentity(certificate, pair.getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no EC P-256", e);
        }
    }

    /** The certificate as a PEM file's text. */
    public String certificatePem() {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was just parsed does not encode", e);
        }
    }

    /** Bytes in the armour of PEM. */
    static String pem(String label, byte[] encoded) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
    }

    /** What is signed, RFC 5280 §4.1. */
    private static byte[] body(String host, Instant notBefore, Instant notAfter, byte[] publicKey) {
        byte[] name = der(
                SEQUENCE,
                der(
                        SET,
                        der(
                                SEQUENCE,
                                der(OBJECT_ID, COMMON_NAME),
                                der(UTF8_STRING, host.getBytes(StandardCharsets.UTF_8)))));
        byte[] serial =
                new BigInteger(63, new SecureRandom()).add(BigInteger.ONE).toByteArray();
        return der(
                SEQUENCE,
                der(VERSION, der(INTEGER, new byte[] {2})),
                der(INTEGER, serial),
                algorithm(),
                name,
                der(SEQUENCE, time(notBefore), time(notAfter)),
                name,
                publicKey,
                der(EXTENSIONS, der(SEQUENCE, alternativeNames(host))));
    }

    private static byte[] alternativeNames(String host) {
        byte[] loopback6 = new byte[16];
        loopback6[15] = 1;
        byte[] name = der(DNS_NAME, host.getBytes(StandardCharsets.US_ASCII));
        byte[] names = host.equals("localhost")
                ? der(SEQUENCE, name, der(IP_ADDRESS, new byte[] {127, 0, 0, 1}), der(IP_ADDRESS, loopback6))
                : der(SEQUENCE, name);
        return der(SEQUENCE, der(OBJECT_ID, SUBJECT_ALTERNATIVE_NAME), der(OCTET_STRING, names));
    }

    private static byte[] algorithm() {
        return der(SEQUENCE, der(OBJECT_ID, ECDSA_WITH_SHA256));
    }

    /** Two-digit years until 2049, RFC 5280 §4.1.2.5. */
    private static byte[] time(Instant instant) {
        boolean isLong = instant.atZone(ZoneOffset.UTC).getYear() >= FIRST_YEAR_OF_LONG_TIMES;
        DateTimeFormatter format = DateTimeFormatter.ofPattern(isLong ? "yyyyMMddHHmmss'Z'" : "yyMMddHHmmss'Z'");
        byte[] text = format.withZone(ZoneOffset.UTC).format(instant).getBytes(StandardCharsets.US_ASCII);
        return der(isLong ? GENERALIZED_TIME : UTC_TIME, text);
    }

    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        List.of(parts).forEach(content::writeBytes);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.size();
        if (length >= 0x100) {
            out.write(0x82);
            out.write(length >> 8);
        } else if (length >= 0x80) {
            out.write(0x81);
        }
        out.write(length);
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    /** Says what it is; the key stays inside. */
    @Override
    public String toString() {
        return "SelfSignedIdentity[" + certificate.getSubjectX500Principal() + "]";
    }
}
