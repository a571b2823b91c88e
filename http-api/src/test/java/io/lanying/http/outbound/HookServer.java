package io.lanying.http.outbound;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.ConnectionContext;
import akka.http.javadsl.Http;
import akka.http.javadsl.ServerBinding;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import io.lanying.http.tls.Certificates;
import io.lanying.http.tls.PemTls;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A tenant's https endpoint on a free loopback port, scripted, with a certificate for {@code localhost} and 127.0.0.1. */
public final class HookServer implements AutoCloseable {

    /** What was asked, in order. */
    public final List<Received> received = new CopyOnWriteArrayList<>();

    /** What is answered. */
    public volatile Function<Received, CompletionStage<HttpResponse>> script = request -> answer(200, "{}");

    private final ServerBinding binding;

    /** @param headers with names in small letters */
    public record Received(String path, Map<String, String> headers, String body) {}

    /** Makes the certificate of servers of this directory: {@code tls.crt} is what to trust. */
    public static void certify(Path directory) throws Exception {
        Certificates.make(directory, "hook", "EC").write(directory);
    }

    /** In a directory that is certified. */
    public HookServer(ActorSystem<?> system, Path directory) throws Exception {
        var tls = PemTls.load(directory.resolve("tls.crt"), directory.resolve("tls.key"));
        akka.japi.function.Function<HttpRequest, CompletionStage<HttpResponse>> handler =
                request -> take(system, request);
        this.binding = Http.get(system)
                .newServerAt("127.0.0.1", 0)
                .enableHttps(ConnectionContext.httpsServer(tls::engine))
                .bind(handler)
                .toCompletableFuture()
                .get();
    }

    private CompletionStage<HttpResponse> take(ActorSystem<?> system, HttpRequest request) {
        return request.entity().toStrict(5_000, system).thenCompose(entity -> {
            var headers = new TreeMap<String, String>();
            request.getHeaders().forEach(header -> headers.put(header.lowercaseName(), header.value()));
            headers.put("content-type", entity.getContentType().toString());
            var taken = new Received(
                    request.getUri().path(), headers, entity.getData().utf8String());
            received.add(taken);
            return script.apply(taken);
        });
    }

    public int port() {
        return binding.localAddress().getPort();
    }

    /** By its name. */
    public String url(String path) {
        return "https://localhost:" + port() + path;
    }

    public static CompletionStage<HttpResponse> answer(int status, String json) {
        return CompletableFuture.completedFuture(
                HttpResponse.create().withStatus(status).withEntity(ContentTypes.APPLICATION_JSON, json));
    }

    @Override
    public void close() throws Exception {
        binding.unbind().toCompletableFuture().get();
    }
}
