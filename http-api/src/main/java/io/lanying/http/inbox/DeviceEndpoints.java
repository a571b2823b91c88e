package io.lanying.http.inbox;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.HttpMethod;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.Authorization;
import akka.http.javadsl.model.headers.OAuth2BearerToken;
import akka.http.javadsl.server.Directives;
import akka.http.javadsl.server.Route;
import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.auth.DeviceAuthenticator;
import io.lanying.http.auth.DevicePrincipal;
import io.lanying.http.auth.Sources;
import io.lanying.http.auth.TenantGate;
import io.lanying.http.call.Bodies;
import io.lanying.http.call.Edge;
import io.lanying.http.call.Endpoints;
import io.lanying.http.call.Trace;
import io.lanying.http.error.ErrorRendering;
import io.lanying.http.error.Problem;
import io.lanying.http.json.Checked;
import io.lanying.http.limit.KeyedBuckets;
import io.lanying.protocol.ErrorCode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What {@link Endpoints} is for services, for apps: a session token in {@code Authorization}, which opens nothing but its own
 * device; a rate for each device; a source address that keeps failing is answered 429.
 */
public final class DeviceEndpoints {

    /** Answers a call; a failed stage becomes 503 or 500. */
    @FunctionalInterface
    interface Handler {
        CompletionStage<HttpResponse> handle(DeviceCall call);
    }

    /** Answers a call that carries a document. */
    @FunctionalInterface
    interface BodyHandler {
        CompletionStage<HttpResponse> handle(DeviceCall call, JsonNode body);
    }

    private final ActorSystem<?> system;
    private final DeviceAuthenticator authenticator;
    private final TenantGate gate;
    private final KeyedBuckets rates;
    private final Bodies bodies;
    private final ErrorRendering errors;

    /** @param rates how many requests each device has */
    public DeviceEndpoints(
            ActorSystem<?> system,
            DeviceAuthenticator authenticator,
            TenantGate gate,
            KeyedBuckets rates,
            Bodies bodies,
            ErrorRendering errors) {
        this.system = system;
        this.authenticator = authenticator;
        this.gate = gate;
        this.rates = rates;
        this.bodies = bodies;
        this.errors = errors;
    }

    Route get(String template, Handler handler) {
        return route(HttpMethods.GET, template, handler, Endpoints::acceptsJson);
    }

    /** A {@code GET} whose answer is of another type than JSON. */
    Route get(String template, Predicate<HttpRequest> acceptable, Handler handler) {
        return route(HttpMethods.GET, template, handler, acceptable);
    }

    Route post(String template, BodyHandler handler) {
        return route(HttpMethods.POST, template, withBody(handler), Endpoints::acceptsJson);
    }

    Route put(String template, BodyHandler handler) {
        return route(HttpMethods.PUT, template, withBody(handler), Endpoints::acceptsJson);
    }

    /** A {@code PATCH} whose handler reads the body itself, which is no document, or discards it. */
    Route patchBytes(String template, Handler handler) {
        Route route = route(HttpMethods.PATCH, template, handler, Endpoints::acceptsJson);
        return Directives.withSizeLimit(Bodies.MAX_CHUNK_BYTES, () -> route);
    }

    Route delete(String template, Handler handler) {
        return route(HttpMethods.DELETE, template, handler, Endpoints::acceptsJson);
    }

    /** Lets go of a body that nobody reads. */
    void discard(DeviceCall call) {
        call.request().discardEntityBytes(system);
    }

    /** The answer to a problem. */
    CompletionStage<HttpResponse> refuse(DeviceCall call, Problem problem) {
        return CompletableFuture.completedFuture(errors.render(call.trace().requestId(), problem));
    }

    /** The next step, if the value passed its checks. */
    <T> CompletionStage<HttpResponse> continued(
            DeviceCall call, Checked<T> checked, Function<T, CompletionStage<HttpResponse>> next) {
        return checked.fold(next, problem -> refuse(call, problem));
    }

    private Handler withBody(BodyHandler handler) {
        return call -> bodies.read(call.request())
                .thenCompose(body -> continued(call, body, document -> handler.handle(call, document)));
    }

    private Route route(HttpMethod method, String template, Handler handler, Predicate<HttpRequest> acceptable) {
        Route handling = Directives.handle(request -> answer(request, handler, acceptable)
                .handle((response, failure) ->
                        Edge.named(template, failure == null ? response : failed(request, failure))));
        return Directives.method(method, () -> handling);
    }

    private HttpResponse failed(HttpRequest request, Throwable failure) {
        var trace = Trace.of(request);
        return errors.failed(trace.requestId(), trace.traceparent(), failure);
    }

    private CompletionStage<HttpResponse> answer(
            HttpRequest request, Handler handler, Predicate<HttpRequest> acceptable) {
        try {
            var token = request.getHeader(Authorization.class).map(Authorization::credentials);
            return token.isPresent() && token.get() instanceof OAuth2BearerToken bearer
                    ? authenticator
                            .authenticate(bearer.token(), Sources.of(request))
                            .thenCompose(who -> who.fold(
                                    device -> admitted(request, device, handler, acceptable),
                                    problem -> refuseUnread(request, problem)))
                    : refuseUnread(request, Problem.of(ErrorCode.UNAUTHORIZED, "this call needs a device's token"));
        } catch (RuntimeException bug) {
            return CompletableFuture.failedFuture(bug);
        }
    }

    private CompletionStage<HttpResponse> admitted(
            HttpRequest request, DevicePrincipal principal, Handler handler, Predicate<HttpRequest> acceptable) {
        var elsewhere = gate.refusalOfDevice(principal.tenant());
        if (elsewhere.isPresent()) {
            return refuseUnread(request, elsewhere.get());
        }
        if (!acceptable.test(request)) {
            return refuseUnread(
                    request, Problem.of(ErrorCode.NOT_ACCEPTABLE, "this call answers in another type than you accept"));
        }
        var call = new DeviceCall(request, Trace.of(request), principal);
        var wait = rates.take(call.device().toString());
        return wait.isZero()
                ? handler.handle(call)
                : refuseUnread(
                        request,
                        Problem.of(ErrorCode.TOO_MANY_REQUESTS, "this device calls too often")
                                .after(wait));
    }

    private CompletionStage<HttpResponse> refuseUnread(HttpRequest request, Problem problem) {
        request.discardEntityBytes(system);
        return CompletableFuture.completedFuture(errors.render(Trace.of(request).requestId(), problem));
    }
}
