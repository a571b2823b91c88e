package io.lanying.persistence.attachment;

import static io.lanying.persistence.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Against a server that does what Amazon documents of PutObject, GetObject with Range and DeleteObject, and fails when told to. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScriptedS3Test extends BlobStoreContract {

    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private final List<String> ranges = new CopyOnWriteArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();
    private HttpServer server;
    private S3Store store;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/attachments/push/", this::answer);
        server.start();
        Path credentials = Files.writeString(directory.resolve("credentials"), "key-id\nsecret\n");
        store = new S3Store(
                Settings.of(
                                "store = s3, s3 { bucket = attachments, region = eu-test-1, prefix = \"push/\", path-style = true,"
                                        + " endpoint = \"http://127.0.0.1:"
                                        + server.getAddress().getPort()
                                        + "\", credentials-file = \"" + credentials + "\" }")
                        .s3(),
                threads);
    }

    @BeforeEach
    void begin() {
        failures.set(0);
        ranges.clear();
    }

    @AfterAll
    void stop() {
        store.close();
        server.stop(0);
        threads.shutdownNow();
    }

    @Override
    BlobStore store() {
        return store;
    }

    @Test
    void onlyThePartThatIsWantedIsAskedFor() {
        await(store.put("t-a/part", new byte[1_000]));
        await(store.read("t-a/part", 10, 20));
        assertThat(ranges).containsExactly("bytes=10-29");
    }

    @Test
    void aStoreThatIsBusyIsAskedAgain() {
        failures.set(2);
        await(store.put("t-a/busy", new byte[] {7}));
        failures.set(2);
        assertThat(await(store.read("t-a/busy", 0, 1))).containsExactly(7);
        failures.set(1_000);
        assertThatThrownBy(() -> await(store.put("t-a/busier", new byte[1])));
        assertThat(objects).doesNotContainKey("/attachments/push/t-a/busier");
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String name = exchange.getRequestURI().getPath();
        String signed = exchange.getRequestHeaders().getFirst("Authorization");
        if (signed == null
                || !signed.matches("AWS4-HMAC-SHA256 Credential=key-id/\\d{8}/eu-test-1/s3/aws4_request, .*")) {
            send(exchange, 403, error("AccessDenied"));
        } else if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            send(exchange, 503, error("SlowDown"));
        } else {
            switch (exchange.getRequestMethod()) {
                case "PUT" -> {
                    objects.put(name, body);
                    send(exchange, 200, new byte[0]);
                }
                case "DELETE" -> {
                    objects.remove(name);
                    send(exchange, 204, new byte[0]);
                }
                default -> get(exchange, objects.get(name));
            }
        }
    }

    private void get(HttpExchange exchange, byte[] object) throws IOException {
        if (object == null) {
            send(exchange, 404, error("NoSuchKey"));
            return;
        }
        String range = exchange.getRequestHeaders().getFirst("Range");
        ranges.add(range);
        var wanted = RANGE.matcher(range);
        assertThat(wanted.matches()).isTrue();
        int from = Integer.parseInt(wanted.group(1));
        int to = Math.min(object.length, Integer.parseInt(wanted.group(2)) + 1);
        if (from >= object.length) {
            send(exchange, 416, error("InvalidRange"));
            return;
        }
        exchange.getResponseHeaders().add("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + object.length);
        send(exchange, 206, Arrays.copyOfRange(object, from, to));
    }

    private static byte[] error(String code) {
        return ("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + code
                        + "</Code><Message>no</Message></Error>")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
