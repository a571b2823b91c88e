package io.lanying.protocol.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageRefTest {

    @Test
    void aMessagesIdIsOne() {
        assertThat(MessageRef.isMessageId(new MessageRef("team", 1, 1).messageId()))
                .isTrue();
        assertThat(MessageRef.isMessageId("d~abc~12")).isTrue();
        assertThat(MessageRef.isMessageId("x".repeat(64) + "~1")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "~", "~1", "team", "team~", "team~0", "team~01", "team~x", "a b~1", "a/b~1", "team~-1"})
    void anythingElseIsNot(String id) {
        assertThat(MessageRef.isMessageId(id)).isFalse();
    }

    @Test
    void noLongerThanItsPartsMayBe() {
        assertThat(MessageRef.isMessageId("x".repeat(65) + "~1")).isFalse();
        assertThat(MessageRef.isMessageId("team~" + "9".repeat(19))).isFalse();
    }
}
