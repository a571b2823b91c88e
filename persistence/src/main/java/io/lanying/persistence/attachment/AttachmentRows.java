package io.lanying.persistence.attachment;

import io.lanying.protocol.EntityId;
import io.lanying.protocol.attachment.Attachment;
import io.lanying.protocol.attachment.AttachmentKey;
import io.lanying.protocol.attachment.NewAttachment;
import io.lanying.protocol.sealing.Sealed;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * The tables of attachments, by SQL that both databases understand. Each method is part of its caller's transaction. Rows are
 * locked in one order: attachment, content, usage.
 */
final class AttachmentRows {

    /** What the row of an attachment takes of a tenant's bytes, so that small ones are not free. */
    static final long ROW_BYTES = 4096;

    private static final String FIND = "SELECT a.tenant, a.conversation_id, a.attachment_id, a.life_ms, a.uploader_id,"
            + " a.name_subject, a.name_box, a.content_type, c.bytes, a.sha256, c.chunk_bytes, c.received, a.complete,"
            + " a.created_at_ms, a.expires_at_ms, a.fingerprint, a.content_id"
            + " FROM attachment a JOIN attachment_content c ON c.content_id = a.content_id";
    private static final String KEY =
            " WHERE tenant = :tenant AND conversation_id = :conversation AND attachment_id = :attachment";

    private final Handle handle;

    AttachmentRows(Handle handle) {
        this.handle = handle;
    }

    /** An attachment with what is nobody's business outside. */
    record Row(Attachment attachment, String fingerprint, String contentId) {

        AttachmentKey key() {
            return attachment.key();
        }

        /** Whether the other is still the upload that this one was. */
        boolean isSameUpload(Row other) {
            return contentId.equals(other.contentId);
        }
    }

    Optional<Row> find(AttachmentKey key) {
        return keyed(
                        handle.createQuery(FIND
                                + " WHERE a.tenant = :tenant AND a.conversation_id = :conversation"
                                + " AND a.attachment_id = :attachment"),
                        key)
                .map((row, context) -> row(row))
                .findOne();
    }

    /** The same, held against others until the transaction ends. */
    Optional<Row> hold(AttachmentKey key) {
        return keyed(handle.createQuery("SELECT 1 FROM attachment" + KEY + " FOR UPDATE"), key)
                        .mapTo(Integer.class)
                        .findOne()
                        .isEmpty()
                ? Optional.empty()
                : find(key);
    }

    void insert(NewAttachment wanted, String contentId, int chunkBytes, Instant now, Instant expiresAt) {
        handle.createUpdate("INSERT INTO attachment_content (content_id, tenant, bytes, chunk_bytes, received)"
                        + " VALUES (:content, :tenant, :bytes, :chunk, 0)")
                .bind("content", contentId)
                .bind("tenant", wanted.key().tenant())
                .bind("bytes", wanted.bytes())
                .bind("chunk", chunkBytes)
                .execute();
        keyed(
                        handle.createUpdate("INSERT INTO attachment (tenant, conversation_id, attachment_id, life_ms,"
                                + " uploader_id, name_subject, name_box, content_type, sha256, fingerprint, content_id,"
                                + " complete, created_at_ms, expires_at_ms) VALUES (:tenant, :conversation, :attachment,"
                                + " :life, :uploader, :subject, :box, :type, :sha256, :fingerprint, :content, FALSE,"
                                + " :now, :expires)"),
                        wanted.key())
                .bind("life", wanted.life())
                .bind("uploader", wanted.uploaderId())
                .bind("subject", wanted.name().subject())
                .bind("box", wanted.name().box())
                .bind("type", wanted.contentType())
                .bind("sha256", wanted.sha256())
                .bind("fingerprint", wanted.fingerprint())
                .bind("content", contentId)
                .bind("now", now.toEpochMilli())
                .bind("expires", expiresAt.toEpochMilli())
                .execute();
    }

    /** Makes an object that was put the chunk at this offset; false if another one is, or the object is garbage by now. */
    boolean count(Row row, long offset, int length, String object, Instant now, Instant expiresAt) {
        boolean next = handle.createUpdate("UPDATE attachment_content SET received = received + :length"
                                + " WHERE content_id = :content AND received = :offset")
                        .bind("content", row.contentId())
                        .bind("offset", offset)
                        .bind("length", length)
                        .execute()
                == 1;
        boolean there = next
                && handle.createUpdate("DELETE FROM attachment_garbage WHERE object = :object AND due_ms > :now")
                                .bind("object", object)
                                .bind("now", now.toEpochMilli())
                                .execute()
                        == 1;
        if (!there) {
            return false;
        }
        handle.createUpdate("INSERT INTO attachment_chunk (content_id, number, object)"
                        + " VALUES (:content, :number, :object)")
                .bind("content", row.contentId())
                .bind("number", (int) (offset / row.attachment().chunkBytes()))
                .bind("object", object)
                .execute();
        keyed(
                        handle.createUpdate(
                                "UPDATE attachment SET expires_at_ms = :expires" + KEY + " AND NOT complete"),
                        row.key())
                .bind("expires", expiresAt.toEpochMilli())
                .execute();
        return true;
    }

    /** The objects of a content, in order. */
    List<String> objects(String contentId) {
        return handle.createQuery("SELECT object FROM attachment_chunk WHERE content_id = :content ORDER BY number")
                .bind("content", contentId)
                .mapTo(String.class)
                .list();
    }

    /** The tenant's verified content with this hash, held; it cannot go while it is. */
    Optional<String> holdVerified(String tenant, String sha256) {
        return handle.createQuery(
                        "SELECT content_id FROM attachment_content WHERE tenant = :tenant AND sha256 = :sha256"
                                + " FOR UPDATE")
                .bind("tenant", tenant)
                .bind("sha256", sha256)
                .mapTo(String.class)
                .findOne();
    }

    void verified(String contentId, String sha256) {
        handle.createUpdate("UPDATE attachment_content SET sha256 = :sha256 WHERE content_id = :content")
                .bind("content", contentId)
                .bind("sha256", sha256)
                .execute();
    }

    void complete(AttachmentKey key, String contentId) {
        keyed(
                        handle.createUpdate(
                                "UPDATE attachment SET complete = TRUE, expires_at_ms = NULL, content_id = :content"
                                        + KEY),
                        key)
                .bind("content", contentId)
                .execute();
    }

    /** Removes an attachment that is held, and its content if it was the last that refers to it. */
    void remove(Row row, Instant now) {
        holdContent(row.contentId());
        keyed(handle.createUpdate("DELETE FROM attachment" + KEY), row.key()).execute();
        long freed = ROW_BYTES + discardIfUnused(row.contentId(), now);
        release(row.key().tenant(), freed);
    }

    private void holdContent(String contentId) {
        handle.createQuery("SELECT 1 FROM attachment_content WHERE content_id = :content FOR UPDATE")
                .bind("content", contentId)
                .mapTo(Integer.class)
                .list();
    }

    /** Makes garbage of a content that nobody refers to; how many bytes it was. */
    long discardIfUnused(String contentId, Instant now) {
        boolean used = handle.createQuery("SELECT COUNT(*) FROM attachment WHERE content_id = :content")
                        .bind("content", contentId)
                        .mapTo(Long.class)
                        .one()
                > 0;
        if (used) {
            return 0;
        }
        handle.createUpdate("INSERT INTO attachment_garbage (object, due_ms)"
                        + " SELECT object, :now FROM attachment_chunk WHERE content_id = :content")
                .bind("content", contentId)
                .bind("now", now.toEpochMilli())
                .execute();
        handle.createUpdate("DELETE FROM attachment_chunk WHERE content_id = :content")
                .bind("content", contentId)
                .execute();
        long bytes = handle.createQuery("SELECT bytes FROM attachment_content WHERE content_id = :content")
                .bind("content", contentId)
                .mapTo(Long.class)
                .findOne()
                .orElse(0L);
        handle.createUpdate("DELETE FROM attachment_content WHERE content_id = :content")
                .bind("content", contentId)
                .execute();
        return bytes;
    }

    /** Takes so much of a tenant's share; false if it has not got as much. */
    boolean reserve(String tenant, long bytes, long most) {
        int taken = handle.createUpdate("UPDATE attachment_usage SET bytes = bytes + :bytes"
                        + " WHERE tenant = :tenant AND bytes + :bytes <= :most")
                .bind("tenant", tenant)
                .bind("bytes", bytes)
                .bind("most", most)
                .execute();
        if (taken == 1) {
            return true;
        }
        boolean known = handle.createQuery("SELECT COUNT(*) FROM attachment_usage WHERE tenant = :tenant")
                        .bind("tenant", tenant)
                        .mapTo(Long.class)
                        .one()
                > 0;
        if (known || bytes > most) {
            return false;
        }
        handle.createUpdate("INSERT INTO attachment_usage (tenant, bytes) VALUES (:tenant, :bytes)")
                .bind("tenant", tenant)
                .bind("bytes", bytes)
                .execute();
        return true;
    }

    void release(String tenant, long bytes) {
        handle.createUpdate("UPDATE attachment_usage SET bytes = bytes - :bytes WHERE tenant = :tenant")
                .bind("tenant", tenant)
                .bind("bytes", bytes)
                .execute();
    }

    List<AttachmentKey> ofTenant(String tenant, int limit) {
        return handle.createQuery("SELECT tenant, conversation_id, attachment_id FROM attachment"
                        + " WHERE tenant = :tenant LIMIT :limit")
                .bind("tenant", tenant)
                .bind("limit", limit)
                .map((row, context) -> key(row))
                .list();
    }

    List<AttachmentKey> ofUploader(String tenant, String uploaderId, int limit) {
        return handle.createQuery("SELECT tenant, conversation_id, attachment_id FROM attachment"
                        + " WHERE tenant = :tenant AND uploader_id = :uploader LIMIT :limit")
                .bind("tenant", tenant)
                .bind("uploader", uploaderId)
                .bind("limit", limit)
                .map((row, context) -> key(row))
                .list();
    }

    /** @param butOf the life of which none are wanted */
    List<AttachmentKey> ofConversation(EntityId conversation, long butOf, int limit) {
        return handle.createQuery(
                        "SELECT tenant, conversation_id, attachment_id FROM attachment"
                                + " WHERE tenant = :tenant AND conversation_id = :conversation AND life_ms <> :but LIMIT :limit")
                .bind("tenant", conversation.tenant())
                .bind("conversation", conversation.id())
                .bind("but", butOf)
                .bind("limit", limit)
                .map((row, context) -> key(row))
                .list();
    }

    private static <S extends SqlStatement<S>> S keyed(S statement, AttachmentKey key) {
        return conversation(statement, key.conversation()).bind("attachment", key.attachmentId());
    }

    static <S extends SqlStatement<S>> S conversation(S statement, EntityId conversation) {
        return statement.bind("tenant", conversation.tenant()).bind("conversation", conversation.id());
    }

    static AttachmentKey key(ResultSet row) throws SQLException {
        return new AttachmentKey(
                new EntityId(row.getString("tenant"), row.getString("conversation_id")),
                row.getString("attachment_id"));
    }

    private static Row row(ResultSet row) throws SQLException {
        long expires = row.getLong("expires_at_ms");
        Optional<Instant> expiresAt = row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(expires));
        var attachment = new Attachment(
                key(row),
                row.getLong("life_ms"),
                row.getString("uploader_id"),
                new Sealed(row.getString("name_subject"), row.getBytes("name_box")),
                row.getString("content_type"),
                row.getLong("bytes"),
                row.getString("sha256"),
                row.getInt("chunk_bytes"),
                row.getLong("received"),
                row.getBoolean("complete"),
                Instant.ofEpochMilli(row.getLong("created_at_ms")),
                expiresAt);
        return new Row(attachment, row.getString("fingerprint"), row.getString("content_id"));
    }
}
