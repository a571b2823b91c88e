package io.lanying.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;

import akka.NotUsed;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.headers.RawHeader;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;

/** What strangers send instead of a document, each made out of one that is right. */
final class HostileBodies {

    /** @param spoil makes it out of a right request, whose body is a JSON object */
    record Probe(String name, int status, String code, UnaryOperator<HttpRequest> spoil) {

        @Override
        public String toString() {
            return name;
        }
    }

    private static final byte[] BOMB = gzip(new byte[64 * 1024 * 1024]);

    private HostileBodies() {}

    static List<Probe> all() {
        var all = new ArrayList<>(malformed());
        addPacked(all);
        addGiant(all, "depth 100000", "[".repeat(100_000));
        addGiant(all, "a number of 1000000 digits", "{\"zz\":" + "1".repeat(1_000_000) + "}");
        addGiant(all, "a name of 1000000 characters", "{\"" + "k".repeat(1_000_000) + "\":1}");
        return all;
    }

    /** Within 64 KiB, so that the parser sees it. */
    static List<Probe> malformed() {
        var all = new ArrayList<Probe>();
        all.add(malformed("depth 30000", right -> "[".repeat(30_000)));
        all.add(malformed("objects 33 deep", right -> with(right, "{\"a\":".repeat(32) + "1" + "}".repeat(32))));
        all.add(malformed("a number of 60000 digits", right -> with(right, "1".repeat(60_000))));
        all.add(malformed("a name of 60000 characters", right -> "{\"" + "k".repeat(60_000) + "\":1" + more(right)));
        all.add(malformed("NaN", right -> with(right, "NaN")));
        all.add(malformed("Infinity", right -> with(right, "-Infinity")));
        all.add(malformed("a name twice", right -> "{\"zz\":1,\"zz\":1" + more(right)));
        all.add(malformed("a name twice deep inside", right -> with(right, "[{\"a\":1,\"\\u0061\":1}]")));
        all.add(malformed("text after the document", right -> right + "{}"));
        all.add(malformed("a comment", right -> "/**/" + right));
        all.add(malformed("a trailing comma", right -> unclosed(right) + ",}"));
        all.add(malformed("an end that is missing", HostileBodies::unclosed));
        all.add(malformed("a byte that is not UTF-8", right -> with(right, "\"\u00ff\"")));
        all.add(malformed("an overlong slash", right -> with(right, "\"\u00c0\u00af\"")));
        all.add(malformed("half a surrogate pair", right -> with(right, "\"\\ud800\"")));
        all.add(malformed("a byte order mark", right -> "\u00ef\u00bb\u00bf" + right));
        all.add(malformed("UTF-16", right -> new String(right.getBytes(UTF_16BE), ISO_8859_1)));
        all.add(malformed("nothing but spaces", right -> "   "));
        all.add(probe("a list", "invalidRequest", right -> "[" + right + "]"));
        all.add(probe("null", "invalidRequest", right -> "null"));
        all.add(probe("a text", "invalidRequest", right -> "\"{}\""));
        return all;
    }

    private static void addPacked(List<Probe> all) {
        all.add(new Probe("a bomb", 413, "payloadTooLarge", request -> packed(request, BOMB, "gzip")));
        all.add(new Probe("a bomb in a bomb", 400, "malformedJson", request -> packed(request, gzip(BOMB), "gzip")));
        all.add(new Probe("not gzip", 400, "malformedJson", request -> packed(request, bodyOf(request), "gzip")));
        all.add(new Probe("gzip cut off", 400, "malformedJson", request -> {
            byte[] whole = gzip(bodyOf(request));
            return packed(request, Arrays.copyOf(whole, whole.length - 9), "gzip");
        }));
        for (String packing : List.of("br", "deflate", "gzip, gzip", "x")) {
            all.add(new Probe(
                    "packed as " + packing,
                    415,
                    "unsupportedMediaType",
                    request -> packed(request, gzip(bodyOf(request)), packing)));
        }
    }

    /** More than a body may have: at once, announced, in pieces of unannounced length, and packed to very little. */
    private static void addGiant(List<Probe> all, String name, String text) {
        byte[] giant = text.getBytes(UTF_8);
        all.add(giant(name, request -> request.withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, giant))));
        all.add(giant(
                name + ", announced",
                request -> request.withEntity(
                        HttpEntities.create(ContentTypes.APPLICATION_JSON, giant.length, pieces(giant)))));
        all.add(giant(
                name + ", in pieces",
                request ->
                        request.withEntity(HttpEntities.createChunked(ContentTypes.APPLICATION_JSON, pieces(giant)))));
        all.add(giant(name + ", packed", request -> packed(request, gzip(giant), "gzip")));
    }

    private static Source<ByteString, NotUsed> pieces(byte[] bytes) {
        var whole = ByteString.fromArrayUnsafe(bytes);
        return Source.range(0, (bytes.length - 1) / 10_000)
                .map(piece -> whole.slice(piece * 10_000, Math.min(bytes.length, (piece + 1) * 10_000)));
    }

    private static Probe giant(String name, UnaryOperator<HttpRequest> spoil) {
        return new Probe(name, 413, "payloadTooLarge", spoil);
    }

    private static Probe malformed(String name, UnaryOperator<String> spoil) {
        return probe(name, "malformedJson", spoil);
    }

    /** Texts here are bytes as Latin-1 has them, so that they can be any bytes. */
    private static Probe probe(String name, String code, UnaryOperator<String> spoil) {
        return new Probe(name, 400, code, request -> {
            String right = new String(bodyOf(request), ISO_8859_1);
            byte[] body = spoil.apply(right).getBytes(ISO_8859_1);
            return request.withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, body));
        });
    }

    /** The document with one more field, of this value. */
    private static String with(String right, String value) {
        return "{\"zz\":" + value + more(right);
    }

    /** What comes after one field that was put before the document's own. */
    private static String more(String right) {
        return right.equals("{}") ? "}" : "," + right.substring(1);
    }

    private static String unclosed(String right) {
        return right.substring(0, right.length() - 1);
    }

    static byte[] bodyOf(HttpRequest request) {
        return ((HttpEntity.Strict) request.entity()).getData().toArray();
    }

    private static HttpRequest packed(HttpRequest request, byte[] bytes, String packing) {
        return request.withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, bytes))
                .addHeader(RawHeader.create("Content-Encoding", packing));
    }

    private static byte[] gzip(byte[] clear) {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(clear);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
