package io.lanying.http.inbox;

import akka.http.javadsl.model.HttpRequest;
import io.lanying.http.auth.DevicePrincipal;
import io.lanying.http.call.Call;
import io.lanying.http.call.Trace;
import io.lanying.http.json.Checked;
import io.lanying.protocol.EntityId;

/** One request of an app with its session token. */
record DeviceCall(HttpRequest request, Trace trace, DevicePrincipal principal) {

    EntityId device() {
        return new EntityId(principal.tenant(), principal.deviceId());
    }

    Checked<String> idempotencyKey() {
        return Call.idempotencyKeyOf(request);
    }

    int binding() {
        return principal.binding();
    }
}
