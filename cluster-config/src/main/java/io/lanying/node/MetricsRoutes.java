package io.lanying.node;

import akka.actor.ExtendedActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpCharsets;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.Route;
import akka.management.javadsl.ManagementRouteProvider;
import akka.management.javadsl.ManagementRouteProviderSettings;

/** {@code GET /metrics} on the management port, named in management.conf. */
public final class MetricsRoutes extends AllDirectives implements ManagementRouteProvider {

    private final NodeMetrics metrics;

    public MetricsRoutes(ExtendedActorSystem system) {
        this.metrics = NodeMetrics.of(Adapter.toTyped(system));
    }

    @Override
    public Route routes(ManagementRouteProviderSettings settings) {
        return path(
                "metrics",
                () -> get(() -> complete(HttpEntities.create(
                        ContentTypes.create(MediaTypes.TEXT_PLAIN, HttpCharsets.UTF_8), metrics.scrape()))));
    }
}
