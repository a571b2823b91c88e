package io.lanying.http.session;

import akka.NotUsed;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import io.lanying.http.auth.DevicePrincipal;
import io.lanying.http.json.Checked;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Sessions for devices that come by ordinary requests. Thread-safe. */
public interface ShortSessions {

    /**
     * Attaches the device, or finds it attached by the request before, and waits until its stream goes beyond {@code afterSeq} or
     * for the time given, whichever is first. Of one device the newest request waits; the one before is told to look.
     */
    CompletionStage<Waited> await(DevicePrincipal device, long afterSeq, Duration within);

    /** Where an app says it is in a stream; no acknowledgement. */
    record Seen(String streamId, long itemSeq) {}

    /**
     * The device's items as server-sent events, from what it has seen on, or from its position if that is further: attached when
     * somebody reads it, until either side ends. Refused if this node takes no more.
     */
    Checked<Source<ByteString, NotUsed>> stream(DevicePrincipal device, Optional<Seen> seen);
}
