package io.lanying.persistence.attachment;

import io.lanying.protocol.EntityId;
import io.lanying.protocol.attachment.AttachmentKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** What is left to be done about attachments, as rows, so that a crash forgets none of it. Part of its caller's transaction. */
final class AttachmentChores {

    private final Handle handle;

    AttachmentChores(Handle handle) {
        this.handle = handle;
    }

    /** Notes an object that is about to be put: it is garbage unless it counts by then. */
    void putting(String object, Instant garbageFrom) {
        handle.createUpdate("INSERT INTO attachment_garbage (object, due_ms) VALUES (:object, :due)")
                .bind("object", object)
                .bind("due", garbageFrom.toEpochMilli())
                .execute();
    }

    /** The object was put for nothing. */
    void putForNothing(String object, Instant now) {
        handle.createUpdate("UPDATE attachment_garbage SET due_ms = :now WHERE object = :object")
                .bind("object", object)
                .bind("now", now.toEpochMilli())
                .execute();
    }

    List<AttachmentKey> expired(Instant now, int limit) {
        return handle.createQuery("SELECT tenant, conversation_id, attachment_id FROM attachment"
                        + " WHERE expires_at_ms <= :now ORDER BY expires_at_ms LIMIT :limit")
                .bind("now", now.toEpochMilli())
                .bind("limit", limit)
                .map((row, context) -> AttachmentRows.key(row))
                .list();
    }

    /** Of tenants that were deleted. Looks at no other tenant's attachments. */
    List<AttachmentKey> ofDeletedTenants(int limit) {
        var keys = new ArrayList<AttachmentKey>();
        var tenants = handle.createQuery("SELECT u.tenant FROM attachment_usage u"
                        + " JOIN tenant_registry t ON t.tenant = u.tenant"
                        + " WHERE t.deleted AND u.bytes > 0 ORDER BY u.tenant LIMIT :limit")
                .bind("limit", limit)
                .mapTo(String.class)
                .list();
        for (String tenant : tenants) {
            if (keys.size() < limit) {
                keys.addAll(new AttachmentRows(handle).ofTenant(tenant, limit - keys.size()));
            }
        }
        return keys;
    }

    /** Whether the tenant was, and not made again. */
    boolean isDeleted(String tenant) {
        return handle.createQuery("SELECT COUNT(*) FROM tenant_registry WHERE tenant = :tenant AND deleted")
                        .bind("tenant", tenant)
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    List<String> garbage(Instant now, int limit) {
        return handle.createQuery(
                        "SELECT object FROM attachment_garbage WHERE due_ms <= :now ORDER BY due_ms LIMIT :limit")
                .bind("now", now.toEpochMilli())
                .bind("limit", limit)
                .mapTo(String.class)
                .list();
    }

    void removed(String object) {
        handle.createUpdate("DELETE FROM attachment_garbage WHERE object = :object")
                .bind("object", object)
                .execute();
    }

    /** Notes that a conversation may end, if it has attachments; known already: it is looked at from the later time on. */
    void ending(EntityId conversation, Instant due) {
        int noted = AttachmentRows.conversation(
                        handle.createUpdate("UPDATE attachment_ending SET due_ms = :due"
                                + " WHERE tenant = :tenant AND conversation_id = :conversation"),
                        conversation)
                .bind("due", due.toEpochMilli())
                .execute();
        if (noted == 0
                && !new AttachmentRows(handle)
                        .ofConversation(conversation, Long.MIN_VALUE, 1)
                        .isEmpty()) {
            AttachmentRows.conversation(
                            handle.createUpdate("INSERT INTO attachment_ending (tenant, conversation_id, due_ms)"
                                    + " VALUES (:tenant, :conversation, :due)"),
                            conversation)
                    .bind("due", due.toEpochMilli())
                    .execute();
        }
    }

    void endingDone(EntityId conversation) {
        AttachmentRows.conversation(
                        handle.createUpdate("DELETE FROM attachment_ending"
                                + " WHERE tenant = :tenant AND conversation_id = :conversation"),
                        conversation)
                .execute();
    }

    List<EntityId> endings(Instant now, int limit) {
        return handle.createQuery("SELECT tenant, conversation_id FROM attachment_ending"
                        + " WHERE due_ms <= :now ORDER BY due_ms LIMIT :limit")
                .bind("now", now.toEpochMilli())
                .bind("limit", limit)
                .map((row, context) -> new EntityId(row.getString("tenant"), row.getString("conversation_id")))
                .list();
    }
}
