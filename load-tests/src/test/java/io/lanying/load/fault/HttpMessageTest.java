package io.lanying.load.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HttpMessageTest {

    @Test
    void aBodyIsReadByItsLengthAndWrittenWithItsNewOne() throws IOException {
        HttpMessage message = read("POST /x HTTP/1.1\r\nHost: h\r\ncontent-length: 3\r\nX: y\r\n\r\nabcREST");

        assertThat(message.body()).isEqualTo("abc");
        assertThat(written(message.withBody("abcde")))
                .isEqualTo("POST /x HTTP/1.1\r\nHost: h\r\nX: y\r\nContent-Length: 5\r\n\r\nabcde");
    }

    @Test
    void chunksArePutTogether() throws IOException {
        HttpMessage message =
                read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");

        assertThat(written(message)).isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde");
    }

    @Test
    void aMessageWithoutABodyStaysSo() throws IOException {
        String request = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n";

        assertThat(written(read(request))).isEqualTo(request);
    }

    @Test
    void aHeaderIsReplaced() throws IOException {
        HttpMessage message =
                read("GET /x HTTP/1.1\r\nidempotency-key: 1\r\n\r\n").withHeader("Idempotency-Key", "2");

        assertThat(message.header("Idempotency-Key")).isEqualTo("2");
        assertThat(written(message)).isEqualTo("GET /x HTTP/1.1\r\nIdempotency-Key: 2\r\n\r\n");
    }

    private static HttpMessage read(String text) throws IOException {
        return HttpMessage.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String written(HttpMessage message) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        message.write(out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
