package io.lanying.channels.fcm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.lanying.channels.adapter.VendorAdapter;
import io.lanying.channels.adapter.VendorAnswer;
import io.lanying.channels.adapter.VendorMessage;
import io.lanying.channels.simulator.fcm.FcmSimulator;
import io.lanying.channels.simulator.fcm.SimulatedServiceAccount;
import io.lanying.protocol.device.Priority;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** An adapter against a simulator, and messages to send with it. */
final class FcmBench implements AutoCloseable {

    static final SimulatedServiceAccount ACCOUNT = SimulatedServiceAccount.generate("p1");
    static final String PRODUCTION = "production";
    private static final JsonMapper JSON = new JsonMapper();

    final FcmSimulator simulator = FcmSimulator.start(0).trust(ACCOUNT);
    final VendorAdapter adapter;

    FcmBench() {
        this(Map.of());
    }

    FcmBench(Map<String, ?> settings) {
        adapter = open(config(simulator, settings), ACCOUNT.credential());
    }

    static Config defaults() {
        return ConfigFactory.parseResources("reference.conf").resolve().getConfig("push.channels.fcm");
    }

    static Config config(FcmSimulator simulator, Map<String, ?> settings) {
        return ConfigFactory.parseMap(settings)
                .withFallback(ConfigFactory.parseMap(
                        Map.of("endpoint", simulator.endpoint(), "token-endpoint", simulator.tokenEndpoint())))
                .withFallback(defaults());
    }

    static VendorAdapter open(Config config, byte[] credential) {
        return new FcmAdapterFactory(config, Clock.systemUTC()).open(PRODUCTION, credential);
    }

    VendorAnswer send(VendorMessage message) {
        return await(adapter.send(message));
    }

    static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    }

    static VendorMessage message(String token) {
        return new Draft().token(token).build();
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    JsonNode lastSent() {
        var sends = simulator.recordedSends();
        return json(sends.get(sends.size() - 1).body());
    }

    @Override
    public void close() {
        await(adapter.close());
        simulator.close();
    }

    /** A message under construction. */
    static final class Draft {
        private String token = "tok-1";
        private Optional<String> title = Optional.of("T");
        private Optional<String> body = Optional.of("B");
        private final SortedMap<String, String> data = new TreeMap<>();
        private Optional<String> sound = Optional.empty();
        private Optional<String> imageUrl = Optional.empty();
        private Optional<String> clickAction = Optional.empty();
        private String category = "standard";
        private Optional<ObjectNode> block = Optional.empty();
        private Optional<String> collapseKey = Optional.empty();
        private Optional<Integer> badge = Optional.empty();
        private boolean silent;
        private Priority priority = Priority.NORMAL;
        private Instant expiresAt = Instant.now().plus(Duration.ofHours(1));

        Draft token(String value) {
            token = value;
            return this;
        }

        Draft texts(String newTitle, String newBody) {
            title = Optional.ofNullable(newTitle);
            body = Optional.ofNullable(newBody);
            return this;
        }

        Draft data(String key, String value) {
            data.put(key, value);
            return this;
        }

        Draft sound(String value) {
            sound = Optional.of(value);
            return this;
        }

        Draft image(String value) {
            imageUrl = Optional.of(value);
            return this;
        }

        Draft click(String value) {
            clickAction = Optional.of(value);
            return this;
        }

        Draft category(String value) {
            category = value;
            return this;
        }

        Draft block(String value) {
            block = Optional.of((ObjectNode) json(value));
            return this;
        }

        Draft collapse(String value) {
            collapseKey = Optional.of(value);
            return this;
        }

        Draft badge(int value) {
            badge = Optional.of(value);
            return this;
        }

        Draft silent() {
            silent = true;
            return this;
        }

        Draft priority(Priority value) {
            priority = value;
            return this;
        }

        Draft expiresAt(Instant value) {
            expiresAt = value;
            return this;
        }

        VendorMessage build() {
            return new VendorMessage(
                    token,
                    Optional.empty(),
                    "n1",
                    7,
                    title,
                    body,
                    data,
                    sound,
                    imageUrl,
                    clickAction,
                    category,
                    block,
                    collapseKey,
                    badge,
                    silent,
                    priority,
                    expiresAt);
        }
    }
}
