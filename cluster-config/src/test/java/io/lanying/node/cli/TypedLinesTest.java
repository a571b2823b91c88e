package io.lanying.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.protocol.wire.ClientFrame;
import io.lanying.protocol.wire.ServerFrame;
import java.io.BufferedReader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TypedLinesTest {

    private final List<String> said = new ArrayList<>();
    private final List<String> printed = new ArrayList<>();

    @Test
    void eachLineIsAMessageAndTheEndOfTheInputTheEnd() throws Exception {
        assertThat(typing("hello\n\n  \nhow are you?\n").sendAll()).isTrue();

        assertThat(said).containsExactly("hello", "how are you?");
        assertThat(printed).containsExactly("sent c1~1", "sent c1~2");
    }

    @Test
    void whatIsRefusedOrTooLongIsSaidAndTheRestGoesOn() throws Exception {
        assertThat(typing("no\n" + "x".repeat(10_001) + "\nyes\n").sendAll()).isFalse();

        assertThat(said).containsExactly("no", "yes");
        assertThat(printed)
                .containsExactly(
                        "not sent: notAMember", "not sent: longer than 10000 characters or 16 KiB", "sent c1~2");
    }

    private TypedLines typing(String input) {
        Talker[] talker = new Talker[1];
        talker[0] = new Talker(frame -> {
            ClientFrame.Send send = (ClientFrame.Send) frame;
            said.add(send.content().path("text").asText());
            talker[0].came(
                    said.get(said.size() - 1).equals("no")
                            ? new ServerFrame.Reply(send.ref(), false, null, null, "notAMember")
                            : new ServerFrame.Reply(send.ref(), true, "c1~" + said.size(), (long) said.size(), null));
            return true;
        });
        return new TypedLines(new BufferedReader(new StringReader(input)), talker[0], "c1", printed::add);
    }
}
