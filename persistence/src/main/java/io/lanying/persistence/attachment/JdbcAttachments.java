package io.lanying.persistence.attachment;

import akka.Done;
import io.lanying.persistence.attachment.AttachmentRows.Row;
import io.lanying.persistence.database.Database;
import io.lanying.persistence.database.SqlFailures;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.attachment.Attachment;
import io.lanying.protocol.attachment.AttachmentKey;
import io.lanying.protocol.attachment.AttachmentReply;
import io.lanying.protocol.attachment.AttachmentReply.Begun;
import io.lanying.protocol.attachment.AttachmentReply.Received;
import io.lanying.protocol.attachment.AttachmentReply.Refused;
import io.lanying.protocol.attachment.Attachments;
import io.lanying.protocol.attachment.NewAttachment;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;

/**
 * {@link Attachments} by rows and objects. The rows are the truth: an object counts once a row names it. Each is put under a name
 * of its own and never changed, after it was noted as garbage to be; what counts is taken out of that note in the same
 * transaction. So a crash leaves nothing that is not removed later, and of two writers of one chunk the first to end counts.
 */
final class JdbcAttachments implements Attachments {

    /** Longer than putting one object can take. */
    private static final Duration PUTTING = Duration.ofHours(1);

    /** Longer than deleting a conversation can take. */
    private static final Duration ENDING = Duration.ofMinutes(10);

    private static final int PAGE = 100;

    private final Database database;
    private final BlobStore blobs;
    private final StoreMark mark;
    private final AttachmentSettings settings;
    private final Clock clock;

    JdbcAttachments(Database database, BlobStore blobs, StoreMark mark, AttachmentSettings settings, Clock clock) {
        this.database = database;
        this.blobs = blobs;
        this.mark = mark;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public long maxBytes() {
        return (long) settings.chunkBytes() * AttachmentSettings.MAX_CHUNKS;
    }

    @Override
    public CompletionStage<AttachmentReply> begin(NewAttachment wanted) {
        return againIfTaken(handle -> begin(handle, wanted));
    }

    private AttachmentReply begin(Handle handle, NewAttachment wanted) {
        var rows = new AttachmentRows(handle);
        var before = rows.hold(wanted.key());
        if (before.isPresent() && before.get().attachment().life() == wanted.life()) {
            return before.get().fingerprint().equals(wanted.fingerprint())
                    ? new Begun(before.get().attachment(), true)
                    : new Refused(ErrorCode.IDEMPOTENCY_KEY_REUSED, "the key was used for another attachment");
        }
        before.ifPresent(old -> rows.remove(old, clock.instant()));
        if (!rows.reserve(wanted.key().tenant(), AttachmentRows.ROW_BYTES + wanted.bytes(), settings.tenantBytes())) {
            return new Refused(
                    ErrorCode.LIMIT_REACHED,
                    "the tenant's attachments may take " + settings.tenantBytes() + " bytes in all");
        }
        rows.insert(
                wanted,
                UUID.randomUUID().toString(),
                settings.chunkBytes(),
                clock.instant(),
                expiresAt(clock.instant()));
        return new Begun(rows.find(wanted.key()).orElseThrow().attachment(), false);
    }

    private Instant expiresAt(Instant now) {
        return now.plus(settings.uploadExpiry());
    }

    @Override
    public CompletionStage<Optional<Attachment>> find(AttachmentKey key) {
        return database.read(handle -> new AttachmentRows(handle).find(key).map(Row::attachment));
    }

    @Override
    public CompletionStage<AttachmentReply> append(AttachmentKey key, long offset, byte[] chunk) {
        return database.read(handle -> new AttachmentRows(handle).find(key)).thenCompose(found -> {
            var refused = found.isEmpty()
                    ? Optional.of(notFound())
                    : refusal(found.get().attachment(), offset, chunk.length);
            if (refused.isPresent()) {
                return CompletableFuture.completedFuture(refused.get());
            }
            return chunk.length == 0 ? verify(found.get()) : append(found.get(), offset, chunk);
        });
    }

    private static Optional<Refused> refusal(Attachment attachment, long offset, int length) {
        if (attachment.complete() || offset != attachment.received()) {
            return Optional.of(otherOffset(attachment));
        }
        return length == attachment.nextBytes()
                ? Optional.empty()
                : Optional.of(new Refused(
                        ErrorCode.INVALID_REQUEST,
                        "the chunk at " + offset + " is " + attachment.nextBytes() + " bytes, not " + length));
    }

    private static Refused otherOffset(Attachment attachment) {
        return new Refused(
                ErrorCode.OFFSET_MISMATCH,
                attachment.complete()
                        ? "the content is complete"
                        : "the next chunk is the one at " + attachment.received());
    }

    private static Refused notFound() {
        return new Refused(ErrorCode.NOT_FOUND, "no such attachment");
    }

    private CompletionStage<AttachmentReply> append(Row row, long offset, byte[] chunk) {
        String object = "t-" + row.key().tenant() + "/" + row.contentId().substring(0, 2) + "/" + row.contentId() + "-"
                + offset / row.attachment().chunkBytes() + "-"
                + UUID.randomUUID().toString().substring(0, 8);
        return mark.required()
                .thenCompose(done -> database.inTransaction(handle -> {
                    new AttachmentChores(handle).putting(object, clock.instant().plus(PUTTING));
                    return done;
                }))
                .thenCompose(noted -> blobs.put(object, chunk))
                .thenCompose(
                        put -> database.inTransaction(handle -> counted(handle, row, offset, chunk.length, object)))
                .thenCompose(reply -> reply instanceof Received received
                                && received.attachment().nextBytes() == 0
                        ? verify(new Row(received.attachment(), row.fingerprint(), row.contentId()))
                        : CompletableFuture.completedFuture(reply));
    }

    private AttachmentReply counted(Handle handle, Row row, long offset, int length, String object) {
        var rows = new AttachmentRows(handle);
        var now = clock.instant();
        var held = rows.hold(row.key()).filter(row::isSameUpload);
        if (held.isPresent() && rows.count(row, offset, length, object, now, expiresAt(now))) {
            return new Received(rows.find(row.key()).orElseThrow().attachment());
        }
        new AttachmentChores(handle).putForNothing(object, now);
        return held.<AttachmentReply>map(other -> otherOffset(other.attachment()))
                .orElseGet(JdbcAttachments::notFound);
    }

    /** Reads the whole content back and compares: only what was verified counts as complete, and as equal to another. */
    private CompletionStage<AttachmentReply> verify(Row row) {
        return stored(row)
                .thenCompose(content -> StoredContent.sha256(content))
                .thenCompose(hash -> againIfTaken(handle ->
                        hash.equals(row.attachment().sha256()) ? completed(handle, row) : mismatched(handle, row)));
    }

    private AttachmentReply completed(Handle handle, Row row) {
        var rows = new AttachmentRows(handle);
        var held = rows.hold(row.key());
        boolean already = held.filter(found -> found.attachment().complete()).isPresent();
        if (!already && held.filter(row::isSameUpload).isEmpty()) {
            return notFound();
        }
        if (!already) {
            String sha256 = row.attachment().sha256();
            var equal = rows.holdVerified(row.key().tenant(), sha256);
            rows.complete(row.key(), equal.orElse(row.contentId()));
            if (equal.isPresent()) {
                rows.release(row.key().tenant(), rows.discardIfUnused(row.contentId(), clock.instant()));
            } else {
                rows.verified(row.contentId(), sha256);
            }
        }
        return new Received(rows.find(row.key()).orElseThrow().attachment());
    }

    private AttachmentReply mismatched(Handle handle, Row row) {
        var rows = new AttachmentRows(handle);
        rows.hold(row.key()).filter(row::isSameUpload).ifPresent(held -> rows.remove(held, clock.instant()));
        return new Refused(
                ErrorCode.CONTENT_MISMATCH, "what was uploaded has another hash than was announced: begin again");
    }

    @Override
    public CompletionStage<Optional<Content>> content(AttachmentKey key) {
        return database.read(handle -> new AttachmentRows(handle).find(key))
                .thenCompose(found -> found.filter(row -> row.attachment().complete())
                        .map(row -> stored(row).thenApply(Optional::of))
                        .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty())));
    }

    private CompletionStage<Content> stored(Row row) {
        return mark.required()
                .thenCompose(done -> database.read(handle -> new AttachmentRows(handle).objects(row.contentId())))
                .thenApply(objects -> new StoredContent(
                        blobs,
                        objects,
                        row.attachment().chunkBytes(),
                        row.attachment().bytes()));
    }

    @Override
    public CompletionStage<Done> remove(AttachmentKey key) {
        return remove(key, row -> true);
    }

    private CompletionStage<Done> remove(AttachmentKey key, Predicate<Row> condition) {
        return remove(key, (handle, row) -> condition.test(row));
    }

    /** Removes it if it is, under its lock, as it should be. */
    private CompletionStage<Done> remove(AttachmentKey key, BiPredicate<Handle, Row> condition) {
        return database.inTransaction(handle -> {
            var rows = new AttachmentRows(handle);
            rows.hold(key)
                    .filter(row -> condition.test(handle, row))
                    .ifPresent(row -> rows.remove(row, clock.instant()));
            return Done.getInstance();
        });
    }

    @Override
    public CompletionStage<Done> removeOf(String tenant, String uploaderId) {
        return removeAll(handle -> new AttachmentRows(handle).ofUploader(tenant, uploaderId, PAGE), row -> true);
    }

    @Override
    public CompletionStage<Done> removeOf(EntityId conversation, OptionalLong butOf) {
        long kept = butOf.orElse(Long.MIN_VALUE);
        return removeAll(
                        handle -> new AttachmentRows(handle).ofConversation(conversation, kept, PAGE),
                        row -> row.attachment().life() != kept)
                .thenCompose(done -> database.inTransaction(handle -> {
                    new AttachmentChores(handle).endingDone(conversation);
                    return done;
                }));
    }

    /** Removes uploads that came to a stand. */
    CompletionStage<Done> removeExpired() {
        var now = clock.instant();
        return removeAll(handle -> new AttachmentChores(handle).expired(now, PAGE), row -> row.attachment()
                .expiresAt()
                .filter(at -> !at.isAfter(now))
                .isPresent());
    }

    /**
     * Removes attachments of tenants that were deleted: the registry says which.
     *
     * @param most how many; the rest the next time
     */
    CompletionStage<Done> removeOfDeletedTenants(int most) {
        return database.read(handle -> new AttachmentChores(handle).ofDeletedTenants(most))
                .thenCompose(keys -> {
                    CompletionStage<Done> all = CompletableFuture.completedFuture(Done.getInstance());
                    for (AttachmentKey key : keys) {
                        all = all.thenCompose(done ->
                                remove(key, (handle, row) -> new AttachmentChores(handle).isDeleted(key.tenant())));
                    }
                    return all;
                });
    }

    /** One transaction each: none is long, and none waits for another's rows in another order. */
    private CompletionStage<Done> removeAll(Function<Handle, List<AttachmentKey>> page, Predicate<Row> condition) {
        return database.read(page).thenCompose(keys -> {
            CompletionStage<Done> all = CompletableFuture.completedFuture(Done.getInstance());
            for (AttachmentKey key : keys) {
                all = all.thenCompose(done -> remove(key, condition));
            }
            return keys.size() < PAGE ? all : all.thenCompose(done -> removeAll(page, condition));
        });
    }

    @Override
    public CompletionStage<Done> noteEnding(EntityId conversation) {
        return againIfTaken(handle -> {
            new AttachmentChores(handle).ending(conversation, clock.instant().plus(ENDING));
            return Done.getInstance();
        });
    }

    @Override
    public CompletionStage<List<EntityId>> ended() {
        return database.read(handle -> new AttachmentChores(handle).endings(clock.instant(), PAGE));
    }

    /** Somebody else may have made the same row meanwhile, or held another that is needed: then it is as they left it. */
    private <T> CompletionStage<T> againIfTaken(Function<Handle, T> work) {
        return againIfTaken(work, 3);
    }

    private <T> CompletionStage<T> againIfTaken(Function<Handle, T> work, int times) {
        return database.inTransaction(work)
                .exceptionallyCompose(failure -> times > 0 && SqlFailures.concernsRows(failure)
                        ? againIfTaken(work, times - 1)
                        : CompletableFuture.failedFuture(failure));
    }
}
