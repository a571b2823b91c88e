package io.lanying.http.attachment;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.headers.TimeoutAccess;
import akka.http.scaladsl.model.EntityStreamSizeException;
import io.lanying.http.error.Problem;
import io.lanying.http.json.Checked;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.attachment.Attachment;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/**
 * Reads one chunk of an upload out of a request, whole within {@code push.http.attachments.chunk-timeout}. What chunks hold in
 * memory is bounded by their number. Thread-safe.
 */
final class ChunkReader {

    static final String OFFSET = "upload-offset";

    /** What follows the last chunk, reading all of it back, may take this much longer. */
    private static final Duration VERIFYING = Duration.ofMinutes(2);

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    private final ActorSystem<?> system;
    private final TenantSlots slots;
    private final Duration timeout;

    ChunkReader(ActorSystem<?> system, TenantSlots slots, Duration timeout) {
        this.system = system;
        this.slots = slots;
        this.timeout = timeout;
    }

    /** What is done with a chunk. */
    interface Next {
        CompletionStage<Checked<HttpResponse>> with(long offset, byte[] chunk);
    }

    /** The chunk of one request; whoever asks for it reads it or discards it. */
    Chunk of(HttpRequest request) {
        return new Chunk(request);
    }

    /** Not thread-safe: its steps follow each other. */
    final class Chunk {

        private final HttpRequest request;
        private volatile boolean taken;

        private Chunk(HttpRequest request) {
            this.request = request;
        }

        /** The next step with the chunk, or what is wrong with the request: 400, 409, 413, 415 or 503. */
        CompletionStage<Checked<HttpResponse>> read(Attachment attachment, Next next) {
            var wrong = problemOf(request, attachment);
            if (wrong.isPresent()) {
                return refused(wrong.get());
            }
            String tenant = attachment.key().tenant();
            if (!slots.takeIfFree(tenant)) {
                return refused(Problem.of(ErrorCode.UNAVAILABLE, "too much is being uploaded to this node"));
            }
            allowTime(request);
            taken = true;
            return bytes(request, attachment.nextBytes())
                    .thenCompose(
                            bytes -> bytes.fold(chunk -> next.with(attachment.received(), chunk), ChunkReader::refused))
                    .whenComplete((done, failure) -> slots.release(tenant));
        }

        /** Lets go of what nobody reads, so that the connection can go on. */
        void discardIfUnread() {
            if (!taken) {
                request.discardEntityBytes(system);
            }
        }
    }

    private static Optional<Problem> problemOf(HttpRequest request, Attachment attachment) {
        var type = request.entity().getContentType().mediaType();
        if (!type.equals(MediaTypes.APPLICATION_OCTET_STREAM)
                || request.getHeader("content-encoding").isPresent()) {
            return Optional.of(
                    Problem.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "a chunk is application/octet-stream, not packed"));
        }
        String offset = request.getHeader(OFFSET).map(header -> header.value()).orElse("");
        if (!NUMBER.matcher(offset).matches()) {
            return Optional.of(Problem.of(
                    ErrorCode.INVALID_REQUEST, "this call needs an Upload-Offset header: where the chunk begins"));
        }
        if (attachment.complete() || Long.parseLong(offset) != attachment.received()) {
            return Optional.of(Problem.of(
                    ErrorCode.OFFSET_MISMATCH,
                    attachment.complete()
                            ? "the content is complete"
                            : "the next chunk is the one at " + attachment.received()));
        }
        return request.entity().getContentLengthOption().orElse(0) > attachment.nextBytes()
                ? Optional.of(tooLarge(attachment.nextBytes()))
                : Optional.empty();
    }

    private void allowTime(HttpRequest request) {
        request.getHeader(TimeoutAccess.class).ifPresent(access -> access.timeoutAccess()
                .updateTimeout(scala.concurrent.duration.Duration.fromNanos(
                        timeout.plus(VERIFYING).toNanos())));
    }

    private CompletionStage<Checked<byte[]>> bytes(HttpRequest request, int most) {
        if (request.entity() instanceof HttpEntity.Strict strict) {
            return CompletableFuture.completedFuture(Checked.ok(strict.getData().toArray()));
        }
        return request.entity()
                .withSizeLimit(most)
                .toStrict(timeout.toMillis(), most, system)
                .handle((strict, failure) -> failure == null
                        ? Checked.ok(strict.getData().toArray())
                        : Checked.refused(problemOf(failure, most)));
    }

    private Problem problemOf(Throwable failure, int most) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof EntityStreamSizeException
                ? tooLarge(most)
                : Problem.of(
                        ErrorCode.INVALID_REQUEST,
                        "the chunk did not arrive whole within " + timeout.toSeconds()
                                + " seconds: nothing of it is kept");
    }

    private static Problem tooLarge(int most) {
        return Problem.of(ErrorCode.PAYLOAD_TOO_LARGE, "this chunk is " + most + " bytes");
    }

    private static CompletionStage<Checked<HttpResponse>> refused(Problem problem) {
        return CompletableFuture.completedFuture(Checked.refused(problem));
    }
}
