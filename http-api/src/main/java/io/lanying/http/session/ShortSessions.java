package io.lanying.http.session;

import io.lanying.http.auth.DevicePrincipal;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Sessions for devices that come by ordinary requests. Thread-safe. */
public interface ShortSessions {

    /**
     * Attaches the device, or finds it attached by the request before, and waits until its stream goes beyond {@code afterSeq} or
     * for the time given, whichever is first. Of one device the newest request waits; the one before is told to look.
     */
    CompletionStage<Waited> await(DevicePrincipal device, long afterSeq, Duration within);
}
