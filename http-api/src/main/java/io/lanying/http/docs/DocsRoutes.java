package io.lanying.http.docs;

import static akka.http.javadsl.server.Directives.concat;
import static akka.http.javadsl.server.Directives.get;
import static akka.http.javadsl.server.Directives.handle;
import static akka.http.javadsl.server.Directives.path;
import static akka.http.javadsl.server.Directives.pathEnd;
import static akka.http.javadsl.server.Directives.pathPrefix;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpCharsets;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.javadsl.server.Route;
import io.lanying.http.call.Edge;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;

/**
 * {@code /openapi.yaml}, {@code /asyncapi.yaml} and {@code /docs}: the contract, for everybody, without a request to anywhere
 * else. Files come from the class path, are read and packed once at start, and are the only ones there are.
 */
public final class DocsRoutes {

    /** Swagger UI sets styles from its script, which is no inline style; its icons are data addresses. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final ContentType YAML = ContentTypes.create(
            MediaTypes.customWithFixedCharset("application", "yaml", HttpCharsets.UTF_8, Map.of(), false));
    private static final ContentType HTML = ContentTypes.TEXT_HTML_UTF8;
    private static final ContentType SCRIPT =
            ContentTypes.create(MediaTypes.APPLICATION_JAVASCRIPT, HttpCharsets.UTF_8);
    private static final ContentType STYLE = ContentTypes.create(MediaTypes.TEXT_CSS, HttpCharsets.UTF_8);
    private static final String UI = "META-INF/resources/webjars/swagger-ui/";

    private final Route route;

    /** Reads the files; blocks, so once at start. */
    public DocsRoutes() {
        String ui = UI + uiVersion() + "/";
        // Made here and not in the functions below, which are called for each request.
        var openapi = file("/openapi.yaml", YAML, "openapi.yaml");
        var asyncapi = file("/asyncapi.yaml", YAML, "asyncapi.yaml");
        var page = file("/docs", HTML, "docs/index.html");
        var init = file("/docs/{file}", SCRIPT, "docs/init.js");
        var bundle = file("/docs/{file}", SCRIPT, ui + "swagger-ui-bundle.js");
        var style = file("/docs/{file}", STYLE, ui + "swagger-ui.css");
        var pages = concat(
                pathEnd(() -> page),
                path("init.js", () -> init),
                path("swagger-ui-bundle.js", () -> bundle),
                path("swagger-ui.css", () -> style));
        var all = concat(
                path("openapi.yaml", () -> openapi),
                path("asyncapi.yaml", () -> asyncapi),
                pathPrefix("docs", () -> pages));
        this.route = get(() -> all);
    }

    public Route route() {
        return route;
    }

    private static Route file(String template, ContentType type, String resource) {
        byte[] plain = read(resource);
        byte[] packed = gzip(plain);
        var headers = List.of(
                RawHeader.create("Content-Security-Policy", POLICY),
                RawHeader.create("X-Content-Type-Options", "nosniff"),
                RawHeader.create("Referrer-Policy", "no-referrer"),
                RawHeader.create("Cache-Control", "public, max-age=300"),
                RawHeader.create("Vary", "Accept-Encoding"));
        var asIs = HttpResponse.create().withEntity(HttpEntities.create(type, plain));
        var asGzip = HttpResponse.create()
                .withEntity(HttpEntities.create(type, packed))
                .addHeader(RawHeader.create("Content-Encoding", "gzip"));
        var plainAnswer = Edge.named(template, withAll(asIs, headers));
        var packedAnswer = Edge.named(template, withAll(asGzip, headers));
        return handle(request -> CompletableFuture.completedFuture(choose(request, plainAnswer, packedAnswer)));
    }

    private static HttpResponse choose(HttpRequest request, HttpResponse plain, HttpResponse packed) {
        return Edge.acceptsGzip(request) ? packed : plain;
    }

    private static HttpResponse withAll(HttpResponse response, List<RawHeader> headers) {
        var result = response;
        for (RawHeader header : headers) {
            result = result.addHeader(header);
        }
        return result;
    }

    private static String uiVersion() {
        var properties = new Properties();
        try (InputStream in = open("META-INF/maven/org.webjars/swagger-ui/pom.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the version of swagger-ui", e);
        }
        return properties.getProperty("version", "unknown");
    }

    private static byte[] read(String resource) {
        try (InputStream in = open(resource)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
    }

    private static InputStream open(String resource) {
        InputStream in = DocsRoutes.class.getClassLoader().getResourceAsStream(resource);
        if (in == null) {
            throw new IllegalStateException("not on the class path: " + resource);
        }
        return in;
    }

    private static byte[] gzip(byte[] plain) {
        var bytes = new ByteArrayOutputStream(plain.length / 3 + 64);
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException("packing in memory cannot fail", e);
        }
        return bytes.toByteArray();
    }
}
