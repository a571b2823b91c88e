package io.lanying.http.tenant;

import io.lanying.http.auth.Secrets;

/** Names of commands that callers may repeat: the same tenant and idempotency key, the same name. */
public final class RequestKeys {

    private RequestKeys() {}

    /** @param prefix tells kinds of commands apart */
    public static String of(String prefix, String tenant, String idempotencyKey) {
        return prefix + Secrets.base32(Secrets.sha256(tenant + "\0" + idempotencyKey));
    }
}
