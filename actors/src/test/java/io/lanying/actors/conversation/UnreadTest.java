package io.lanying.actors.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.protocol.conversation.ConversationCommand.Create;
import io.lanying.protocol.conversation.ConversationEvent;
import io.lanying.protocol.conversation.ConversationEvent.MessagePosted;
import io.lanying.protocol.conversation.ConversationEvent.MessageRecalled;
import io.lanying.protocol.conversation.ConversationSettings;
import io.lanying.protocol.conversation.ConversationType;
import io.lanying.protocol.conversation.MemberRole;
import io.lanying.protocol.conversation.MessageType;
import io.lanying.protocol.conversation.NewMember;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UnreadTest {

    private static final int MESSAGES = 20_000;
    private static final int MEMBERS = 10_000;

    /** With each message all members are counted for. A look at each recall takes seconds for that. */
    @Test
    void whoNeverReadsIsCountedForInNoTimeHoweverMuchWasRecalled() {
        var created = new LifeDecisions(ConversationState.initial(), ConversationRig.NOW)
                .create(new Create(
                        ConversationType.GROUP,
                        Optional.empty(),
                        ConversationSettings.DEFAULT,
                        List.of(new NewMember("u1", MemberRole.OWNER), new NewMember("u2", MemberRole.MEMBER)),
                        "k",
                        "f",
                        null));
        var state = ConversationState.initial().applyAll(created.events());
        for (long seq = 1; seq <= MESSAGES; seq++) {
            state = state.apply(posted(seq));
            state = state.apply(new MessageRecalled(ConversationRig.NOW, seq, Optional.empty()));
        }
        state = state.apply(posted(MESSAGES + 1));
        var reader = state.roster().member("u2").orElseThrow();
        long began = System.nanoTime();
        for (int i = 0; i < MEMBERS; i++) {
            assertThat(Unread.count(state, reader, 0)).isEqualTo(1);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
    }

    private static ConversationEvent posted(long seq) {
        return new MessagePosted(
                ConversationRig.NOW,
                seq,
                "u1",
                "c" + seq,
                "f",
                MessageType.TEXT,
                ConversationRig.content("hi"),
                List.of(),
                Optional.empty(),
                false,
                0);
    }
}
