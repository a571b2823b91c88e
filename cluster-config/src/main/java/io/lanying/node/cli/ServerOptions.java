package io.lanying.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the server is and who asks: options first, then the environment, then what quickstart left. */
final class ServerOptions {

    static final String CLIENT_FILE = "client.json";

    @Option(
            names = "--url",
            description = "Address of the server. Default: LANYING_URL, the quickstart's, http://127.0.0.1:8080")
    private @Nullable URI url;

    @Option(
            names = "--key",
            description = "API key of the tenant. Default: LANYING_KEY (not seen in process lists), the quickstart's")
    private @Nullable String key;

    URI url() {
        if (url != null) {
            return url;
        }
        return environment("LANYING_URL")
                .or(() -> left("url"))
                .map(URI::create)
                .orElse(URI.create("http://127.0.0.1:8080"));
    }

    /** The API key, if there is one. */
    Optional<String> key() {
        return Optional.ofNullable(key).or(() -> environment("LANYING_KEY")).or(() -> left("key"));
    }

    Api api() {
        return new Api(
                url(),
                key().orElseThrow(() ->
                        new CommandFailed("no API key: give --key or LANYING_KEY, or run quickstart first")));
    }

    private static Optional<String> environment(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(text -> !text.isBlank());
    }

    private static Optional<String> left(String field) {
        return LocalState.quickstart()
                .read(CLIENT_FILE)
                .map(json -> json.path(field))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText);
    }
}
