package io.lanying.channels.fcm;

import com.google.api.client.http.LowLevelHttpResponse;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A success, already read to its end, as the Firebase client wants it. */
final class FcmResponse extends LowLevelHttpResponse {

    private final FcmReply reply;
    private final byte[] bytes;

    FcmResponse(FcmReply reply) {
        this.reply = reply;
        this.bytes = reply.body().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public InputStream getContent() {
        return new ByteArrayInputStream(bytes);
    }

    @Override
    public @Nullable String getContentEncoding() {
        return null;
    }

    @Override
    public long getContentLength() {
        return bytes.length;
    }

    @Override
    public String getContentType() {
        return "application/json; charset=UTF-8";
    }

    @Override
    public String getStatusLine() {
        return "HTTP/1.1 " + reply.status();
    }

    @Override
    public int getStatusCode() {
        return reply.status();
    }

    @Override
    public @Nullable String getReasonPhrase() {
        return null;
    }

    @Override
    public int getHeaderCount() {
        return 0;
    }

    @Override
    public String getHeaderName(int index) {
        throw new IndexOutOfBoundsException(index);
    }

    @Override
    public String getHeaderValue(int index) {
        throw new IndexOutOfBoundsException(index);
    }
}
