package io.lanying.http;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.RequestEntity;
import akka.http.javadsl.model.headers.RawHeader;
import io.lanying.http.ApiDocument.Described;
import io.lanying.http.auth.Scope;
import io.lanying.http.call.Bodies;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Every operation that openapi.yaml names, with the request that its examples make, made by whoever has the credential. */
public final class Operations {

    /**
     * One operation.
     *
     * @param scope what an API key needs; absent if none opens it
     */
    public record Operation(Described described, Optional<Scope> scope) {

        public String name() {
            return described.method() + " " + described.template();
        }

        /** Whether it carries a document. */
        public boolean body() {
            return described.body().isPresent();
        }

        public Function<String, HttpRequest> request() {
            return credential -> request(credential, Map.of());
        }

        /** @param instead values of the path's parameters, as they are to be on the wire */
        public HttpRequest request(String credential, Map<String, String> instead) {
            var request = HttpRequest.create(described.target(instead))
                    .withMethod(HttpMethods.lookup(described.method()).orElseThrow());
            for (var header : described.headers().entrySet()) {
                request = request.addHeader(RawHeader.create(header.getKey(), header.getValue()));
            }
            if (body()) {
                String body = described.body().orElseThrow().toString();
                request = described.lines()
                        ? request.withEntity(lines(body))
                        : request.withEntity(ContentTypes.APPLICATION_JSON, body);
            }
            if (described.bytes().isPresent()) {
                byte[] bytes = described.bytes().get().getBytes(StandardCharsets.UTF_8);
                request = request.withEntity(HttpEntities.create(ContentTypes.APPLICATION_OCTET_STREAM, bytes));
            }
            return TestApi.with(request, credential);
        }

        /** What opens it: the operator's key, an API key of {@code acme}, or the token of its device {@code d1}. */
        public String credential(TestApi api) {
            if (ofDevices()) {
                return api.deviceToken("acme", "d1");
            }
            return scope.isEmpty() ? TestApi.OPERATOR : api.tenantWithKey("acme", "*");
        }

        /** Whether it is one of apps. */
        public boolean ofDevices() {
            return described.security().containsKey("sessionToken");
        }

        @Override
        public String toString() {
            return name();
        }
    }

    private Operations() {}

    /** Those of services and of the operator, for tenant {@code acme} and its device {@code d1}. */
    public static List<Operation> all() {
        return Stream.concat(with("operator"), with("apiKey")).distinct().toList();
    }

    /** Those of apps, with the session token of device {@code d1}; not the socket. */
    public static List<Operation> ofDevices() {
        return with("sessionToken")
                .filter(operation -> !operation.described().statuses().contains("101"))
                .toList();
    }

    private static Stream<Operation> with(String kind) {
        return ApiDocument.operations().stream()
                .filter(described -> described.security().containsKey(kind))
                .map(described -> new Operation(
                        described,
                        described.security().getOrDefault("apiKey", List.of()).stream()
                                .map(name -> Scope.of(name).orElseThrow())
                                .findFirst()));
    }

    /** A body of newline-delimited JSON. */
    public static RequestEntity lines(String lines) {
        return HttpEntities.create(ContentTypes.create(Bodies.NDJSON), lines.getBytes(StandardCharsets.UTF_8));
    }
}
