package io.lanying.protocol.conversation;

import io.lanying.protocol.Remoted;
import java.util.Optional;

/** Some of {@link ConversationSettings}; what is absent stays as it is. */
public record SettingsChange(
        Optional<MemberRole> mayPost,
        Optional<MemberRole> mayInvite,
        Optional<MemberRole> mayChange,
        Optional<HistoryFrom> history,
        Optional<Long> editSeconds,
        Optional<Long> recallSeconds,
        Optional<Boolean> preview,
        Optional<Boolean> receipts)
        implements Remoted {

    /** Says nothing of receipts. */
    public SettingsChange(
            Optional<MemberRole> mayPost,
            Optional<MemberRole> mayInvite,
            Optional<MemberRole> mayChange,
            Optional<HistoryFrom> history,
            Optional<Long> editSeconds,
            Optional<Long> recallSeconds,
            Optional<Boolean> preview) {
        this(mayPost, mayInvite, mayChange, history, editSeconds, recallSeconds, preview, Optional.empty());
    }

    /** The settings after this change. */
    public ConversationSettings applyTo(ConversationSettings before) {
        return new ConversationSettings(
                mayPost.orElse(before.mayPost()),
                mayInvite.orElse(before.mayInvite()),
                mayChange.orElse(before.mayChange()),
                history.orElse(before.history()),
                editSeconds.orElse(before.editSeconds()),
                recallSeconds.orElse(before.recallSeconds()),
                preview.orElse(before.preview()),
                receipts.or(before::receipts));
    }
}
