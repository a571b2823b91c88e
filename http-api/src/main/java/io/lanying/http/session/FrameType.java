package io.lanying.http.session;

import java.util.Locale;

/** Frames as metrics count them. */
enum FrameType {
    HELLO,
    ACK,
    PING,
    SEND,
    READ,
    OPENED,
    BADGE_SEEN,
    TYPING,
    WATCH,
    /** A type this build does not know. */
    UNKNOWN,
    WELCOME,
    ITEM,
    GONE,
    REPLY,
    EVENT,
    PONG,
    BYE;

    String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
