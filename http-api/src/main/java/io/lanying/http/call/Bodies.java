package io.lanying.http.call;

import akka.Done;
import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.HttpCharsets;
import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.MediaType;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.RequestEntity;
import akka.http.scaladsl.model.EntityStreamSizeException;
import akka.stream.javadsl.Sink;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lanying.http.error.Problem;
import io.lanying.http.json.Checked;
import io.lanying.http.json.StrictJson;
import io.lanying.protocol.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;

/**
 * Reads a request's JSON, or lines of it: whole within {@link #DEADLINE}, at most 64 KiB (lines: 4 MiB) on the wire and as much
 * unpacked, so that a slow or a packed body costs no more than an ordinary one.
 */
public final class Bodies {

    static final int MAX_BYTES = StrictJson.MAX_BYTES;
    static final Duration DEADLINE = Duration.ofSeconds(5);

    /** Lines in one body, and their bytes: a thousand messages of the largest size that push vendors take. */
    static final int MAX_LINES = 1_000;

    /**
     * The largest chunk of an attachment that can be configured. So much of a body that is refused unread is let go of before the
     * connection is cut, so that its sender hears why.
     */
    public static final long MAX_CHUNK_BYTES = 8 * 1024 * 1024;

    static final int MAX_LINES_BYTES = 4 * 1024 * 1024;

    /** Newline-delimited JSON. */
    public static final MediaType.WithFixedCharset NDJSON =
            MediaTypes.customWithFixedCharset("application", "x-ndjson", HttpCharsets.UTF_8, Map.of(), false);

    private static final Shape<JsonNode> DOCUMENT =
            new Shape<>(MediaTypes.APPLICATION_JSON, MAX_BYTES, StrictJson::parse);
    private static final Shape<List<Line>> LINES = new Shape<>(NDJSON, MAX_LINES_BYTES, Bodies::lines);

    /**
     * One line of a body.
     *
     * @param number counts all lines of the body, from 1
     */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    public record Line(int number, byte[] bytes) {}

    private final ActorSystem<?> system;

    public Bodies(ActorSystem<?> system) {
        this.system = system;
    }

    /** The document, or what is wrong with it: 400, 413 or 415. */
    public CompletionStage<Checked<JsonNode>> read(HttpRequest request) {
        return read(request, DOCUMENT);
    }

    /** The document, or an empty object where the caller sent nothing at all. */
    public CompletionStage<Checked<JsonNode>> readOptional(HttpRequest request) {
        return request.entity().isKnownEmpty()
                ? CompletableFuture.completedFuture(Checked.ok(JsonNodeFactory.instance.objectNode()))
                : read(request);
    }

    /** The lines that are not empty, in order, unread; or what is wrong with the whole: 400, 413 or 415. */
    public CompletionStage<Checked<List<Line>>> readLines(HttpRequest request) {
        return read(request, LINES);
    }

    private <T> CompletionStage<Checked<T>> read(HttpRequest request, Shape<T> shape) {
        var entity = request.entity();
        var packing = request.getHeader("content-encoding")
                .map(header -> header.value().toLowerCase(Locale.ROOT));
        boolean packed = packing.filter("gzip"::equals).isPresent();
        if (!isOf(shape.type(), entity.getContentType())
                || (packing.isPresent() && !packed && !packing.get().equals("identity"))) {
            request.discardEntityBytes(system);
            return CompletableFuture.completedFuture(Checked.refused(Problem.of(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE, "a body is " + shape.type() + " in UTF-8, plain or gzip")));
        }
        if (entity instanceof HttpEntity.Strict strict) {
            return CompletableFuture.completedFuture(parse(strict, packed, shape));
        }
        if (entity.getContentLengthOption().orElse(0) > shape.maxBytes()) {
            return letGoOf(entity).thenApply(gone -> Checked.<T>refused(shape.tooLarge()));
        }
        return entity.withSizeLimit(shape.maxBytes())
                .toStrict(DEADLINE.toMillis(), shape.maxBytes(), system)
                .handle((strict, failure) ->
                        failure == null ? parse(strict, packed, shape) : Checked.refused(problemOf(failure, shape)));
    }

    /** A sender that is cut off while it sends may never hear why: what is not far too much is read, and let go of, first. */
    private CompletionStage<Done> letGoOf(RequestEntity entity) {
        return entity.withSizeLimit(MAX_CHUNK_BYTES)
                .getDataBytes()
                .completionTimeout(DEADLINE)
                .runWith(Sink.ignore(), system)
                .exceptionally(failure -> Done.getInstance());
    }

    private static boolean isOf(MediaType wanted, ContentType type) {
        // "application/json; charset=utf-8" is common; other parameters and charsets are not JSON (RFC 8259).
        return type.mediaType().mainType().equals(wanted.mainType())
                && type.mediaType().subType().equals(wanted.subType())
                && type.getCharsetOption()
                        .map(charset -> charset.value().equalsIgnoreCase("UTF-8"))
                        .orElse(true);
    }

    private static <T> Checked<T> parse(HttpEntity.Strict entity, boolean packed, Shape<T> shape) {
        byte[] bytes = entity.getData().toArray();
        if (bytes.length > shape.maxBytes()) {
            return Checked.refused(shape.tooLarge());
        }
        return packed
                ? unpacked(bytes, shape).then(shape.parse())
                : shape.parse().apply(bytes);
    }

    private static Checked<byte[]> unpacked(byte[] bytes, Shape<?> shape) {
        try (var gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            byte[] clear = gzip.readNBytes(shape.maxBytes() + 1);
            return clear.length > shape.maxBytes() ? Checked.refused(shape.tooLarge()) : Checked.ok(clear);
        } catch (IOException e) {
            return Checked.refused(Problem.of(ErrorCode.MALFORMED_JSON, "the body is not gzip"));
        }
    }

    private static Problem problemOf(Throwable failure, Shape<?> shape) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof EntityStreamSizeException
                ? shape.tooLarge()
                : Problem.of(
                        ErrorCode.INVALID_REQUEST,
                        "the body did not arrive whole within " + DEADLINE.toSeconds() + " seconds");
    }

    private static Checked<List<Line>> lines(byte[] bytes) {
        var lines = new ArrayList<Line>();
        int number = 0;
        int from = 0;
        while (from < bytes.length) {
            int to = from;
            while (to < bytes.length && bytes[to] != '\n') {
                to++;
            }
            number++;
            int end = to > from && bytes[to - 1] == '\r' ? to - 1 : to;
            if (end > from) {
                lines.add(new Line(number, Arrays.copyOfRange(bytes, from, end)));
            }
            if (lines.size() > MAX_LINES) {
                return Checked.refused(
                        Problem.of(ErrorCode.INVALID_REQUEST, "at most " + MAX_LINES + " lines in one call"));
            }
            from = to + 1;
        }
        return lines.isEmpty()
                ? Checked.refused(Problem.of(ErrorCode.INVALID_REQUEST, "the body has no line"))
                : Checked.ok(lines);
    }

    /**
     * What a body is to be.
     *
     * @param maxBytes on the wire, and unpacked
     */
    private record Shape<T>(MediaType type, int maxBytes, Function<byte[], Checked<T>> parse) {

        Problem tooLarge() {
            return Problem.of(ErrorCode.PAYLOAD_TOO_LARGE, "a body is at most " + maxBytes + " bytes, packed or not");
        }
    }
}
