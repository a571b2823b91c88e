package io.lanying.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which node's management port is asked about the cluster, and who asks: options first, then the environment. */
final class ManagementOptions {

    @Option(
            names = "--management",
            description = "Management port of any node. Default: LANYING_MANAGEMENT_URL, http://127.0.0.1:8558")
    private @Nullable URI url;

    @Option(
            names = "--key",
            description = "The operator's key. Default: LANYING_OPERATOR_KEY (not seen in process lists)")
    private @Nullable String key;

    private URI url() {
        return Optional.ofNullable(url)
                .or(() -> environment("LANYING_MANAGEMENT_URL").map(URI::create))
                .orElse(URI.create("http://127.0.0.1:8558"));
    }

    private static Optional<String> environment(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(text -> !text.isBlank());
    }

    /** All nodes and what is open, as the node that is asked sees them. */
    JsonNode cluster() {
        return call(new Api(url(), ""), "/nodes", false);
    }

    /** One of them, if it is still there. */
    Optional<JsonNode> node(String address) {
        return StreamSupport.stream(cluster().path("nodes").spliterator(), false)
                .filter(node -> node.path("address").asText().equals(address))
                .findFirst();
    }

    /** Has something done to a node. */
    void tell(String address, String wish) {
        String operator = Optional.ofNullable(key)
                .or(() -> environment("LANYING_OPERATOR_KEY"))
                .orElseThrow(() -> new CommandFailed("no operator key: give --key or LANYING_OPERATOR_KEY"));
        String path = "/nodes/" + URLEncoder.encode(address, StandardCharsets.UTF_8) + "/" + wish;
        call(new Api(url(), operator), path, true);
    }

    private JsonNode call(Api api, String path, boolean post) {
        try {
            Api.Answer answer = post ? api.post(path, Json.object()) : api.get(path);
            if (!answer.ok()) {
                throw new CommandFailed(answer.body().path("detail").asText("status " + answer.status()));
            }
            return answer.body();
        } catch (IOException e) {
            throw new CommandFailed(
                    "no answer from " + url() + ": is it the management port of a node that runs? Give --management",
                    e);
        }
    }
}
