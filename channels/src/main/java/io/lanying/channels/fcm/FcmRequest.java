package io.lanying.channels.fcm;

import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import io.lanying.channels.fcm.FcmReply.Body;
import io.lanying.channels.fcm.FcmReply.Target;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.apache.hc.core5.io.Closer;

/** One POST. A success becomes the Firebase client's answer, everything else an {@link FcmWireException}. */
final class FcmRequest extends LowLevelHttpRequest {

    private static final String BEARER = "Bearer ";
    private static final byte[] NOTHING = {};

    private final CloseableHttpClient client;
    private final URI address;
    private final Target target;
    private final FcmAttempt attempt;
    private final HttpPost post;
    private String bearer = "";

    FcmRequest(CloseableHttpClient client, URI address, Target target, FcmAttempt attempt) {
        this.client = client;
        this.address = address;
        this.target = target;
        this.attempt = attempt;
        this.post = new HttpPost(address);
    }

    /** Where it goes. */
    URI address() {
        return address;
    }

    @Override
    public void addHeader(String name, String value) {
        String header = name.toLowerCase(Locale.ROOT);
        if (header.equals("accept-encoding")) {
            // Unpacking would undo the limit on what is read.
            return;
        }
        if (header.equals("authorization") && value.startsWith(BEARER)) {
            bearer = value.substring(BEARER.length());
        }
        post.addHeader(name, value);
    }

    @Override
    public LowLevelHttpResponse execute() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (getStreamingContent() != null) {
            getStreamingContent().writeTo(body);
        }
        post.setEntity(new LeavingEntity(body.toByteArray(), ContentType.parse(getContentType())));
        FcmReply reply;
        try {
            attempt.runs(post);
            ClassicHttpResponse response = client.executeOpen(null, post, null);
            try {
                reply = read(response);
            } finally {
                // What has been heard stands, however the connection ends.
                Closer.closeQuietly(response);
            }
        } catch (IOException e) {
            throw FcmWireException.unanswered(target, e);
        }
        if (!reply.isSuccess() || reply.form() != Body.WHOLE) {
            throw FcmWireException.answered(reply);
        }
        return new FcmResponse(reply);
    }

    private FcmReply read(ClassicHttpResponse response) {
        Optional<String> retryAfter =
                Optional.ofNullable(response.getFirstHeader("Retry-After")).map(Header::getValue);
        byte[] bytes = NOTHING;
        Body form = Body.WHOLE;
        HttpEntity entity = response.getEntity();
        try {
            if (entity != null) {
                bytes = entity.getContent().readNBytes(FcmReply.MAX_BODY + 1);
            }
        } catch (IOException e) {
            // The status has been heard; only the explanation is missing.
            form = Body.CUT_OFF;
        }
        if (bytes.length > FcmReply.MAX_BODY) {
            form = Body.TOO_LONG;
        }
        if (form != Body.WHOLE) {
            bytes = NOTHING;
            // Closing would read on to the end to save the connection.
            post.cancel();
        }
        return new FcmReply(
                target, response.getCode(), retryAfter, form, new String(bytes, StandardCharsets.UTF_8), bearer);
    }

    /** A body that tells the attempt that it leaves. */
    private final class LeavingEntity extends HttpEntityWrapper {

        LeavingEntity(byte[] bytes, ContentType type) {
            super(new ByteArrayEntity(bytes, type));
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            if (target == Target.SEND) {
                attempt.leaves();
            }
            super.writeTo(out);
        }
    }
}
