package io.lanying.http.attachment;

import akka.NotUsed;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.RawHeader;
import akka.japi.Pair;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import io.lanying.http.call.Edge;
import io.lanying.http.call.Endpoints;
import io.lanying.protocol.attachment.Attachment;
import io.lanying.protocol.attachment.Attachments.Content;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/** Answers with a content, so that nothing runs it, piece by piece as the caller takes it. */
final class Download {

    private static final Pattern COMMA = Pattern.compile(",");

    private final TenantSlots slots;

    Download(TenantSlots slots) {
        this.slots = slots;
    }

    /** The tag of an attachment's content: it never changes. */
    static String tagOf(Attachment attachment) {
        return "\"" + attachment.sha256() + "\"";
    }

    /** Whether the caller has it already. */
    static boolean isKnown(HttpRequest request, Attachment attachment) {
        return request.getHeader("if-none-match")
                .map(header -> header.value().strip())
                .filter(tags -> tags.equals("*")
                        || COMMA.splitAsStream(tags)
                                .map(tag -> tag.strip().replaceFirst("^W/", ""))
                                .anyMatch(tagOf(attachment)::equals))
                .isPresent();
    }

    /** Whether the caller takes this type; who says nothing takes anything. */
    static boolean isAcceptable(HttpRequest request, Attachment attachment) {
        return Endpoints.accepts(
                request, ContentTypes.parse(attachment.contentType()).mediaType());
    }

    HttpResponse unchanged(Attachment attachment) {
        return HttpResponse.create()
                .withStatus(StatusCodes.NOT_MODIFIED)
                .addHeader(RawHeader.create("ETag", tagOf(attachment)));
    }

    HttpResponse of(Attachment attachment, String name, Content content, ByteRange range) {
        var entity = HttpEntities.create(
                ContentTypes.parse(attachment.contentType()), range.length(), pieces(attachment, content, range));
        var response = HttpResponse.create()
                .withStatus(range.whole() ? StatusCodes.OK : StatusCodes.PARTIAL_CONTENT)
                .withEntity(entity)
                .addHeader(RawHeader.create("ETag", tagOf(attachment)))
                .addHeader(RawHeader.create("Accept-Ranges", "bytes"))
                .addHeader(RawHeader.create("Cache-Control", "private, no-cache"))
                .addHeader(RawHeader.create("Content-Disposition", ContentDisposition.of(name)))
                .addHeader(RawHeader.create("X-Content-Type-Options", "nosniff"))
                .addHeader(RawHeader.create("Content-Security-Policy", "default-src 'none'; sandbox"))
                .addHeader(RawHeader.create("Cross-Origin-Resource-Policy", "same-origin"));
        return Edge.asItIs(
                range.whole()
                        ? response
                        : response.addHeader(RawHeader.create(
                                "Content-Range",
                                "bytes " + range.from() + "-" + (range.to() - 1) + "/" + attachment.bytes())));
    }

    /** A slot is taken when it begins to flow, since an answer whose caller has gone never does. */
    private Source<ByteString, NotUsed> pieces(Attachment attachment, Content content, ByteRange range) {
        String tenant = attachment.key().tenant();
        return Source.lazySource(() -> {
                    slots.take(tenant);
                    return Source.unfoldAsync(range.from(), offset -> next(content, offset, range.to()))
                            .watchTermination((used, ended) -> {
                                ended.whenComplete((done, failure) -> slots.release(tenant));
                                return used;
                            });
                })
                .mapMaterializedValue(used -> NotUsed.getInstance());
    }

    private static CompletionStage<Optional<Pair<Long, ByteString>>> next(Content content, long offset, long end) {
        return offset >= end
                ? CompletableFuture.completedFuture(Optional.empty())
                : content.read(offset).thenApply(bytes -> {
                    var piece = ByteString.fromArrayUnsafe(bytes).take((int) Math.min(bytes.length, end - offset));
                    return Optional.of(Pair.create(offset + piece.length(), piece));
                });
    }
}
