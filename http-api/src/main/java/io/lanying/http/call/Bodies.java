package io.lanying.http.call;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpRequest;
import akka.http.scaladsl.model.EntityStreamSizeException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lanying.http.error.Problem;
import io.lanying.http.json.Checked;
import io.lanying.http.json.StrictJson;
import io.lanying.protocol.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.zip.GZIPInputStream;

/**
 * Reads a request's JSON: whole within {@link #DEADLINE}, at most 64 KiB on the wire and 64 KiB unpacked, so that a slow or
 * a packed body costs no more than an ordinary one.
 */
public final class Bodies {

    static final int MAX_BYTES = StrictJson.MAX_BYTES;
    static final Duration DEADLINE = Duration.ofSeconds(5);

    private static final ContentType JSON = ContentTypes.APPLICATION_JSON;

    private final ActorSystem<?> system;

    public Bodies(ActorSystem<?> system) {
        this.system = system;
    }

    /** The document, or what is wrong with it: 400, 413 or 415. */
    public CompletionStage<Checked<JsonNode>> read(HttpRequest request) {
        return read(request, false);
    }

    /** The document, or an empty object where the caller sent nothing at all. */
    public CompletionStage<Checked<JsonNode>> readOptional(HttpRequest request) {
        return read(request, true);
    }

    private CompletionStage<Checked<JsonNode>> read(HttpRequest request, boolean mayBeEmpty) {
        var entity = request.entity();
        if (mayBeEmpty && entity.isKnownEmpty()) {
            return CompletableFuture.completedFuture(Checked.ok(JsonNodeFactory.instance.objectNode()));
        }
        var packing = request.getHeader("content-encoding")
                .map(header -> header.value().toLowerCase(Locale.ROOT));
        boolean packed = packing.filter("gzip"::equals).isPresent();
        if (!isJson(entity.getContentType())
                || (packing.isPresent() && !packed && !packing.get().equals("identity"))) {
            request.discardEntityBytes(system);
            return CompletableFuture.completedFuture(Checked.refused(Problem.of(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE, "a body is application/json in UTF-8, plain or gzip")));
        }
        if (entity instanceof HttpEntity.Strict strict) {
            return CompletableFuture.completedFuture(parse(strict, packed));
        }
        if (entity.getContentLengthOption().orElse(0) > MAX_BYTES) {
            request.discardEntityBytes(system);
            return CompletableFuture.completedFuture(Checked.refused(tooLarge()));
        }
        return entity.withSizeLimit(MAX_BYTES)
                .toStrict(DEADLINE.toMillis(), MAX_BYTES, system)
                .handle((strict, failure) ->
                        failure == null ? parse(strict, packed) : Checked.refused(problemOf(failure)));
    }

    private static boolean isJson(ContentType type) {
        if (type.mediaType().equals(JSON.mediaType())) {
            return true;
        }
        // "application/json; charset=utf-8" is common; other parameters and charsets are not JSON (RFC 8259).
        return type.mediaType().mainType().equals("application")
                && type.mediaType().subType().equals("json")
                && type.getCharsetOption()
                        .map(charset -> charset.value().equalsIgnoreCase("UTF-8"))
                        .orElse(true);
    }

    private static Checked<JsonNode> parse(HttpEntity.Strict entity, boolean packed) {
        byte[] bytes = entity.getData().toArray();
        if (bytes.length > MAX_BYTES) {
            return Checked.refused(tooLarge());
        }
        return packed ? unpacked(bytes).then(StrictJson::parse) : StrictJson.parse(bytes);
    }

    private static Checked<byte[]> unpacked(byte[] bytes) {
        try (var gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            byte[] clear = gzip.readNBytes(MAX_BYTES + 1);
            return clear.length > MAX_BYTES ? Checked.refused(tooLarge()) : Checked.ok(clear);
        } catch (IOException e) {
            return Checked.refused(Problem.of(ErrorCode.MALFORMED_JSON, "the body is not gzip"));
        }
    }

    private static Problem problemOf(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof EntityStreamSizeException
                ? tooLarge()
                : Problem.of(
                        ErrorCode.INVALID_REQUEST,
                        "the body did not arrive whole within " + DEADLINE.toSeconds() + " seconds");
    }

    private static Problem tooLarge() {
        return Problem.of(ErrorCode.PAYLOAD_TOO_LARGE, "a body is at most " + MAX_BYTES + " bytes, packed or not");
    }
}
