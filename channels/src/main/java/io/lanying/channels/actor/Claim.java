package io.lanying.channels.actor;

import io.lanying.protocol.channel.ChannelCommand.Send;
import io.lanying.protocol.channel.VendorOutcome;
import io.lanying.protocol.channel.VendorRequest;

/**
 * One request from its acceptance to its outcome. Thread-safe: whoever ends it first ends it, and nobody can a second time,
 * so that a request has exactly one outcome however many actors know it.
 */
final class Claim {

    private final Claims claims;
    private final Send send;
    private volatile boolean cancelled;
    private volatile boolean underWay;
    private volatile int attempts;
    private long owner;

    Claim(Claims claims, Send send) {
        this.claims = claims;
        this.send = send;
    }

    Send send() {
        return send;
    }

    VendorRequest request() {
        return send.request();
    }

    /** Tells the outcome to who asked, unless that was done already; says whether it was this call that did. */
    boolean end(VendorOutcome outcome) {
        return claims.end(this, outcome);
    }

    /** Whether it has no outcome yet. */
    boolean isOpen() {
        return claims.holds(this);
    }

    /** Which channel actor has it now. Only for the manager. */
    void owner(long child) {
        owner = child;
    }

    boolean isOwnedBy(long child) {
        return owner == child;
    }

    /** Its caller wants no further attempt. */
    void cancel() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled;
    }

    /** The attempt with this number begins. */
    void attempt(int number) {
        attempts = number;
        underWay = true;
    }

    /** The attempt has ended. */
    void atRest() {
        underWay = false;
    }

    /** Whether the vendor may be getting it just now. */
    boolean isUnderWay() {
        return underWay;
    }

    int attempts() {
        return attempts;
    }
}
