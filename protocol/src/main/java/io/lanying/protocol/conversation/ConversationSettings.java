package io.lanying.protocol.conversation;

import io.lanying.protocol.Persisted;
import io.lanying.protocol.Remoted;
import java.util.Optional;

/**
 * What holds for everybody in a conversation. Roles are the least that may do a thing.
 *
 * @param mayInvite who may add members
 * @param mayChange who may change name and settings, and archive
 * @param editSeconds how long after posting its sender may edit a message; 0: never
 * @param recallSeconds how long after posting its sender, an admin or the owner may recall a message; 0: never
 * @param preview whether push vendors may show contents
 * @param receipts whether senders are told how far their messages have come; absent: they are
 */
public record ConversationSettings(
        MemberRole mayPost,
        MemberRole mayInvite,
        MemberRole mayChange,
        HistoryFrom history,
        long editSeconds,
        long recallSeconds,
        boolean preview,
        Optional<Boolean> receipts)
        implements Persisted, Remoted {

    /** A year: beyond it a window is as good as none. */
    public static final long MAX_WINDOW_SECONDS = 365L * 86_400;

    /** What a conversation has whose creator said nothing. */
    public static final ConversationSettings DEFAULT = new ConversationSettings(
            MemberRole.MEMBER, MemberRole.ADMIN, MemberRole.ADMIN, HistoryFrom.JOINING, 86_400, 86_400, true);

    /** With receipts, as by default. */
    public ConversationSettings(
            MemberRole mayPost,
            MemberRole mayInvite,
            MemberRole mayChange,
            HistoryFrom history,
            long editSeconds,
            long recallSeconds,
            boolean preview) {
        this(mayPost, mayInvite, mayChange, history, editSeconds, recallSeconds, preview, Optional.empty());
    }

    /** Whether senders are told how far their messages have come. */
    public boolean givesReceipts() {
        return receipts.orElse(true);
    }
}
