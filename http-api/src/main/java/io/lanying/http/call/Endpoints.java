package io.lanying.http.call;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.HttpMethod;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaType;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.headers.Accept;
import akka.http.javadsl.server.Directives;
import akka.http.javadsl.server.Route;
import com.fasterxml.jackson.databind.JsonNode;
import io.lanying.http.auth.Authentication;
import io.lanying.http.auth.Principal;
import io.lanying.http.auth.TenantGate;
import io.lanying.http.error.ErrorRendering;
import io.lanying.http.error.Problem;
import io.lanying.http.json.Checked;
import io.lanying.http.limit.KeyedBuckets;
import io.lanying.protocol.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Makes routes out of handlers: who is calling, may they, not too often, is an answer acceptable to them, and every failure
 * in one shape. A handler runs on whichever thread completed what it waited for and must not block.
 */
public final class Endpoints {

    /** Answers a call; a failed stage becomes 503 or 500. */
    @FunctionalInterface
    public interface Handler {
        CompletionStage<HttpResponse> handle(Call call);
    }

    /** Answers a call that carries a document. */
    @FunctionalInterface
    public interface BodyHandler {
        CompletionStage<HttpResponse> handle(Call call, JsonNode body);
    }

    /** Answers a call that carries lines, in the type of the lines. */
    @FunctionalInterface
    public interface LinesHandler {
        CompletionStage<HttpResponse> handle(Call call, List<Bodies.Line> lines);
    }

    private final ActorSystem<?> system;
    private final Authentication authentication;
    private final KeyedBuckets rates;
    private final TenantGate gate;
    private final Bodies bodies;
    private final ErrorRendering errors;

    public Endpoints(
            ActorSystem<?> system,
            Authentication authentication,
            KeyedBuckets rates,
            TenantGate gate,
            Bodies bodies,
            ErrorRendering errors) {
        this.system = system;
        this.authentication = authentication;
        this.rates = rates;
        this.gate = gate;
        this.bodies = bodies;
        this.errors = errors;
    }

    public Route get(String template, Access access, Handler handler) {
        return on(HttpMethods.GET, template, access, handler);
    }

    public Route delete(String template, Access access, Handler handler) {
        return on(HttpMethods.DELETE, template, access, handler);
    }

    public Route put(String template, Access access, BodyHandler handler) {
        return on(HttpMethods.PUT, template, access, withBody(handler));
    }

    public Route patch(String template, Access access, BodyHandler handler) {
        return on(HttpMethods.PATCH, template, access, withBody(handler));
    }

    /** A {@code PATCH} whose handler reads the body itself, which is no document, or discards it. */
    public Route patchBytes(String template, Access access, Handler handler) {
        Route route = on(HttpMethods.PATCH, template, access, handler);
        return Directives.withSizeLimit(Bodies.MAX_CHUNK_BYTES, () -> route);
    }

    public Route post(String template, Access access, BodyHandler handler) {
        return on(HttpMethods.POST, template, access, withBody(handler));
    }

    /** A {@code POST} whose body may be left out, which reads as an empty object. */
    public Route postOptional(String template, Access access, BodyHandler handler) {
        return on(HttpMethods.POST, template, access, call -> bodies.readOptional(call.request())
                .thenCompose(body -> continued(call, body, document -> handler.handle(call, document))));
    }

    /** A {@code POST} of lines of JSON, answered in lines of JSON. */
    public Route postLines(String template, Access access, LinesHandler handler) {
        return route(
                HttpMethods.POST,
                template,
                access,
                call -> accepts(call.request(), Bodies.NDJSON)
                        ? bodies.readLines(call.request())
                                .thenCompose(body -> continued(call, body, lines -> handler.handle(call, lines)))
                        : refuseUnread(
                                call.request(),
                                Problem.of(ErrorCode.NOT_ACCEPTABLE, "this call answers in " + Bodies.NDJSON)),
                false);
    }

    /** A {@code GET} whose handler itself decides what it can answer with. */
    public Route getAnyType(String template, Access access, Handler handler) {
        return route(HttpMethods.GET, template, access, handler, false);
    }

    private Route on(HttpMethod method, String template, Access access, Handler handler) {
        return route(method, template, access, handler, true);
    }

    private Route route(HttpMethod method, String template, Access access, Handler handler, boolean onlyJson) {
        Route handling = Directives.handle(request -> answer(request, access, handler, onlyJson)
                .handle((response, failure) ->
                        Edge.named(template, failure == null ? response : failed(request, failure))));
        return Directives.method(method, () -> handling);
    }

    private HttpResponse failed(HttpRequest request, Throwable failure) {
        var trace = Trace.of(request);
        return errors.failed(trace.requestId(), trace.traceparent(), failure);
    }

    /** The answer to a problem. */
    public CompletionStage<HttpResponse> refuse(Call call, Problem problem) {
        return CompletableFuture.completedFuture(errors.render(call.requestId(), problem));
    }

    /** What a part of a call that failed is told. */
    public Problem problemOf(Call call, Throwable failure) {
        return errors.problemOf(call.requestId(), call.trace().traceparent(), failure);
    }

    /** Counts a refusal that is told within an answer. */
    public void count(Problem problem) {
        errors.count(problem);
    }

    /** A problem if the tenant's quota does not let one more notification through. */
    public Optional<Problem> overQuota(Call call) {
        return gate.takeNotification(call.principal());
    }

    /** The next step, if the value passed its checks. */
    public <T> CompletionStage<HttpResponse> continued(
            Call call, Checked<T> checked, Function<T, CompletionStage<HttpResponse>> next) {
        return checked.fold(next, problem -> refuse(call, problem));
    }

    /** The next step, if the tenant's quota lets one more notification through. */
    public CompletionStage<HttpResponse> withinQuota(Call call, Supplier<CompletionStage<HttpResponse>> next) {
        return overQuota(call).map(problem -> refuse(call, problem)).orElseGet(next);
    }

    private Handler withBody(BodyHandler handler) {
        return call -> bodies.read(call.request())
                .thenCompose(body -> continued(call, body, document -> handler.handle(call, document)));
    }

    private CompletionStage<HttpResponse> answer(
            HttpRequest request, Access access, Handler handler, boolean onlyJson) {
        try {
            return authentication
                    .authenticate(request)
                    .thenCompose(who -> who.fold(
                            principal -> admitted(
                                    new Call(request, Trace.of(request), principal), access, handler, onlyJson),
                            problem -> refuseUnread(request, problem)));
        } catch (RuntimeException bug) {
            return CompletableFuture.failedFuture(bug);
        }
    }

    private CompletionStage<HttpResponse> admitted(Call call, Access access, Handler handler, boolean onlyJson) {
        if (!access.allows(call.principal())) {
            return refuseUnread(call.request(), Problem.notFound());
        }
        var elsewhere = gate.refusal(call.principal());
        if (elsewhere.isPresent()) {
            return refuseUnread(call.request(), elsewhere.get());
        }
        if (onlyJson && !acceptsJson(call.request())) {
            return refuseUnread(
                    call.request(), Problem.of(ErrorCode.NOT_ACCEPTABLE, "this call answers in application/json"));
        }
        var wait = rates.take(keyOf(call.principal()));
        return wait.isZero()
                ? handler.handle(call)
                : refuseUnread(
                        call.request(),
                        Problem.of(ErrorCode.TOO_MANY_REQUESTS, "this credential calls too often")
                                .after(wait));
    }

    /** A refusal before anybody read the body: what is under way of it is drained, up to the limit, then cut. */
    private CompletionStage<HttpResponse> refuseUnread(HttpRequest request, Problem problem) {
        request.discardEntityBytes(system);
        return CompletableFuture.completedFuture(errors.render(Trace.of(request).requestId(), problem));
    }

    private static String keyOf(Principal principal) {
        return principal
                .tenant()
                .map(tenant -> tenant + "/" + principal.subject())
                .orElse("operator");
    }

    /** Whether the caller takes JSON; who says nothing takes anything. */
    public static boolean acceptsJson(HttpRequest request) {
        return accepts(request, MediaTypes.APPLICATION_JSON);
    }

    /** Whether the caller takes this type; who says nothing takes anything. */
    public static boolean accepts(HttpRequest request, MediaType type) {
        boolean asked = false;
        for (Accept accept : request.getHeaders(Accept.class)) {
            for (var range : accept.getMediaRanges()) {
                asked = true;
                if (range.matches(type)) {
                    return true;
                }
            }
        }
        return !asked;
    }

    /** Whether the caller named this type, not only a range that JSON is in as well. */
    public static boolean names(HttpRequest request, MediaType type) {
        for (Accept accept : request.getHeaders(Accept.class)) {
            for (var range : accept.getMediaRanges()) {
                if (range.matches(type) && !range.matches(MediaTypes.APPLICATION_JSON)) {
                    return true;
                }
            }
        }
        return false;
    }
}
