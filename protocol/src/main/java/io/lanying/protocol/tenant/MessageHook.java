package io.lanying.protocol.tenant;

import io.lanying.protocol.Persisted;
import io.lanying.protocol.Remoted;
import io.lanying.protocol.sealing.Sealed;
import java.time.Instant;

/**
 * The address that is asked before a tenant's messages are accepted.
 *
 * @param version grows with each change; no number of a tenant ever means two hooks
 * @param url sealed for the tenant as field {@code url} of {@value #ITEM}: addresses may hold secrets
 * @param secret signs the questions; the bytes, sealed for the tenant as field {@code secret} of {@value #ITEM}
 * @param timeoutMillis how long an answer may take
 */
public record MessageHook(long version, Print url, Print secret, int timeoutMillis, OnSilence onSilence, Instant putAt)
        implements Persisted, Remoted {

    /** What its parts are sealed as. */
    public static final String ITEM = "message-hook";

    public static final String URL = "url";
    public static final String SECRET = "secret";

    /**
     * A sealed value and how to tell whether another one is the same.
     *
     * @param fingerprint of the value under the tenant's key
     */
    public record Print(Sealed sealed, String fingerprint) implements Persisted, Remoted {}
}
