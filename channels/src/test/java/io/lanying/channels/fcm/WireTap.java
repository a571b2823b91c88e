package io.lanying.channels.fcm;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lanying.channels.adapter.VendorAdapter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A wire that takes anything, gives back what it is told, and shows what came: no simulator, no opinion. */
final class WireTap implements AutoCloseable {

    final List<JsonNode> sent = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private volatile int status = 200;
    private volatile String body = "{\"name\":\"projects/p1/messages/0:1700000000%abc\"}";
    private volatile Map<String, String> headers = Map.of();

    WireTap() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/token", exchange -> {
            exchange.getRequestBody().readAllBytes();
            answer(exchange, 200, "{\"access_token\":\"a\",\"expires_in\":3600,\"token_type\":\"Bearer\"}");
        });
        server.createContext("/v1", exchange -> {
            sent.add(FcmBench.json(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
            answer(exchange, status, body);
        });
        server.start();
    }

    void answers(int newStatus, String newBody, Map<String, String> newHeaders) {
        status = newStatus;
        body = newBody;
        headers = newHeaders;
    }

    VendorAdapter open() {
        String address = "http://127.0.0.1:" + server.getAddress().getPort();
        Config config = ConfigFactory.parseMap(Map.of("endpoint", address, "token-endpoint", address + "/token"))
                .withFallback(FcmBench.defaults());
        return FcmBench.open(config, FcmBench.ACCOUNT.credential());
    }

    JsonNode last() {
        return sent.get(sent.size() - 1).path("message");
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
