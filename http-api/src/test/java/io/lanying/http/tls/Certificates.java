package io.lanying.http.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Makes certificates with the JDK's own tool. */
public final class Certificates {

    private static final String LOOPBACK = "SAN=dns:localhost,ip:127.0.0.1";
    private static final char[] PASSWORD = "password".toCharArray();
    private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, new byte[] {'\n'});

    /** A certificate and its key as PEM. */
    public record Pair(String cert, String key) {

        public void write(Path directory) throws IOException {
            Files.writeString(directory.resolve("tls.crt"), cert);
            Files.writeString(directory.resolve("tls.key"), key);
        }
    }

    private Certificates() {}

    /** A self-signed one for loopback. */
    public static Pair make(Path directory, String name, String algorithm)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path store = newStore(directory);
        generate(store, "a", name, algorithm, "-ext", LOOPBACK);
        return pair(store, "a");
    }

    /** Signs others' certificates. */
    public static final class Authority {
        private static final String SIGNER = "signer";

        private final Path store;
        private int issued;

        private Authority(Path store) {
            this.store = store;
        }

        public static Authority make(Path directory, String name) throws IOException, InterruptedException {
            Path store = newStore(directory);
            generate(store, SIGNER, name, "EC", "-ext", "bc:critical=ca:true");
            return new Authority(store);
        }

        public String cert() throws IOException, GeneralSecurityException {
            return pair(store, SIGNER).cert();
        }

        /** For a host, named as keytool wants it: {@code dns:name} or {@code ip:address}. */
        public Pair issue(String name, String host) throws IOException, InterruptedException, GeneralSecurityException {
            String alias = "issued" + ++issued;
            generate(store, alias, name, "EC", "-ext", "SAN=" + host, "-signer", SIGNER);
            return pair(store, alias);
        }
    }

    private static Path newStore(Path directory) throws IOException {
        return Files.createTempDirectory(directory, "store").resolve("store.p12");
    }

    private static void generate(Path store, String alias, String name, String algorithm, String... more)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                algorithm,
                "-dname",
                "CN=" + name,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                "password"));
        command.addAll(List.of(more));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (InputStream out = process.getInputStream()) {
            String said = new String(out.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(said);
            }
        }
    }

    private static Pair pair(Path store, String alias) throws IOException, GeneralSecurityException {
        var keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        return new Pair(
                pem("CERTIFICATE", keys.getCertificate(alias).getEncoded()),
                pem("PRIVATE KEY", keys.getKey(alias, PASSWORD).getEncoded()));
    }

    private static String pem(String type, byte[] bytes) {
        return "-----BEGIN " + type + "-----\n" + PEM.encodeToString(bytes) + "\n-----END " + type + "-----\n";
    }
}
