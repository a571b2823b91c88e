package io.lanying.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lanying.http.tls.Certificates;
import io.lanying.persistence.testing.PostgresServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that show each other certificates: who may come in, and who may not. */
class ClusterTlsIT {

    private static final String HERE = "ip:127.0.0.1";

    @TempDir
    static Path directory;

    private static PostgresServer.Database database;
    private static Certificates.Authority authority;
    private static NodeFixture seed;
    private static Node running;
    private static int nodes;

    @BeforeAll
    static void start() throws Exception {
        database = PostgresServer.shared().newDatabase();
        authority = Certificates.Authority.make(directory, "authority");
        seed = node(authority.issue("seed", HERE), authority.cert());
        running = seed.with("push.node.cluster.seed-nodes", seed.remote()).start();
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    @Test
    void aNodeWithACertificateOfTheAuthorityJoinsAndIsServed() throws Exception {
        Http operator = new Http(running.url(), NodeFixture.OPERATOR_KEY);
        String key = NodeIT.tenantWithKey(operator, "acme");
        try (Node second =
                joining(node(authority.issue("second", HERE), authority.cert())).start()) {
            for (int device = 0; device < 20; device++) {
                Http tenant = new Http((device % 2 == 0 ? running : second).url(), key);
                tenant.put("/v1/devices/d" + device, "{\"platform\":\"other\"}");
                NodeIT.push(tenant, "d" + device, "hello", "k" + device);
            }
            assertThat(members()).isEqualTo(2);
        }
    }

    @Test
    void aCertificateOfAnotherAuthorityIsNotLetIn() throws Exception {
        var other = Certificates.Authority.make(directory, "other");

        // It would believe the seed: what keeps it out is that the seed does not believe it.
        assertNotLetIn(node(other.issue("stranger", HERE), other.cert() + authority.cert()));
    }

    @Test
    void aCertificateThatNamesAnotherHostIsNotLetIn() throws Exception {
        assertNotLetIn(node(authority.issue("elsewhere", "ip:127.0.0.2"), authority.cert()));
    }

    @Test
    void aNodeWithoutCertificateIsNotLetIn() {
        assertNotLetIn(NodeFixture.onPostgres(database, directory.resolve("plain")));
    }

    @Test
    void whoShowsNoCertificateIsRefused() throws Exception {
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(
                "authority",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(authority.cert().getBytes(StandardCharsets.US_ASCII))));
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        try (var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port())) {
            socket.setSoTimeout(10_000);

            // With TLS 1.3 the client has ended its part of the handshake before it is refused.
            assertThatThrownBy(() -> {
                        socket.startHandshake();
                        socket.getInputStream().read();
                    })
                    .isInstanceOf(SSLException.class);
        }
    }

    /** TLS or nothing: whoever talks plainly to the port gets no answer but the end. */
    @Test
    void nothingIsSaidPlainly() throws IOException {
        try (Socket socket =
                new Socket("127.0.0.1", Integer.parseInt(seed.remote().split(":", 2)[1]))) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("AKKA\u0001plain and nothing else".getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readAllBytes();

            // At most an alert record of TLS.
            assertThat(answer.length).isLessThan(16);
        }
    }

    /** As an operator does it who changes the authority: first everybody trusts both, then the certificates change. */
    @Test
    void aNewAuthorityIsTrustedWithoutARestart() throws Exception {
        var next = Certificates.Authority.make(directory, "next");
        NodeFixture third = joining(node(next.issue("third", HERE), authority.cert() + next.cert()));
        assertNotLetIn(third);

        Files.writeString(directory.resolve("node1").resolve("ca.crt"), authority.cert() + next.cert());

        await("the files are read again")
                .atMost(Duration.ofSeconds(30))
                .ignoreExceptionsInstanceOf(StartRefused.class)
                .until(() -> {
                    try (Node joined = third.start()) {
                        return joined.url() != null && members() == 2;
                    }
                });
    }

    @Test
    void filesThatCannotBeUsedAreRefused() throws Exception {
        NodeFixture broken = node(authority.issue("broken", HERE), "nothing");

        assertThatThrownBy(broken::start)
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("LANYING_CLUSTER_TLS_CA");
    }

    private static void assertNotLetIn(NodeFixture fixture) {
        assertThatThrownBy(() -> joining(fixture).start().close())
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("LANYING_SEED_NODES");
        assertThat(members()).isEqualTo(1);
    }

    private static NodeFixture joining(NodeFixture fixture) {
        return fixture.with("push.node.cluster.seed-nodes", seed.remote())
                .with("akka.cluster.shutdown-after-unsuccessful-join-seed-nodes", "4s");
    }

    private static NodeFixture node(Certificates.Pair own, String trusted)
            throws IOException, GeneralSecurityException {
        Path home = Files.createDirectory(directory.resolve("node" + ++nodes));
        own.write(home);
        Files.writeString(home.resolve("ca.crt"), trusted);
        return NodeFixture.onPostgres(database, home.resolve("data"))
                .with("push.node.cluster.tls.cert", home.resolve("tls.crt").toString())
                .with("push.node.cluster.tls.key", home.resolve("tls.key").toString())
                .with("push.node.cluster.tls.ca", home.resolve("ca.crt").toString())
                .with("push.node.cluster.tls.reload-interval", "100ms");
    }

    private static int port() {
        return Integer.parseInt(seed.remote().split(":", 2)[1]);
    }

    private static int members() {
        return new Http(seed.management().toString(), "")
                .get("/cluster/members")
                .json()
                .path("members")
                .size();
    }
}
