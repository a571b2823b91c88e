package io.lanying.http.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StrictJsonTest {

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void refusesHostileTextWithLittleWork(String name, byte[] document) {
        String code = code(document);
        long before = ManagementFactory.getThreadMXBean()
                .getThreadCpuTime(Thread.currentThread().getId());
        String again = code(document);
        long used = ManagementFactory.getThreadMXBean()
                        .getThreadCpuTime(Thread.currentThread().getId())
                - before;

        assertThat(code).isEqualTo(again).isNotEqualTo("ok");
        assertThat(used / 1_000_000).as("milliseconds of CPU").isLessThan(50);
    }

    static Stream<Arguments> hostile() {
        return Stream.of(
                text("depth 33", "[".repeat(33) + "]".repeat(33)),
                text("depth 30000", "[".repeat(30_000)),
                text("objects in objects", "{\"a\":".repeat(33) + "1" + "}".repeat(33)),
                text("integer of 65 digits", "{\"a\":" + "1".repeat(65) + "}"),
                text("integer of 60000 digits", "{\"a\":" + "1".repeat(60_000) + "}"),
                text("fraction of 65 digits", "{\"a\":0." + "1".repeat(65) + "}"),
                text("name of 129 characters", "{\"" + "n".repeat(129) + "\":1}"),
                text("name of 60000 characters", "{\"" + "n".repeat(60_000) + "\":1}"),
                text("more than 64 KiB", "\"" + "s".repeat(64 * 1024) + "\""),
                text("duplicate name", "{\"a\":1,\"a\":2}"),
                text("duplicate name by escape", "{\"a\":1,\"\\u0061\":2}"),
                text("duplicate name deep inside", "{\"x\":[{\"a\":1,\"a\":2}]}"),
                text("text after the document", "{} {}"),
                text("rubbish after the document", "{}x"),
                text("nothing", ""),
                text("only spaces", "   "),
                text("NaN", "{\"a\":NaN}"),
                text("Infinity", "{\"a\":-Infinity}"),
                text("leading zero", "{\"a\":01}"),
                text("plus sign", "{\"a\":+1}"),
                text("hexadecimal", "{\"a\":0x10}"),
                text("comment", "{/* */\"a\":1}"),
                text("single quotes", "{'a':1}"),
                text("unquoted name", "{a:1}"),
                text("trailing comma", "{\"a\":1,}"),
                text("unclosed", "{\"a\":1"),
                text("raw control character", "{\"a\":\"\u0001\"}"),
                text("raw line end", "{\"a\":\"\n\"}"),
                text("byte order mark", "\ufeff{}"),
                text("lone high surrogate", "{\"a\":\"\\ud800\"}"),
                text("lone low surrogate in a name", "{\"\\udc00\":1}"),
                text("surrogates the wrong way round", "{\"a\":\"\\udc00\\ud800\"}"),
                bytes("a lone continuation byte", 0x22, 0x80, 0x22),
                bytes("overlong slash", 0x22, 0xc0, 0xaf, 0x22),
                bytes("overlong NUL", 0x22, 0xc0, 0x80, 0x22),
                bytes("surrogate in UTF-8", 0x22, 0xed, 0xa0, 0x80, 0x22),
                bytes("above U+10FFFF", 0x22, 0xf4, 0x90, 0x80, 0x80, 0x22),
                bytes("cut off character", 0x22, 0xe8, 0x93, 0x22),
                Arguments.of("UTF-16", "{\"a\":1}".getBytes(StandardCharsets.UTF_16BE)),
                Arguments.of("UTF-32", "{\"a\":1}".getBytes(java.nio.charset.Charset.forName("UTF-32BE"))),
                text("NUL bytes", "\0\0\0"));
    }

    @Test
    void takesWhatIsJustWithinTheLimits() {
        assertThat(code("[".repeat(32) + "]".repeat(32))).isEqualTo("ok");
        assertThat(code("{\"a\":" + "1".repeat(64) + "}")).isEqualTo("ok");
        assertThat(code("{\"" + "n".repeat(128) + "\":1}")).isEqualTo("ok");
        assertThat(code("\"" + "s".repeat(64 * 1024 - 2) + "\"")).isEqualTo("ok");
        assertThat(code("{\"a\":\"\\ud83d\\ude00 蓝莺 😀\"}")).isEqualTo("ok");
    }

    @Test
    void tellsThePlaceAndNothingOfTheText() {
        String detail =
                StrictJson.parse("{\"secret\":tru}".getBytes(UTF_8)).fold(node -> "", problem -> problem.detail());

        assertThat(detail).contains("line 1").doesNotContain("secret").doesNotContain("tru");
    }

    private static String code(String text) {
        return code(text.getBytes(UTF_8));
    }

    private static String code(byte[] document) {
        return StrictJson.parse(document)
                .fold(node -> "ok", problem -> problem.code().wireName());
    }

    private static Arguments text(String name, String text) {
        return Arguments.of(name, text.getBytes(UTF_8));
    }

    private static Arguments bytes(String name, int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return Arguments.of(name, bytes);
    }
}
