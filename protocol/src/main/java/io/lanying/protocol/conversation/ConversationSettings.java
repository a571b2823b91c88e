package io.lanying.protocol.conversation;

import io.lanying.protocol.Persisted;
import io.lanying.protocol.Remoted;

/**
 * What holds for everybody in a conversation. Roles are the least that may do a thing.
 *
 * @param mayInvite who may add members
 * @param mayChange who may change name and settings, and archive
 * @param editSeconds how long after posting its sender may edit a message; 0: never
 * @param recallSeconds how long after posting its sender, an admin or the owner may recall a message; 0: never
 * @param preview whether push vendors may show contents
 */
public record ConversationSettings(
        MemberRole mayPost,
        MemberRole mayInvite,
        MemberRole mayChange,
        HistoryFrom history,
        long editSeconds,
        long recallSeconds,
        boolean preview)
        implements Persisted, Remoted {

    /** A year: beyond it a window is as good as none. */
    public static final long MAX_WINDOW_SECONDS = 365L * 86_400;

    /** What a conversation has whose creator said nothing. */
    public static final ConversationSettings DEFAULT = new ConversationSettings(
            MemberRole.MEMBER, MemberRole.ADMIN, MemberRole.ADMIN, HistoryFrom.JOINING, 86_400, 86_400, true);
}
