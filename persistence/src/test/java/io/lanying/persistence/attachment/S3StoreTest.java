package io.lanying.persistence.attachment;

import static io.lanying.persistence.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.robothy.s3.rest.LocalS3;
import com.robothy.s3.rest.bootstrap.LocalS3Mode;
import io.lanying.persistence.StartRefused;
import io.lanying.persistence.Store;
import io.lanying.persistence.TestNode;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.attachment.AttachmentKey;
import io.lanying.protocol.attachment.AttachmentReply;
import io.lanying.protocol.attachment.NewAttachment;
import io.lanying.protocol.sealing.Sealed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Against LocalS3, a server of S3's interface that is not ours. It checks no signatures and sends whole objects for ranges. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class S3StoreTest extends BlobStoreContract {

    private static final String CANARY = "secret-canary";

    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private LocalS3 server;
    private URI endpoint;
    private Path credentials;
    private S3Store store;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        int port = freePort();
        server = LocalS3.builder().port(port).mode(LocalS3Mode.IN_MEMORY).build();
        server.start();
        endpoint = URI.create("http://127.0.0.1:" + port);
        var made = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(endpoint.resolve("/attachments"))
                                .PUT(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.ofString());
        assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
        credentials = Files.writeString(directory.resolve("credentials"), "key-id\n" + CANARY + "\n");
        store = open(endpoint, "attachments");
    }

    @AfterAll
    void stop() {
        store.close();
        server.shutdown();
        threads.shutdownNow();
    }

    private S3Store open(URI at, String bucket) {
        var settings = Settings.of("store = s3, s3 { bucket = " + bucket + ", region = us-east-1, prefix = \"push/\","
                        + " path-style = true, endpoint = \"" + at + "\", credentials-file = \"" + credentials + "\" }")
                .s3();
        return new S3Store(settings, threads);
    }

    @Override
    BlobStore store() {
        return store;
    }

    @Test
    void aStoreThatIsAwayIsAFailureThatTellsNoSecret() throws IOException {
        try (S3Store away = open(URI.create("http://127.0.0.1:" + freePort()), "attachments")) {
            assertThatThrownBy(() -> await(away.put("t-a/one", new byte[1])))
                    .satisfies(failure ->
                            assertThat(failure.toString() + failure.getCause()).doesNotContain(CANARY));
        }
    }

    @Test
    void aBucketThatIsNotThereIsAFailure() {
        try (S3Store other = open(endpoint, "no-such-bucket")) {
            assertThatThrownBy(() -> await(other.put("t-a/one", new byte[1])));
            assertThatThrownBy(() -> await(other.read("t-a/one", 0, 1)))
                    .as("which says nothing about the object")
                    .hasCauseInstanceOf(software.amazon.awssdk.services.s3.model.NoSuchBucketException.class);
        }
    }

    @Test
    void withoutCredentialsItIsRefused() throws IOException {
        Path right = credentials;
        credentials = right.resolveSibling("none");
        try {
            assertThatThrownBy(() -> open(endpoint, "attachments")).isInstanceOf(StartRefused.class);
        } finally {
            credentials = right;
        }
    }

    @Test
    void aNodeKeepsItsAttachmentsThere() {
        var h2 = Store.H2.fresh();
        String settings = "push.persistence.attachments { store = s3, s3 { bucket = attachments, region = us-east-1,"
                + " path-style = true, endpoint = \"" + endpoint + "\", credentials-file = \"" + credentials + "\" } }";
        byte[] content = Contents.random(10);
        var key = new AttachmentKey(new EntityId("acme", "c1"), "a1");
        try (var node = TestNode.start(h2, settings)) {
            var attachments = node.persistence.attachments();
            await(attachments.begin(new NewAttachment(
                    key,
                    1,
                    "u1",
                    new Sealed("user:u1", new byte[1]),
                    "image/png",
                    content.length,
                    Contents.sha256(content),
                    "f")));
            assertThat(await(attachments.append(key, 0, content))).isInstanceOf(AttachmentReply.Received.class);
        }
        try (var node = TestNode.start(h2, settings)) {
            var stored = await(node.persistence.attachments().content(key)).orElseThrow();
            assertThat(await(stored.read(0))).isEqualTo(content);
        }
        assertThatThrownBy(() -> TestNode.start(h2, settings.replace("path-style", "prefix = \"other/\", path-style")))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("not the one that this database's attachments are in");
        TestNode.remove(h2);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
