package io.lanying.load.bench;

import io.lanying.load.client.Api;
import io.lanying.load.client.ServerProcess;
import io.lanying.load.rig.Rig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** What a node's metrics say of Apple's answers. */
final class Metric {

    private static final String OUTCOMES = "vendor_outcomes_total{";
    private static final String ACCEPTED = "end=\"accepted\"";

    private final HttpClient http = Api.newHttpClient();
    private final URI metrics;

    Metric(ServerProcess server) {
        this.metrics = server.management().resolve("/metrics");
    }

    /** How many pushes vendors have taken since the node started. */
    long accepted() {
        String text = Rig.await(
                        http.sendAsync(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString()))
                .body();
        return text.lines()
                .filter(line -> line.startsWith(OUTCOMES) && line.contains(ACCEPTED))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
