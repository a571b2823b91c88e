package io.lanying.http.session;

import io.lanying.http.session.SocketSettings.Reconnecting;
import io.lanying.protocol.wire.CloseCode;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** When an app is told to come back: spread at random, so that many closed at once do not return at once. */
final class Reconnects {

    private final Reconnecting settings;

    Reconnects(Reconnecting settings) {
        this.settings = settings;
    }

    /** Null: not with this token. */
    @Nullable
    Long afterMs(CloseCode code) {
        return switch (code) {
            case REPLACED, REVOKED, PROTOCOL_MISUSE -> null;
            case TRY_LATER, GOING_AWAY -> between(settings.least(), settings.mostWhenBusy());
            case HELLO_TIMEOUT, SILENT, SLOW_CONSUMER, MESSAGE_TIMEOUT, STREAM_CHANGED, INTERNAL, TOKEN_EXPIRED ->
                between(settings.least(), settings.most());
        };
    }

    private static long between(Duration least, Duration most) {
        return ThreadLocalRandom.current().nextLong(least.toMillis(), most.toMillis());
    }
}
