package io.lanying.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.protocol.wire.ClientFrame;
import io.lanying.protocol.wire.ServerFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class TalkerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<ClientFrame.Send> frames = new ArrayList<>();

    @Test
    void whatIsAnsweredIsSaidOnce() throws Exception {
        Talker talker = talking((talking, frame) -> talking.came(ok(frame, 7)));

        assertThat(talker.say("c1", "hello", PATIENCE))
                .hasValueSatisfying(reply -> assertThat(reply.messageId()).isEqualTo("c1~7"));
        assertThat(frames).hasSize(1);
        assertThat(frames.get(0).content().path("text").asText()).isEqualTo("hello");
    }

    @Test
    void whatCannotBeTakenNowIsTheSameMessageAgain() throws Exception {
        Talker talker = talking((talking, frame) ->
                talking.came(frames.size() == 1 ? refused(frame.ref(), "unavailable") : ok(frame, 1)));

        assertThat(talker.say("c1", "hello", PATIENCE))
                .hasValueSatisfying(reply -> assertThat(reply.ok()).isTrue());
        assertThat(frames).hasSize(2);
        assertThat(frames.get(1)).isEqualTo(frames.get(0));
    }

    @Test
    void aRefusalIsTheEnd() throws Exception {
        Talker talker = talking((talking, frame) -> talking.came(refused(frame.ref(), "notAMember")));

        assertThat(talker.say("c1", "hello", PATIENCE))
                .hasValueSatisfying(reply -> assertThat(reply.code()).isEqualTo("notAMember"));
        assertThat(frames).hasSize(1);
    }

    @Test
    void anAnswerToSomethingElseIsNone() throws Exception {
        Talker talker = talking((talking, frame) -> {
            talking.came(refused(frame.ref() - 1, "notFound"));
            talking.came(ok(frame, frames.size()));
        });

        talker.say("c1", "one", PATIENCE);
        assertThat(talker.say("c1", "two", PATIENCE))
                .hasValueSatisfying(reply -> assertThat(reply.ref()).isEqualTo(2));
        assertThat(frames).extracting(ClientFrame.Send::clientMessageId).doesNotHaveDuplicates();
    }

    @Test
    void withoutAConnectionNobodyAnswers() throws Exception {
        assertThat(new Talker(frame -> false).say("c1", "hello", Duration.ofMillis(100)))
                .isEmpty();
    }

    @Test
    void textsBeyondTheServersLimitsDoNotFit() {
        assertThat(Talker.fits("你".repeat(5_000))).isTrue();
        assertThat(Talker.fits("x".repeat(10_000))).isTrue();
        assertThat(Talker.fits("x".repeat(10_001))).isFalse();
        assertThat(Talker.fits("你".repeat(6_000))).as("more than 16 KiB").isFalse();
    }

    private Talker talking(BiConsumer<Talker, ClientFrame.Send> server) {
        Talker[] talker = new Talker[1];
        talker[0] = new Talker(frame -> {
            frames.add((ClientFrame.Send) frame);
            server.accept(talker[0], (ClientFrame.Send) frame);
            return true;
        });
        return talker[0];
    }

    private static ServerFrame.Reply ok(ClientFrame.Send frame, long messageSeq) {
        return new ServerFrame.Reply(frame.ref(), true, frame.conversationId() + "~" + messageSeq, messageSeq, null);
    }

    private static ServerFrame.Reply refused(long ref, String code) {
        return new ServerFrame.Reply(ref, false, null, null, code);
    }
}
