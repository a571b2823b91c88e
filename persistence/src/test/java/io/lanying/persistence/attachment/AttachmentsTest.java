package io.lanying.persistence.attachment;

import static io.lanying.persistence.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.Done;
import io.lanying.persistence.ForEachStore;
import io.lanying.persistence.StoreTest;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.attachment.Attachment;
import io.lanying.protocol.attachment.AttachmentKey;
import io.lanying.protocol.attachment.AttachmentReply;
import io.lanying.protocol.attachment.AttachmentReply.Begun;
import io.lanying.protocol.attachment.AttachmentReply.Received;
import io.lanying.protocol.attachment.AttachmentReply.Refused;
import io.lanying.protocol.attachment.NewAttachment;
import io.lanying.protocol.registry.TenantRow;
import io.lanying.protocol.sealing.Sealed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Uploads, contents and their ends, over a store that can be told to fail, and nodes that can be ended at any moment. */
@ForEachStore
class AttachmentsTest extends StoreTest {

    private static final int CHUNK = 16 * 1024;
    private static final long LIFE = 1_000;

    private final Blobs blobs = new Blobs();
    private Instant now = Instant.parse("2026-11-20T08:00:00Z");
    private JdbcAttachments attachments;
    private AttachmentSweep sweep;
    private String tenant;
    private static int tenants;

    @BeforeEach
    void begin() {
        tenant = "t" + ++tenants;
        blobs.failing = false;
        blobs.held = new CompletableFuture<>();
        another(1_000_000);
    }

    /** Another incarnation of the node, with nothing in memory. */
    private void another(long tenantBytes) {
        var clock = new Time();
        var database = node.database();
        var mark = new StoreMark(node.persistence.secrets(), blobs);
        attachments = new JdbcAttachments(database, blobs, mark, Settings.with(CHUNK, tenantBytes), clock);
        sweep = new AttachmentSweep(database, blobs, attachments, node.persistence.stats(), clock);
    }

    @Test
    void aContentComesBackAsItWentIn() {
        byte[] content = content(2 * CHUNK + 100);
        var attachment = upload("a1", "u1", content);

        assertThat(attachment.complete()).isTrue();
        assertThat(attachment.expiresAt()).isEmpty();
        assertThat(await(attachments.find(key("a1")))).contains(attachment);
        assertThat(read("a1")).isEqualTo(content);
        assertThat(objects()).as("in whole chunks").hasSize(3);
    }

    @Test
    void anUploadGoesOnWhereItWasAfterTheNodeIsGone() {
        byte[] content = content(3 * CHUNK);
        start("a1", "u1", content);
        received(append("a1", 0, part(content, 0)));
        another(1_000_000);

        var begun = start("a1", "u1", content);
        assertThat(begun.repeated()).isTrue();
        assertThat(begun.attachment().received()).isEqualTo(CHUNK);
        received(append("a1", CHUNK, part(content, 1)));
        assertThat(received(append("a1", 2L * CHUNK, part(content, 2))).complete())
                .isTrue();
        assertThat(read("a1")).isEqualTo(content);
    }

    @Test
    void aChunkThatWasPutButNotCountedLeavesNothing() {
        byte[] content = content(CHUNK + 1);
        start("a1", "u1", content);
        blobs.afterPut = () -> {
            throw new IllegalStateException("the node is gone");
        };
        assertThatThrownBy(() -> append("a1", 0, part(content, 0))).hasMessageContaining("gone");
        blobs.afterPut = () -> {};
        assertThat(objects()).hasSize(1);
        another(1_000_000);
        received(append("a1", 0, part(content, 0)));
        received(append("a1", CHUNK, part(content, 1)));
        await(sweep.sweep());
        assertThat(objects()).as("not yet: it might still be on its way").hasSize(3);

        now = now.plus(Duration.ofHours(2));
        await(sweep.sweep());
        assertThat(objects()).hasSize(2);
        assertThat(read("a1")).isEqualTo(content);
    }

    @Test
    void aContentThatWasNotVerifiedBeforeTheNodeWentIsVerifiedLater() {
        byte[] content = content(CHUNK);
        start("a1", "u1", content);
        blobs.unreadable = true;
        assertThatThrownBy(() -> append("a1", 0, content)).hasMessageContaining("away");
        blobs.unreadable = false;
        assertThat(await(attachments.content(key("a1")))).isEmpty();
        var found = await(attachments.find(key("a1"))).orElseThrow();
        assertThat(found.complete()).isFalse();
        assertThat(found.received()).isEqualTo(CHUNK);

        assertThat(received(append("a1", CHUNK, new byte[0])).complete()).isTrue();
        assertThat(read("a1")).isEqualTo(content);
    }

    @Test
    void equalContentsOfATenantAreKeptOnceAndGoWithTheLast() {
        byte[] content = content(2 * CHUNK);
        upload("a1", "u1", content);
        long before = usage();
        upload("a2", "u2", content);
        await(sweep.sweep());
        assertThat(objects()).hasSize(2);
        assertThat(usage() - before).isEqualTo(AttachmentRows.ROW_BYTES);

        await(attachments.remove(key("a1")));
        await(attachments.remove(key("a1")));
        await(sweep.sweep());
        assertThat(await(attachments.find(key("a1")))).isEmpty();
        assertThat(read("a2")).isEqualTo(content);
        await(attachments.removeOf(tenant, "u2"));
        await(sweep.sweep());
        assertThat(objects()).isEmpty();
        assertThat(usage()).isZero();
    }

    @Test
    void aHashThatWasLiedAboutIsFoundOutAndHarmsNobody() {
        byte[] honest = content(CHUNK);
        upload("a1", "u1", honest);
        byte[] other = content(CHUNK);
        begun(attachments.begin(wanted("a2", "u2", honest, LIFE)));
        assertThat(refused(append("a2", 0, other))).isEqualTo(ErrorCode.CONTENT_MISMATCH);
        await(sweep.sweep());

        assertThat(await(attachments.find(key("a2")))).isEmpty();
        assertThat(read("a1")).isEqualTo(honest);
        assertThat(objects()).hasSize(1);
        assertThat(usage()).isEqualTo(CHUNK + AttachmentRows.ROW_BYTES);
    }

    @Test
    void ofTwoWritersOfAChunkTheFirstToEndCounts() {
        byte[] content = content(2 * CHUNK);
        start("a1", "u1", content);
        var late = new CompletableFuture<Done>();
        blobs.hold = late;
        var slow = attachments.append(key("a1"), 0, content(CHUNK));
        blobs.awaitHeld();
        blobs.hold = null;
        received(append("a1", 0, part(content, 0)));
        received(append("a1", CHUNK, part(content, 1)));
        late.complete(Done.getInstance());

        assertThat(((Refused) await(slow)).code()).isEqualTo(ErrorCode.OFFSET_MISMATCH);
        assertThat(read("a1")).isEqualTo(content);
        await(sweep.sweep());
        assertThat(objects()).hasSize(2);
    }

    @Test
    void chunksOutOfOrderOrOfAnotherSizeAreRefused() {
        byte[] content = content(2 * CHUNK + 1);
        start("a1", "u1", content);
        assertThat(refused(append("a1", CHUNK, part(content, 1)))).isEqualTo(ErrorCode.OFFSET_MISMATCH);
        assertThat(refused(append("a1", 0, new byte[CHUNK - 1]))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(refused(append("a1", 0, new byte[CHUNK + 1]))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(refused(append("a1", 0, new byte[0]))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(refused(append("none", 0, new byte[1]))).isEqualTo(ErrorCode.NOT_FOUND);
        received(append("a1", 0, part(content, 0)));
        assertThat(refused(append("a1", 0, part(content, 0)))).isEqualTo(ErrorCode.OFFSET_MISMATCH);
        assertThat(refused(append("a1", 3L * CHUNK, part(content, 0)))).isEqualTo(ErrorCode.OFFSET_MISMATCH);
        assertThat(objects()).hasSize(1);
    }

    @Test
    void aKeyIsOfOneUpload() {
        byte[] content = content(10);
        start("a1", "u1", content);
        assertThat(refused(attachments.begin(wanted("a1", "u1", content(11), LIFE))))
                .isEqualTo(ErrorCode.IDEMPOTENCY_KEY_REUSED);
        assertThat(begun(attachments.begin(wanted("a1", "u1", content(12), LIFE + 1)))
                        .repeated())
                .as("in another life of the conversation")
                .isFalse();
        assertThat(usage()).isEqualTo(12 + AttachmentRows.ROW_BYTES);
    }

    @Test
    void aTenantHasItsShareAndNoMore() {
        another(3 * CHUNK);
        upload("a1", "u1", content(CHUNK));
        assertThat(refused(attachments.begin(wanted("a2", "u1", content(2 * CHUNK), LIFE))))
                .isEqualTo(ErrorCode.LIMIT_REACHED);
        await(attachments.remove(key("a1")));
        start("a2", "u1", content(2 * CHUNK));
        String first = tenant;
        tenant = "t" + ++tenants;
        assertThat(refused(attachments.begin(wanted("a1", "u1", content(4 * CHUNK), LIFE))))
                .isEqualTo(ErrorCode.LIMIT_REACHED);
        start("a1", "u1", content(2 * CHUNK));
        assertThat(tenant).isNotEqualTo(first);
    }

    @Test
    void anUploadThatComesToAStandIsGivenUp() {
        byte[] content = content(2 * CHUNK);
        start("a1", "u1", content);
        now = now.plus(Settings.EXPIRY).minusSeconds(1);
        received(append("a1", 0, part(content, 0)));
        now = now.plusSeconds(2);
        await(sweep.sweep());
        assertThat(await(attachments.find(key("a1"))))
                .as("a chunk gives it time")
                .isPresent();

        now = now.plus(Settings.EXPIRY);
        await(sweep.sweep());
        assertThat(await(attachments.find(key("a1")))).isEmpty();
        assertThat(objects()).isEmpty();
        assertThat(usage()).isZero();
    }

    @Test
    void theAttachmentsOfAConversationGoWithItButNotThoseOfTheNextOne() {
        upload("a1", "u1", content(10));
        begun(attachments.begin(wanted("a2", "u1", content(10), LIFE + 1)));
        await(attachments.noteEnding(key("a1").conversation()));
        await(attachments.noteEnding(key("a1").conversation()));
        assertThat(await(attachments.ended())).as("it may still be ending").isEmpty();
        now = now.plus(Duration.ofHours(1));
        assertThat(await(attachments.ended())).containsExactly(key("a1").conversation());
        await(attachments.removeOf(key("a1").conversation(), OptionalLong.of(LIFE + 1)));
        assertThat(await(attachments.ended())).isEmpty();
        assertThat(await(attachments.find(key("a1")))).isEmpty();
        assertThat(await(attachments.find(key("a2")))).isPresent();
        await(attachments.removeOf(key("a1").conversation(), OptionalLong.empty()));
        assertThat(await(attachments.find(key("a2")))).isEmpty();
        assertThat(usage()).isZero();
    }

    @Test
    void theAttachmentsOfATenantGoWithIt() {
        byte[] content = content(2 * CHUNK);
        upload("a1", "u1", content);
        start("a2", "u1", content(2 * CHUNK));
        received(append("a2", 0, content(CHUNK)));
        await(sweep.sweep());
        tenantIs(1, false);
        await(sweep.sweep());
        assertThat(read("a1")).as("it is there").isEqualTo(content);

        tenantIs(2, true);
        String deleted = tenant;
        tenant = deleted + "-neighbour";
        upload("a1", "u1", content(10));
        await(sweep.sweep());
        assertThat(objects()).as("another's").hasSize(1);
        tenant = deleted;
        assertThat(await(attachments.find(key("a1")))).isEmpty();
        assertThat(await(attachments.find(key("a2")))).isEmpty();
        assertThat(objects()).isEmpty();
        assertThat(usage()).isZero();
    }

    @Test
    void theAttachmentsOfATenantGoAFewAtATimeAndOnAnotherNodeTheRest() {
        for (int i = 0; i < 5; i++) {
            upload("a" + i, "u1", content(10));
        }
        tenantIs(1, true);
        await(attachments.removeOfDeletedTenants(3));
        assertThat(usage()).isEqualTo(2 * (AttachmentRows.ROW_BYTES + 10));
        another(1_000_000);
        await(sweep.sweep());
        assertThat(usage()).isZero();
        assertThat(objects()).isEmpty();

        upload("late", "u1", content(10)); // of a device that had not heard of it
        await(sweep.sweep());
        assertThat(objects()).isEmpty();
        tenantIs(2, false);
        upload("a0", "u1", content(10));
        await(sweep.sweep());
        assertThat(objects()).as("a tenant that was made again").hasSize(1);
    }

    private void tenantIs(long version, boolean deleted) {
        await(node.persistence.registryWriter().write(new TenantRow(tenant, "Acme", now, version, deleted)));
    }

    @Test
    void aConversationWithoutAttachmentsIsNotNoted() {
        await(attachments.noteEnding(new EntityId(tenant, "none")));
        now = now.plus(Duration.ofHours(1));
        assertThat(await(attachments.ended())).isEmpty();
    }

    @Test
    void whenTheStoreFailsNothingIsLost() {
        byte[] content = content(CHUNK);
        start("a1", "u1", content);
        blobs.failing = true;
        assertThatThrownBy(() -> append("a1", 0, content)).hasMessageContaining("No space left on device");
        blobs.failing = false;
        assertThat(received(append("a1", 0, content)).complete()).isTrue();
    }

    @Test
    void aStoreWithoutTheDatabasesContentsIsNotUsed() {
        upload("a1", "u1", content(10));
        var database = node.database();
        var elsewhere = new Blobs();
        var mark = new StoreMark(node.persistence.secrets(), elsewhere);
        var other = new JdbcAttachments(database, elsewhere, mark, Settings.with(CHUNK, 1_000_000), new Time());
        byte[] content = content(10);
        begun(other.begin(wanted("a2", "u1", content, LIFE)));
        assertThatThrownBy(() -> await(other.append(key("a2"), 0, content))).hasMessageContaining("no object");
        assertThat(elsewhere.objects).isEmpty();
        assertThatThrownBy(() -> mark.checkAtStart(true)).hasMessageContaining("share one directory");
        mark.checkAtStart(false);
        new StoreMark(node.persistence.secrets(), blobs).checkAtStart(true);
    }

    @Test
    void equalContentsThatEndAtTheSameTimeAreKeptOnce() {
        byte[] content = content(CHUNK);
        var all = new ArrayList<CompletionStage<AttachmentReply>>();
        for (int i = 0; i < 6; i++) {
            start("p" + i, "u1", content);
        }
        for (int i = 0; i < 6; i++) {
            all.add(attachments.append(key("p" + i), 0, content));
        }
        all.forEach(reply -> received(await(reply)));
        await(sweep.sweep());
        assertThat(objects()).hasSize(1);
        assertThat(usage()).isEqualTo(CHUNK + 6 * AttachmentRows.ROW_BYTES);
    }

    private AttachmentKey key(String id) {
        return new AttachmentKey(new EntityId(tenant, "c1"), id);
    }

    private NewAttachment wanted(String id, String uploader, byte[] content, long life) {
        String sha256 = Contents.sha256(content);
        return new NewAttachment(
                key(id),
                life,
                uploader,
                new Sealed("user:" + uploader, new byte[] {1, 2, 3}),
                "image/png",
                content.length,
                sha256,
                sha256.substring(0, 22));
    }

    private Begun start(String id, String uploader, byte[] content) {
        return begun(attachments.begin(wanted(id, uploader, content, LIFE)));
    }

    private Attachment upload(String id, String uploader, byte[] content) {
        var at = start(id, uploader, content).attachment();
        for (int chunk = 0; !at.complete(); chunk++) {
            at = received(append(id, (long) chunk * CHUNK, part(content, chunk)));
        }
        return at;
    }

    private AttachmentReply append(String id, long offset, byte[] chunk) {
        return await(attachments.append(key(id), offset, chunk));
    }

    private byte[] read(String id) {
        var content = await(attachments.content(key(id))).orElseThrow();
        var all = new ByteArrayOutputStream();
        while (all.size() < content.bytes()) {
            all.writeBytes(await(content.read(all.size())));
        }
        return all.toByteArray();
    }

    private List<String> objects() {
        return blobs.objects.keySet().stream()
                .filter(name -> name.startsWith("t-" + tenant + "/"))
                .toList();
    }

    private long usage() {
        return node.number("SELECT bytes FROM attachment_usage WHERE tenant = '" + tenant + "'");
    }

    private static Begun begun(CompletionStage<AttachmentReply> reply) {
        return (Begun) await(reply);
    }

    private static Attachment received(AttachmentReply reply) {
        return ((Received) reply).attachment();
    }

    private static ErrorCode refused(AttachmentReply reply) {
        return ((Refused) reply).code();
    }

    private static ErrorCode refused(CompletionStage<AttachmentReply> reply) {
        return refused(await(reply));
    }

    private static byte[] content(int bytes) {
        return Contents.random(bytes);
    }

    private static byte[] part(byte[] content, int chunk) {
        return Arrays.copyOfRange(content, chunk * CHUNK, Math.min(content.length, (chunk + 1) * CHUNK));
    }

    private final class Time extends Clock {

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    /** Objects in memory, which outlive the node. */
    private static final class Blobs implements BlobStore {

        final Map<String, byte[]> objects = new ConcurrentHashMap<>();
        volatile boolean failing;
        volatile boolean unreadable;
        volatile Runnable afterPut = () -> {};
        volatile CompletableFuture<Done> hold;
        volatile CompletableFuture<Done> held = new CompletableFuture<>();

        void awaitHeld() {
            await(held);
        }

        @Override
        public CompletionStage<Done> put(String name, byte[] bytes) {
            BlobStore.checked(name);
            if (name.startsWith("lanying-store/")) {
                objects.put(name, bytes);
                return CompletableFuture.completedFuture(Done.getInstance());
            }
            if (failing) {
                return CompletableFuture.failedFuture(new IOException("No space left on device"));
            }
            var until = hold;
            CompletionStage<Done> when = until == null ? CompletableFuture.completedFuture(Done.getInstance()) : until;
            if (until != null) {
                held.complete(Done.getInstance());
            }
            return when.thenApply(done -> {
                if (objects.putIfAbsent(name, bytes) != null) {
                    throw new IllegalStateException("an object is never changed");
                }
                afterPut.run();
                return done;
            });
        }

        @Override
        public CompletionStage<byte[]> read(String name, long offset, int length) {
            byte[] object = objects.get(name);
            if (unreadable && name.startsWith("t-")) {
                return CompletableFuture.failedFuture(new IOException("away"));
            }
            return object == null
                    ? CompletableFuture.failedFuture(new Missing(name))
                    : CompletableFuture.completedFuture(
                            Arrays.copyOfRange(object, (int) offset, (int) offset + length));
        }

        @Override
        public CompletionStage<Done> delete(String name) {
            objects.remove(name);
            return CompletableFuture.completedFuture(Done.getInstance());
        }

        @Override
        public void close() {}
    }
}
