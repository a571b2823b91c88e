package io.lanying.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.lanying.node.cli.NotificationFile.Line;
import io.lanying.node.cli.NotificationSender.Kind;
import io.lanying.node.cli.NotificationSender.Sent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The sender against a server that answers as told, by idempotency key. */
class NotificationSenderTest {

    private final Map<String, List<Integer>> answers = new ConcurrentHashMap<>();
    private final List<String> keys = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(threads);
        server.createContext("/v1/notifications", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void repeatsWithTheSameKeyUntilThereIsAnAnswer() {
        answers.put("k1", List.of(503, 0, 429, 202));

        List<Sent> sent = sender(Duration.ofSeconds(20)).send(List.of(line(1, "phone")), one -> {});

        assertThat(sent).singleElement().satisfies(one -> {
            assertThat(one.kind()).isEqualTo(Kind.ACCEPTED);
            assertThat(one.text()).isEqualTo("n-k1");
        });
        assertThat(keys).containsExactly("k1", "k1", "k1", "k1");
    }

    @Test
    void doesNotRepeatWhatIsRefusedForGood() {
        answers.put("k1", List.of(422));

        List<Sent> sent = sender(Duration.ofSeconds(20)).send(List.of(line(1, "phone")), one -> {});

        assertThat(sent).singleElement().extracting(Sent::kind).isEqualTo(Kind.REFUSED);
        assertThat(keys).containsExactly("k1");
    }

    @Test
    void withoutAnAnswerInTimeTheOutcomeIsUnknown() {
        answers.put("k1", List.of(503));

        List<Sent> sent = sender(Duration.ofMillis(300)).send(List.of(line(1, "phone")), one -> {});

        assertThat(sent).singleElement().extracting(Sent::kind).isEqualTo(Kind.UNKNOWN);
    }

    @Test
    void linesForOneDeviceGoInTheirOrder() {
        answers.put("k3", List.of(503, 202));
        List<Line> lines = IntStream.rangeClosed(1, 12)
                .mapToObj(number -> line(number, number % 2 == 0 ? "phone" : "tablet"))
                .toList();

        sender(Duration.ofSeconds(20)).send(lines, one -> {});

        assertThat(keys.stream().distinct().filter(key -> Integer.parseInt(key.substring(1)) % 2 == 0))
                .containsExactly("k2", "k4", "k6", "k8", "k10", "k12");
        assertThat(keys.stream().distinct().filter(key -> Integer.parseInt(key.substring(1)) % 2 == 1))
                .containsExactly("k1", "k3", "k5", "k7", "k9", "k11");
    }

    private NotificationSender sender(Duration patience) {
        URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return new NotificationSender(new Api(base, "key"), 4, patience);
    }

    private static Line line(int number, String device) {
        return new Line(
                number, "k" + number, (ObjectNode) Json.parse("{\"audience\":{\"devices\":[\"" + device + "\"]}}"));
    }

    /** The next status for this key, the last one for ever; 0 breaks the connection. */
    private void answer(HttpExchange exchange) throws IOException {
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        long before = keys.stream().filter(key::equals).count();
        keys.add(key);
        List<Integer> statuses = answers.getOrDefault(key, List.of(202));
        int status = statuses.get((int) Math.min(before, statuses.size() - 1));
        exchange.getRequestBody().readAllBytes();
        if (status == 0) {
            exchange.close();
            return;
        }
        if (status == 503) {
            exchange.getResponseHeaders().add("Retry-After", "1");
        }
        byte[] body = ("{\"notificationId\":\"n-" + key + "\",\"code\":\"c\"}").getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
