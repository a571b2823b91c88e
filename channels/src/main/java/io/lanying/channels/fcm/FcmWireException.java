package io.lanying.channels.fcm;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Carries an answer that is not a success, or the want of one, through the Firebase client to the adapter. The client passes it
 * on as a cause and, because it is no HTTP answer to its eyes, neither repeats the request nor renews its token for it.
 */
final class FcmWireException extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient FcmReply.Target target;
    private final transient @Nullable FcmReply reply;

    private FcmWireException(
            FcmReply.Target target, String message, @Nullable FcmReply reply, @Nullable Throwable cause) {
        super(message, cause);
        this.target = target;
        this.reply = reply;
    }

    static FcmWireException answered(FcmReply reply) {
        return new FcmWireException(reply.target(), "answered " + reply.status(), reply, null);
    }

    static FcmWireException unanswered(FcmReply.Target target, IOException cause) {
        return new FcmWireException(target, "not answered", null, cause);
    }

    FcmReply.Target target() {
        return target;
    }

    /** Empty if no status line came back. */
    Optional<FcmReply> reply() {
        return Optional.ofNullable(reply);
    }

    /** The first one among the causes. */
    static Optional<FcmWireException> in(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 16; depth++, cause = cause.getCause()) {
            if (cause instanceof FcmWireException wire) {
                return Optional.of(wire);
            }
        }
        return Optional.empty();
    }
}
