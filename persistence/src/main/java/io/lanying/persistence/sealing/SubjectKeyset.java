package io.lanying.persistence.sealing;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Mac;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.mac.HmacParameters;
import com.google.crypto.tink.mac.MacConfig;
import io.lanying.protocol.sealing.Sealer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

/**
 * A subject's two keysets, wrapped by the master key for this subject alone: AES-256-GCM for sealing, HMAC-SHA-256 cut to 16
 * bytes for fingerprints.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SubjectKeyset(byte[] aead, byte[] mac) {

    static {
        try {
            AeadConfig.register();
            MacConfig.register();
        } catch (GeneralSecurityException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** New random keys. */
    static SubjectKeyset make(MasterKey master, String tenant, String subject) {
        try {
            HmacParameters fingerprints = HmacParameters.builder()
                    .setKeySizeBytes(32)
                    .setTagSizeBytes(16)
                    .setHashType(HmacParameters.HashType.SHA256)
                    .setVariant(HmacParameters.Variant.NO_PREFIX)
                    .build();
            return new SubjectKeyset(
                    wrap(
                            KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM),
                            master,
                            tenant,
                            subject,
                            "aead"),
                    wrap(KeysetHandle.generateNew(fingerprints), master, tenant, subject, "mac"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("keys cannot be made", e);
        }
    }

    /** The sealer with these keys; throws {@link IllegalStateException} if they were wrapped for another or by another. */
    Sealer sealer(MasterKey master, String tenant, String subject) {
        try {
            return new TinkSealer(
                    tenant,
                    subject,
                    unwrap(aead, master, tenant, subject, "aead").getPrimitive(RegistryConfiguration.get(), Aead.class),
                    unwrap(mac, master, tenant, subject, "mac").getPrimitive(RegistryConfiguration.get(), Mac.class));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a stored key of tenant " + tenant + " cannot be unwrapped", e);
        }
    }

    private static byte[] wrap(KeysetHandle keys, MasterKey master, String tenant, String subject, String use)
            throws GeneralSecurityException {
        return TinkProtoKeysetFormat.serializeEncryptedKeyset(keys, master.aead(), context(tenant, subject, use));
    }

    private static KeysetHandle unwrap(byte[] wrapped, MasterKey master, String tenant, String subject, String use)
            throws GeneralSecurityException {
        return TinkProtoKeysetFormat.parseEncryptedKeyset(wrapped, master.aead(), context(tenant, subject, use));
    }

    /** A row that was copied to another subject does not open. */
    private static byte[] context(String tenant, String subject, String use) {
        return ("subject-key\0" + tenant + "\0" + subject + "\0" + use).getBytes(StandardCharsets.UTF_8);
    }
}
