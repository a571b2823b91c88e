package io.lanying.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class WireTest {

    @Test
    void aFrameIsWholeOnlyWithAllItsBytes() {
        byte[] small = {(byte) 0x81, 3, 'a', 'b', 'c'};
        byte[] large = new byte[4 + 300];
        large[0] = (byte) 0x81;
        large[1] = 126;
        large[2] = 1;
        large[3] = 44;

        assertThat(DeviceLine.frameLength(small, 0, 1)).isZero();
        assertThat(DeviceLine.frameLength(small, 0, 4)).isZero();
        assertThat(DeviceLine.frameLength(small, 0, 5)).isEqualTo(5);
        assertThat(DeviceLine.frameLength(large, 0, 3)).isZero();
        assertThat(DeviceLine.frameLength(large, 0, 303)).isZero();
        assertThat(DeviceLine.frameLength(large, 0, 304)).isEqualTo(304);
    }

    @Test
    void aClientsFrameIsMasked() {
        byte[] frame = DeviceLine.frame(1, Bytes.of("hi"), 0, 2);

        assertThat(frame).containsExactly(0x81, 0x82, 0, 0, 0, 0, 'h', 'i');
    }

    @Test
    void aRequestCarriesItsNumberAsKeyAndTitle() {
        Requests requests = new Requests("h:1", "lk_k", List.of("d1", "d2"), "run7", 300);

        String text = new String(requests.request(1, 4711), StandardCharsets.UTF_8);

        String body = text.substring(text.indexOf("\r\n\r\n") + 4);
        assertThat(text).contains("Idempotency-Key: run7-0000004711\r\n");
        assertThat(text).contains("Content-Length: " + body.length() + "\r\n");
        assertThat(body).startsWith("{\"audience\":{\"devices\":[\"d2\"]},\"message\":{\"title\":\"m0000004711\"");
        assertThat(body.substring(body.indexOf("{\"title\""), body.length() - 1))
                .hasSize(300);
    }

    @Test
    void numbersAreFoundAfterTheirNames() {
        byte[] text = Bytes.of("{\"t\":\"item\",\"itemSeq\":42,\"x\":1}");

        assertThat(Bytes.numberAfter(text, 0, text.length, Bytes.of("\"itemSeq\":")))
                .isEqualTo(42);
        assertThat(Bytes.numberAfter(text, 0, text.length, Bytes.of("\"none\":")))
                .isEqualTo(-1);
    }

    @Test
    void cpuTimeOfThisProcessGrows() throws Exception {
        CpuClock clock = CpuClock.ofProcess(ProcessHandle.current().pid());
        double before = clock.seconds();

        long end = System.nanoTime() + 200_000_000;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }

        assertThat(clock.seconds()).isGreaterThan(before + 0.05);
    }
}
