package io.lanying.channels.fcm;

import java.util.Optional;

/**
 * What came back over the wire, before anybody has judged it.
 *
 * @param retryAfter the header as it stands
 * @param body from at most {@link #MAX_BODY} bytes; empty unless the form is {@link Body#WHOLE}
 * @param bearer the access token that the request carried; kept only to know which one was refused
 */
record FcmReply(Target target, int status, Optional<String> retryAfter, Body form, String body, String bearer) {

    /** More is not read: Google's answers are below 2 kB. */
    static final int MAX_BODY = 64 * 1024;

    /** Whom the request was for. */
    enum Target {
        TOKEN,
        SEND
    }

    /** What became of the body. */
    enum Body {
        WHOLE,
        /** The connection ended or fell silent inside it. */
        CUT_OFF,
        /** Longer than {@link #MAX_BODY}: not read on. */
        TOO_LONG
    }

    boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    @Override
    public String toString() {
        return "FcmReply[" + target + " " + status + "]";
    }
}
