package io.lanying.http.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.http.javadsl.ConnectionContext;
import akka.http.javadsl.Http;
import akka.http.javadsl.ServerBinding;
import akka.http.javadsl.model.HttpResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemTlsTest {

    private static ActorTestKit kit;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() {
        kit = ActorTestKit.create(
                "tls",
                com.typesafe.config.ConfigFactory.parseString("akka.loglevel = off")
                        .withFallback(com.typesafe.config.ConfigFactory.load()));
    }

    @AfterAll
    static void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void newConnectionsGetTheNewCertificate() throws Exception {
        Certificates.make(directory, "first", "RSA").write(directory);
        var tls = PemTls.load(cert(), key());
        var binding = serve(tls);
        try (SSLSocket old = connect(binding)) {
            assertThat(subject(old)).isEqualTo("CN=first");
            tls.reloadIfChanged();
            replace(Certificates.make(directory, "second", "EC"));
            tls.reloadIfChanged();
            try (SSLSocket fresh = connect(binding)) {
                assertThat(subject(fresh)).isEqualTo("CN=second");
            }
            old.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(old.getInputStream().read()).isEqualTo('H');
        } finally {
            binding.unbind().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void keepsTheOldCertificateWhileTheFilesDoNotFit() throws Exception {
        var first = Certificates.make(directory, "first", "EC");
        var second = Certificates.make(directory, "second", "EC");
        first.write(directory);
        var tls = PemTls.load(cert(), key());
        var binding = serve(tls);
        try {
            replace(new Certificates.Pair(second.cert(), first.key()));
            tls.reloadIfChanged();
            assertThat(served(binding)).isEqualTo("CN=first");
            replace(new Certificates.Pair("", ""));
            tls.reloadIfChanged();
            assertThat(served(binding)).isEqualTo("CN=first");
            replace(second);
            tls.reloadIfChanged();
            assertThat(served(binding)).isEqualTo("CN=second");
        } finally {
            binding.unbind().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void takesEveryUsualKey(String algorithm) throws Exception {
        Certificates.make(directory, "any", algorithm).write(directory);

        assertThat(PemTls.load(cert(), key()).engine().getUseClientMode()).isFalse();
    }

    @Test
    void saysClearlyWhatIsWrong() throws Exception {
        var pair = Certificates.make(directory, "any", "EC");
        assertRefused("cannot read");
        new Certificates.Pair(pair.cert(), "rubbish").write(directory);
        assertRefused("PKCS#8");
        new Certificates.Pair(pair.cert(), pair.key().replace("PRIVATE KEY", "RSA PRIVATE KEY")).write(directory);
        assertRefused("PKCS#8");
        new Certificates.Pair("rubbish", pair.key()).write(directory);
        assertRefused("");
        new Certificates.Pair(
                        pair.cert(), Certificates.make(directory, "other", "EC").key())
                .write(directory);
        assertRefused("does not belong");
    }

    private void assertRefused(String why) {
        assertThatThrownBy(() -> PemTls.load(cert(), key()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    /** Also moves the files' time, whose resolution may be coarse. */
    private void replace(Certificates.Pair pair) throws IOException {
        pair.write(directory);
        var later = FileTime.from(
                Instant.now().plusSeconds(Files.getLastModifiedTime(cert()).to(TimeUnit.SECONDS) % 1_000 + 1));
        Files.setLastModifiedTime(cert(), later);
        Files.setLastModifiedTime(key(), later);
    }

    private Path cert() {
        return directory.resolve("tls.crt");
    }

    private Path key() {
        return directory.resolve("tls.key");
    }

    private static ServerBinding serve(PemTls tls) throws Exception {
        return Http.get(kit.system())
                .newServerAt("127.0.0.1", 0)
                .enableHttps(ConnectionContext.httpsServer(tls::engine))
                .bindSync(request -> HttpResponse.create())
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    private static String served(ServerBinding binding) throws IOException, GeneralSecurityException {
        try (SSLSocket socket = connect(binding)) {
            return subject(socket);
        }
    }

    private static SSLSocket connect(ServerBinding binding) throws IOException, GeneralSecurityException {
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustEverybody()}, null);
        var socket = (SSLSocket) context.getSocketFactory()
                .createSocket("127.0.0.1", binding.localAddress().getPort());
        socket.setSoTimeout(10_000);
        socket.startHandshake();
        return socket;
    }

    private static String subject(SSLSocket socket) throws IOException {
        var certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        return certificate.getSubjectX500Principal().getName();
    }

    private static final class TrustEverybody implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
