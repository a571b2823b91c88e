package io.lanying.http.hook;

/** A hook did not say what is to become of a message. */
final class HookSilent extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why, as {@code push.hooks.silences} counts it. */
    enum Why {
        /** No answer in time. */
        TIMED_OUT,
        /** No connection, no trusted certificate, or a connection that broke. */
        UNREACHABLE,
        /** The name leads to no address that may be called. */
        ADDRESS_REFUSED,
        /** Another status than 200; redirects are not followed. */
        BAD_STATUS,
        /** A body that is none of the documented answers, or too long. */
        BAD_ANSWER,
        /** A replacement that can be no content of the message's type. Never accepted as it is. */
        BAD_REPLACEMENT,
        /** Not asked, as it kept being silent. */
        BREAKER_OPEN
    }

    private final Why why;

    HookSilent(Why why) {
        super(why.name(), null, false, false);
        this.why = why;
    }

    Why why() {
        return why;
    }
}
