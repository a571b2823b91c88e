package io.lanying.persistence.sealing;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.util.SecretBytes;
import io.lanying.persistence.StartRefused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * The key that wraps all subjects' keys: AES-256-GCM from 32 bytes in Base64. Made at start and never shown. Whether it is the
 * key that this database was first started with is told by a check value that the database keeps.
 */
public final class MasterKey {

    /** The name of the check value among the node's secrets. */
    public static final String CHECK_NAME = "master-key-check";

    private static final String FILE = "master.key";
    private static final byte[] CHECK = "lanying master key".getBytes(StandardCharsets.UTF_8);
    private static final byte[] CHECK_CONTEXT = "check".getBytes(StandardCharsets.UTF_8);

    private final Aead aead;

    private MasterKey(Aead aead) {
        this.aead = aead;
    }

    /** The configured key; throws {@link StartRefused} if it is not 32 bytes in Base64. */
    public static MasterKey of(String base64) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64.strip());
            if (bytes.length != 32) {
                throw new StartRefused("the master key has " + bytes.length + " bytes, not 32");
            }
            AeadConfig.register();
            return new MasterKey(aead(bytes));
        } catch (IllegalArgumentException e) {
            throw new StartRefused("the master key is not Base64", e);
        } catch (GeneralSecurityException e) {
            throw new StartRefused("the master key cannot be used", e);
        }
    }

    /**
     * The key of this data directory.
     *
     * @param mayMake whether a new one may be made; not if the database has been used with one
     */
    public static MasterKey ofDataDir(Path dataDir, boolean mayMake) {
        Path file = dataDir.resolve(FILE);
        try {
            if (!Files.exists(file)) {
                if (!mayMake) {
                    throw new StartRefused(file + " is gone, and without it sealed data cannot be read: restore it");
                }
                make(dataDir, file);
            }
            return of(Files.readString(file));
        } catch (IOException e) {
            throw new StartRefused("the master key in " + file + " cannot be read or made", e);
        }
    }

    /** A value to keep in the database, by which a wrong key is noticed. */
    public String checkValue() {
        return Base64.getEncoder().encodeToString(encrypt(CHECK, CHECK_CONTEXT));
    }

    /** Throws {@link StartRefused} if the value was made by another key. */
    public void check(String value) {
        try {
            aead.decrypt(Base64.getDecoder().decode(value), CHECK_CONTEXT);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new StartRefused(
                    "the master key is not the one this database was first started with: set LANYING_MASTER_KEY to that one",
                    e);
        }
    }

    Aead aead() {
        return aead;
    }

    private byte[] encrypt(byte[] clear, byte[] context) {
        try {
            return aead.encrypt(clear, context);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM failed", e);
        }
    }

    @AccessesPartialKey
    private static Aead aead(byte[] bytes) throws GeneralSecurityException {
        AesGcmParameters parameters = AesGcmParameters.builder()
                .setKeySizeBytes(32)
                .setIvSizeBytes(12)
                .setTagSizeBytes(16)
                .setVariant(AesGcmParameters.Variant.NO_PREFIX)
                .build();
        AesGcmKey key = AesGcmKey.builder()
                .setParameters(parameters)
                .setKeyBytes(SecretBytes.copyFrom(bytes, InsecureSecretKeyAccess.get()))
                .build();
        return KeysetHandle.newBuilder()
                .addEntry(KeysetHandle.importKey(key).withRandomId().makePrimary())
                .build()
                .getPrimitive(RegistryConfiguration.get(), Aead.class);
    }

    /** Whole or not at all: a crash leaves no half key behind. */
    private static void make(Path dataDir, Path file) throws IOException {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        Path draft = Files.createTempFile(
                dataDir, "master", ".new", ownerOnly(dataDir).stream().toArray(FileAttribute[]::new));
        try (var channel = Files.newByteChannel(draft, StandardOpenOption.WRITE)) {
            channel.write(StandardCharsets.US_ASCII.encode(Base64.getEncoder().encodeToString(bytes) + "\n"));
            if (channel instanceof java.nio.channels.FileChannel opened) {
                opened.force(true);
            }
        }
        try {
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(draft, file);
        }
    }

    private static Optional<FileAttribute<?>> ownerOnly(Path dataDir) {
        return dataDir.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? Optional.of(PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
                : Optional.empty();
    }
}
