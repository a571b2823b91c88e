package io.lanying.protocol.registry;

import java.time.Instant;

/**
 * A member of a conversation, or one that was, as lists of a user's conversations see it.
 *
 * @param version the conversation's event behind this row: an older row never replaces a newer one
 * @param gone the user is no member any more, or the conversation is no more
 * @param changedAt when the row was written
 */
public record MemberRow(
        String tenant, String userId, String conversationId, long version, boolean gone, Instant changedAt) {}
