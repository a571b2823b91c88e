package io.lanying.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameCodecTest {

    private static final FrameCodec JSON = FrameCodec.of(FrameFormat.JSON);
    private static final ItemHead HEAD =
            new ItemHead(42, "n1~d1", "n1~d1", "push", Instant.parse("2026-11-20T15:04:05.678999Z"), null);

    @ParameterizedTest
    @EnumSource(FrameFormat.class)
    void anItemWrittenRoundRawBytesReadsAsTheItem(FrameFormat format) throws Exception {
        FrameCodec codec = FrameCodec.of(format);
        assertThat(codec.readServer(codec.writeItem(HEAD, utf8(Frames.body().toString()))))
                .contains(Frames.item());
    }

    @Test
    void inJsonTheBodysBytesAreCopiedAsTheyAre() {
        String odd = "{ \"big\" : 1234567890123456789012345678901234567890.50 }";
        assertThat(new String(JSON.writeItem(HEAD, utf8(odd)), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"t\":\"item\",\"itemSeq\":42,\"id\":\"n1~d1\",\"notificationId\":\"n1~d1\",\"kind\":\"push\","
                                + "\"at\":\"2026-11-20T15:04:05.678Z\",\"body\":" + odd + "}");
    }

    @Test
    void aBodyLongerThanTheGeneratorsBufferIsCopiedWhole() throws Exception {
        String body = "{\"x\":\"" + "é".repeat(30_000) + "\"}";
        assertThat(JSON.readServer(JSON.writeItem(HEAD, utf8(body))))
                .get()
                .extracting(frame -> ((ServerFrame.Item) frame).body().toString())
                .isEqualTo(body);
    }

    @Test
    void aBodyThatIsNotJsonIsRefusedInCbor() {
        assertThatThrownBy(() -> FrameCodec.of(FrameFormat.CBOR).writeItem(HEAD, utf8("{\"a\":")))
                .isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void unknownFieldsAreIgnoredAndUnknownTypesAreEmpty() throws Exception {
        assertThat(JSON.readClient(utf8("{\"t\":\"ack\",\"new\":{\"a\":[1]},\"itemSeq\":3}")))
                .contains(new ClientFrame.Ack(3));
        assertThat(JSON.readClient(utf8("{\"t\":\"dance\",\"x\":1}"))).isEmpty();
        assertThat(JSON.readServer(utf8("{\"t\":\"dance\",\"kind\":\"typing\"}")))
                .isEmpty();
    }

    @Test
    void theTypeNeedNotComeFirstWhenRead() throws Exception {
        assertThat(JSON.readClient(utf8("{\"itemSeq\":3,\"t\":\"ack\"}"))).contains(new ClientFrame.Ack(3));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "7",
                "{}",
                "{\"t\":null}",
                "{\"t\":\"ack\"}",
                "{\"t\":\"ack\",\"itemSeq\":null}",
                "{\"t\":\"ack\",\"itemSeq\":\"3\"}",
                "{\"t\":\"ack\",\"itemSeq\":3.5}",
                "{\"t\":\"ack\",\"itemSeq\":-1}",
                "{\"t\":\"ack\",\"itemSeq\":3,\"itemSeq\":4}",
                "{\"t\":\"ping\",\"x\":1,\"x\":1}",
                "{\"t\":\"ack\",\"itemSeq\":99999999999999999999}",
                "{\"t\":\"ack\",\"itemSeq\":NaN}",
                "{\"t\":\"ack\",\"itemSeq\":3} x",
                "{\"t\":\"ack\",\"itemSeq\":3}{\"t\":\"ping\"}",
                "{\"t\":\"ack\",\"itemSeq\":3",
                "{\"t\":\"hello\",\"streamId\":null}",
                "{\"t\":\"opened\"}",
                "{\"t\":\"opened\",\"notificationId\":null}",
                "{\"t\":\"opened\",\"notificationId\":\"\"}",
                "{\"t\":\"send\",\"ref\":1,\"conversationId\":\"c\",\"clientMessageId\":\"m\",\"type\":\"text\"}",
            })
    void whatIsNotAFrameIsRefused(String text) {
        assertThatThrownBy(() -> JSON.readClient(utf8(text))).isInstanceOf(BadFrameException.class);
    }

    @Test
    void hostileFramesAreRefusedAndNotQuoted() {
        refused("{\"t\":\"ping\",\"x\":" + "[".repeat(40) + "]".repeat(40) + "}");
        refused("{\"t\":\"ping\",\"x\":" + "1".repeat(100_000 / 2) + "}");
        refused("{\"t\":\"ping\",\"" + "k".repeat(1_000) + "\":1}");
        refused("{\"t\":\"ping\",\"x\":\"" + "s".repeat(FrameCodec.MAX_CLIENT_BYTES) + "\"}");
        refused("{\"t\":\"hello\",\"streamId\":\"" + "secret".repeat(30) + "\",\"ackedSeq\":0}");
        assertThatThrownBy(() -> JSON.readClient(new byte[] {'{', '"', 't', '"', ':', '"', (byte) 0xC3, '"', '}'}))
                .isInstanceOf(BadFrameException.class);
        assertThatThrownBy(() -> FrameCodec.of(FrameFormat.CBOR).readClient(new byte[] {(byte) 0x9f}))
                .isInstanceOf(BadFrameException.class);
    }

    @Test
    void closeCodesSayWhetherToComeBack() {
        for (CloseCode code : CloseCode.values()) {
            assertThat(CloseCode.of(code.code())).contains(code);
            assertThat(code.code()).satisfiesAnyOf(c -> assertThat(c).isEqualTo(1013), c -> assertThat(c)
                    .isBetween(4000, 4999));
            assertThat(code.comesBack()).isEqualTo(code.code() < 4500);
        }
        assertThat(CloseCode.of(1000)).isEmpty();
    }

    private static void refused(String text) {
        assertThatThrownBy(() -> JSON.readClient(utf8(text)))
                .isInstanceOf(BadFrameException.class)
                .hasNoCause()
                .hasMessageNotContaining("secret");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
