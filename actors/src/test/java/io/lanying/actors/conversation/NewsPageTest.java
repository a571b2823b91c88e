package io.lanying.actors.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.protocol.conversation.Alert;
import io.lanying.protocol.conversation.ConversationEvent;
import io.lanying.protocol.conversation.ConversationEvent.MessageEdited;
import io.lanying.protocol.conversation.ConversationEvent.MessagePosted;
import io.lanying.protocol.conversation.ConversationEvent.MessageRecalled;
import io.lanying.protocol.conversation.MessageType;
import io.lanying.protocol.conversation.Notice;
import io.lanying.protocol.conversation.PushMode;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.journal.JournalEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each member is told, and how loudly. */
class NewsPageTest {

    private static final Instant AT = ConversationRig.NOW;

    private final List<JournalEvent> events = new ArrayList<>();
    private long eventSeq = 10;
    private long messageSeq;

    @ParameterizedTest
    @CsvSource({
        "text,  false, ,   all,      ALERT",
        "text,  false, ,   mentions, NONE",
        "text,  false, ,   none,     NONE",
        "text,  false, u2, all,      MENTION",
        "text,  false, u2, mentions, MENTION",
        "text,  false, *,  mentions, MENTION",
        "text,  false, u3, mentions, NONE",
        "text,  false, u2, none,     NONE",
        "text,  true,  u2, all,      NONE",
        "command, false, u2, all,    NONE"
    })
    void theMembersModeAndTheMessageDecideTheAlert(
            String type, boolean silent, String mention, String push, Alert alert) {
        post("u1", type, silent, mention, "hi");
        var mode = PushMode.of(push);
        assertThat(notices("u2", mode))
                .singleElement()
                .extracting(Notice::alert)
                .isEqualTo(alert);
        assertThat(notices("u1", PushMode.ALL))
                .as("the sender's own devices")
                .singleElement()
                .extracting(Notice::alert)
                .isEqualTo(Alert.OWN);
    }

    @Test
    void messagesInARowThatAreAlikeAreOneNotice() {
        post("u1", "text", false, null, "a");
        post("u3", "text", false, null, "b");
        post("u1", "text", true, null, "c");
        change(new MessageRecalled(AT, 1, Optional.empty()));
        post("u1", "text", true, null, "d");
        change(new MessageEdited(AT, 2, 3, "u3", "f", ConversationRig.content("e"), List.of()));
        var notices = notices("u2", PushMode.ALL);
        assertThat(notices)
                .extracting(Notice::kind)
                .containsExactly(ItemKind.MESSAGE, ItemKind.MESSAGE, ItemKind.RECALL, ItemKind.MESSAGE, ItemKind.EDIT);
        assertThat(notices.get(0).fromSeq()).isEqualTo(1);
        assertThat(notices.get(0).toSeq()).isEqualTo(2);
        assertThat(notices.get(0).eventSeq()).as("of the last").isEqualTo(12);
        assertThat(notices.get(0).messages()).hasSize(2);
        assertThat(notices.get(2))
                .extracting(Notice::fromSeq, Notice::toSeq, Notice::version)
                .containsExactly(1L, 1L, 0);
        assertThat(notices.get(4))
                .extracting(Notice::fromSeq, Notice::version, Notice::alert)
                .containsExactly(2L, 3, Alert.NONE);
    }

    @Test
    void onlyItsOwnTimeIsTold() {
        post("u1", "text", false, null, "a");
        post("u1", "text", false, null, "b");
        post("u1", "text", false, null, "c");
        change(new MessageRecalled(AT, 1, Optional.empty()));
        var page = page();
        assertThat(page.newsFor("g1", new NewsPage.Reader("u2", PushMode.ALL, 11, 13, 1))
                        .orElseThrow()
                        .notices())
                .singleElement()
                .satisfies(notice -> {
                    assertThat(notice.fromSeq()).isEqualTo(2);
                    assertThat(notice.toSeq()).isEqualTo(3);
                });
        assertThat(page.newsFor("g1", new NewsPage.Reader("u2", PushMode.ALL, 13, 14, 3)))
                .as("a recall of a message from before it joined")
                .isEmpty();
        assertThat(page.newsFor("g1", new NewsPage.Reader("u2", PushMode.ALL, 10, 12, 0))
                        .orElseThrow()
                        .upTo())
                .isEqualTo(12);
    }

    @Test
    void onlySmallContentsGoAlongAndNotTooManyOfThem() {
        post("u1", "text", false, null, "x".repeat(NewsPage.SMALL_BYTES + 1));
        post("u1", "text", false, null, "small");
        assertThat(notices("u2", PushMode.ALL).get(0).messages())
                .singleElement()
                .satisfies(message -> assertThat(message.messageSeq()).isEqualTo(2));
        for (int i = 0; i < 20; i++) {
            post("u1", "text", false, null, "y".repeat(NewsPage.SMALL_BYTES));
        }
        var messages = notices("u2", PushMode.ALL).get(0).messages();
        assertThat(messages.stream()
                        .mapToInt(message -> message.content().orElseThrow().bytes())
                        .sum())
                .isLessThanOrEqualTo(NewsPage.INLINE_BYTES);
        assertThat(messages).hasSizeGreaterThan(10);
    }

    private List<Notice> notices(String userId, PushMode push) {
        return page().newsFor("g1", new NewsPage.Reader(userId, push, 10, Long.MAX_VALUE, 0))
                .orElseThrow()
                .notices();
    }

    private NewsPage page() {
        return NewsPage.of("g1", 10, eventSeq, events, state());
    }

    private static ConversationState state() {
        return ConversationState.initial()
                .apply(new ConversationEvent.ConversationCreated(
                        AT,
                        io.lanying.protocol.conversation.ConversationType.GROUP,
                        Optional.empty(),
                        io.lanying.protocol.conversation.ConversationSettings.DEFAULT,
                        List.of(),
                        "k",
                        "f"));
    }

    private void post(String sender, String type, boolean silent, String mention, String text) {
        change(new MessagePosted(
                AT,
                ++messageSeq,
                sender,
                "c" + messageSeq,
                "f",
                MessageType.of(type),
                ConversationRig.content(text),
                mention == null ? List.of() : List.of(mention),
                Optional.empty(),
                silent,
                0));
    }

    private void change(ConversationEvent event) {
        events.add(new JournalEvent(++eventSeq, event));
    }
}
