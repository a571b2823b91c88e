package io.lanying.channels.fcm;

import com.google.api.client.http.HttpTransport;
import io.lanying.channels.fcm.FcmReply.Target;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.SystemDefaultRoutePlanner;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The wire under the Firebase client: blocking HTTP/1.1 over pooled connections, on the caller's thread, without threads of its
 * own. It knows two addresses, the one messages go to and the one access tokens come from, and refuses every other, whatever a
 * credential or the client asks for; redirects are not followed, cookies not kept.
 *
 * <p><b>One attempt is one request.</b> The Firebase client repeats a 503 by itself up to four times, renews its token and
 * repeats on 401, and offers no setting against either; but it does so only for answers it sees. Here every answer that is not a
 * success is turned into an {@link FcmWireException}, which it passes on untouched. Its own repeats on I/O errors are off.
 *
 * <p>An operator's proxy (the JVM's {@code https.proxyHost} and its fellows) is used.
 */
final class FcmTransport extends HttpTransport {

    /** What the Firebase client believes it talks to. */
    private static final String SEND_PREFIX = FcmSettings.GOOGLE + "/v1/projects/";

    /**
     * Every kept connection is looked at before it is used again, which costs about a millisecond: one that the other side has
     * closed would swallow the message and leave its outcome unknown.
     */
    private static final TimeValue IDLE_UNCHECKED = TimeValue.ZERO_MILLISECONDS;

    private static final TimeValue OLDEST_CONNECTION = TimeValue.ofMinutes(10);

    private final FcmSettings settings;
    private final CloseableHttpClient client;
    private static final ThreadLocal<@Nullable FcmAttempt> CURRENT = new ThreadLocal<>();

    FcmTransport(FcmSettings settings) {
        this.settings = settings;
        Timeout connect = Timeout.of(settings.connectTimeout());
        Timeout read = Timeout.of(settings.readTimeout());
        var connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnPerRoute(settings.threads())
                .setMaxConnTotal(2 * settings.threads())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(connect)
                        .setSocketTimeout(read)
                        .setValidateAfterInactivity(IDLE_UNCHECKED)
                        .setTimeToLive(OLDEST_CONNECTION)
                        .build())
                .setDefaultTlsConfig(
                        TlsConfig.custom().setHandshakeTimeout(connect).build())
                .build();
        this.client = HttpClientBuilder.create()
                .setConnectionManager(connections)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(connect)
                        .setResponseTimeout(read)
                        .build())
                .setRoutePlanner(new SystemDefaultRoutePlanner(ProxySelector.getDefault()))
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableContentCompression()
                .disableDefaultUserAgent()
                .build();
    }

    /** What runs on this thread from here to {@link #leave} belongs to this attempt. */
    void enter(FcmAttempt attempt) {
        CURRENT.set(attempt);
    }

    void leave() {
        CURRENT.remove();
    }

    /** Closes the connections. */
    void close() {
        client.close(CloseMode.IMMEDIATE);
    }

    @Override
    public boolean supportsMethod(String method) {
        return method.equals("POST");
    }

    @Override
    protected FcmRequest buildRequest(String method, String url) throws IOException {
        FcmAttempt attempt = CURRENT.get();
        if (attempt == null || !supportsMethod(method)) {
            throw new IOException("not a request of this channel");
        }
        if (url.equals(settings.tokenEndpoint().toString())) {
            return new FcmRequest(client, settings.tokenEndpoint(), Target.TOKEN, attempt);
        }
        if (url.startsWith(SEND_PREFIX)) {
            String path = url.substring(FcmSettings.GOOGLE.toString().length());
            return new FcmRequest(client, URI.create(settings.endpoint() + path), Target.SEND, attempt);
        }
        throw new IOException("not an address of this channel");
    }
}
