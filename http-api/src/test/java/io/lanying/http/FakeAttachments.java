package io.lanying.http;

import akka.Done;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.attachment.Attachment;
import io.lanying.protocol.attachment.AttachmentKey;
import io.lanying.protocol.attachment.AttachmentReply;
import io.lanying.protocol.attachment.Attachments;
import io.lanying.protocol.attachment.NewAttachment;
import io.lanying.protocol.sealing.Sealed;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Attachments that tests put there; nothing that is uploaded stays. Chunks have five bytes. */
public final class FakeAttachments implements Attachments {

    public static final int CHUNK = 5;

    public final Map<AttachmentKey, Attachment> there = new ConcurrentHashMap<>();
    public final Map<AttachmentKey, byte[]> contents = new ConcurrentHashMap<>();

    /** What was asked for, as call and object, in order. */
    public final List<String> asked = new CopyOnWriteArrayList<>();

    public final AtomicInteger reads = new AtomicInteger();
    public volatile boolean down;
    public volatile Optional<ErrorCode> refusal = Optional.empty();
    public volatile Optional<NewAttachment> begun = Optional.empty();
    public volatile List<EntityId> ended = List.of();

    /** A complete one. */
    public Attachment put(
            EntityId conversation, String id, String uploader, String type, Instant life, byte[] content) {
        var key = new AttachmentKey(conversation, id);
        contents.put(key, content);
        return put(key, uploader, type, life, content.length, content.length, true);
    }

    /** One of which so much has come. */
    public Attachment put(
            AttachmentKey key,
            String uploader,
            String type,
            Instant life,
            long bytes,
            long received,
            boolean complete) {
        String prefix = key.tenant() + "\0user:" + uploader + "\0" + key.attachmentId() + "\0name\0";
        var name = new Sealed("user:" + uploader, (prefix + "be\"ach.txt").getBytes(StandardCharsets.ISO_8859_1));
        var attachment = new Attachment(
                key,
                life.toEpochMilli(),
                uploader,
                name,
                type,
                bytes,
                "ab".repeat(32),
                CHUNK,
                received,
                complete,
                TestApi.NOW,
                complete ? Optional.empty() : Optional.of(TestApi.NOW.plusSeconds(60)));
        there.put(key, attachment);
        return attachment;
    }

    @Override
    public long maxBytes() {
        return Long.MAX_VALUE;
    }

    @Override
    public CompletionStage<AttachmentReply> begin(NewAttachment wanted) {
        begun = Optional.of(wanted);
        return answer("begin", wanted.key(), () -> refusal.<AttachmentReply>map(
                        code -> new AttachmentReply.Refused(code, "no"))
                .orElseGet(() -> new AttachmentReply.Begun(
                        new Attachment(
                                wanted.key(),
                                wanted.life(),
                                wanted.uploaderId(),
                                wanted.name(),
                                wanted.contentType(),
                                wanted.bytes(),
                                wanted.sha256(),
                                CHUNK,
                                0,
                                false,
                                TestApi.NOW,
                                Optional.of(TestApi.NOW)),
                        false)));
    }

    @Override
    public CompletionStage<Optional<Attachment>> find(AttachmentKey key) {
        return answer("find", key, () -> Optional.ofNullable(there.get(key)));
    }

    @Override
    public CompletionStage<AttachmentReply> append(AttachmentKey key, long offset, byte[] chunk) {
        return answer("append", key, () -> {
            if (refusal.isPresent()) {
                return new AttachmentReply.Refused(refusal.get(), "no");
            }
            var before = there.get(key);
            return new AttachmentReply.Received(put(
                    key,
                    before.uploaderId(),
                    before.contentType(),
                    Instant.ofEpochMilli(before.life()),
                    before.bytes(),
                    0,
                    false));
        });
    }

    @Override
    public CompletionStage<Optional<Content>> content(AttachmentKey key) {
        return answer(
                "content", key, () -> Optional.ofNullable(contents.get(key)).map(all -> new Pieces(all, reads)));
    }

    @Override
    public CompletionStage<Done> remove(AttachmentKey key) {
        return answer("remove", key, Done::getInstance);
    }

    @Override
    public CompletionStage<Done> removeOf(String tenant, String uploaderId) {
        return answer("removeOf", tenant + ":" + uploaderId, Done::getInstance);
    }

    @Override
    public CompletionStage<Done> removeOf(EntityId conversation, OptionalLong butOf) {
        return answer(
                "removeOf", conversation + (butOf.isPresent() ? " but " + butOf.getAsLong() : ""), Done::getInstance);
    }

    @Override
    public CompletionStage<Done> noteEnding(EntityId conversation) {
        return answer("noteEnding", conversation, Done::getInstance);
    }

    @Override
    public CompletionStage<List<EntityId>> ended() {
        return CompletableFuture.completedFuture(new ArrayList<>(ended));
    }

    private <T> CompletionStage<T> answer(String call, Object what, Supplier<T> value) {
        String name =
                what instanceof AttachmentKey key ? key.conversation() + "/" + key.attachmentId() : what.toString();
        asked.add(call + " " + name);
        return down
                ? CompletableFuture.failedFuture(new IllegalStateException("down"))
                : CompletableFuture.completedFuture(value.get());
    }

    /** Three bytes at a time. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Pieces(byte[] all, AtomicInteger reads) implements Content {

        @Override
        public long bytes() {
            return all.length;
        }

        @Override
        public CompletionStage<byte[]> read(long offset) {
            reads.incrementAndGet();
            return CompletableFuture.completedFuture(
                    Arrays.copyOfRange(all, (int) offset, (int) Math.min(all.length, offset + 3)));
        }
    }
}
