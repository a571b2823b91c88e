package io.lanying.node;

import akka.actor.ExtendedActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.PathMatchers;
import akka.http.javadsl.server.Route;
import akka.management.javadsl.ManagementRouteProvider;
import akka.management.javadsl.ManagementRouteProviderSettings;
import io.lanying.http.json.Json;
import io.lanying.node.ClusterDesk.Outcome;
import io.lanying.persistence.reminder.OpenWork;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code /nodes} on the management port, named in management.conf: everybody who reaches it may look, as at
 * {@code /cluster/members}; with the operator's key as bearer token nodes are drained and written off.
 */
public final class NodesRoutes extends AllDirectives implements ManagementRouteProvider {

    private static final String BEARER = "Bearer ";

    private final ClusterDesk desk;

    public NodesRoutes(ExtendedActorSystem system) {
        this.desk = ClusterDesk.of(Adapter.toTyped(system));
    }

    /** @param work null while it cannot be read: the database is away */
    private record NodesJson(
            List<ClusterView.Node> nodes, @Nullable WorkJson work) {}

    /** As {@link OpenWork}, in seconds. */
    private record WorkJson(int entities, int due, double lateSeconds) {}

    private record SaidJson(String detail) {}

    @Override
    public Route routes(ManagementRouteProviderSettings settings) {
        return pathPrefix(
                "nodes",
                () -> concat(
                        pathEnd(() -> get(() -> completeWithFuture(desk.nodes()
                                .thenCombine(desk.openWork(), NodesRoutes::seen)
                                .thenApply(seen -> json(200, seen))))),
                        path(PathMatchers.segment().slash("drain"), address -> post(() -> act(address, desk::drain))),
                        path(
                                PathMatchers.segment().slash("down"),
                                address -> post(() ->
                                        act(address, each -> CompletableFuture.supplyAsync(() -> desk.down(each)))))));
    }

    private static NodesJson seen(List<ClusterView.Node> nodes, Optional<OpenWork> work) {
        return new NodesJson(
                nodes,
                work.map(open -> new WorkJson(
                                open.entities(), open.due(), open.late().toMillis() / 1e3))
                        .orElse(null));
    }

    private Route act(String address, Function<String, CompletionStage<Outcome>> wish) {
        return optionalHeaderValueByName(
                "Authorization",
                header -> isOperator(header)
                        ? completeWithFuture(wish.apply(address).thenApply(outcome -> answer(address, outcome)))
                        : complete(json(401, new SaidJson("this needs the operator's key as a bearer token"))));
    }

    private boolean isOperator(Optional<String> header) {
        return header.filter(text -> text.startsWith(BEARER))
                .filter(text -> desk.isOperator(text.substring(BEARER.length())))
                .isPresent();
    }

    private static HttpResponse answer(String address, Outcome outcome) {
        return switch (outcome) {
            case BEGUN -> json(202, new SaidJson("under way: " + address));
            case UNKNOWN -> json(404, new SaidJson("no node of this cluster is reached at " + address));
            case ALONE ->
                json(
                        409,
                        new SaidJson(
                                "no other node would be left: stop the process itself, or start another one first"));
            case REACHABLE ->
                json(
                        409,
                        new SaidJson(
                                address + " is reachable: drain it, or kill its process and wait until it is not"));
            case SILENT -> json(503, new SaidJson(address + " does not answer: try again, or look whether it runs"));
        };
    }

    private static HttpResponse json(int status, Object body) {
        return HttpResponse.create()
                .withStatus(StatusCodes.get(status))
                .withEntity(ContentTypes.APPLICATION_JSON, Json.bytes(body));
    }
}
