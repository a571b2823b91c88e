package io.lanying.persistence.sealing;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.Mac;
import io.lanying.protocol.sealing.Sealed;
import io.lanying.protocol.sealing.Sealer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;

/** {@link Sealer} with Tink's primitives. */
final class TinkSealer implements Sealer {

    private final String tenant;
    private final String subject;
    private final Aead aead;
    private final Mac mac;

    TinkSealer(String tenant, String subject, Aead aead, Mac mac) {
        this.tenant = tenant;
        this.subject = subject;
        this.aead = aead;
        this.mac = mac;
    }

    @Override
    public String subject() {
        return subject;
    }

    @Override
    public Sealed seal(String item, String field, byte[] clear) {
        try {
            return new Sealed(subject, aead.encrypt(clear, associatedData(item, field)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing failed", e);
        }
    }

    @Override
    public byte[] open(String item, String field, Sealed sealed) {
        if (!sealed.subject().equals(subject)) {
            throw new IllegalArgumentException("sealed for another subject");
        }
        try {
            return aead.decrypt(sealed.box(), associatedData(item, field));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not sealed as this field of this item by this key", e);
        }
    }

    @Override
    public String fingerprint(byte[] content) {
        try {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.computeMac(content));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC failed", e);
        }
    }

    /** As {@link Sealed} says; in golden files, never to change. */
    private byte[] associatedData(String item, String field) {
        return (tenant + "\0" + item + "\0" + field).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "Sealer[" + tenant + ", " + subject + "]";
    }
}
