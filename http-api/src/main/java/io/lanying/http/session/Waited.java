package io.lanying.http.session;

/** How waiting for a device's next item ended. */
public enum Waited {
    /** There is something new to read. */
    READY,
    /** The time is up, another request waits in this one's place, or the node stops: answer with what there is. */
    OVER,
    /** A newer session of the device took over. */
    REPLACED,
    /** The token belongs to an earlier binding of the device. */
    REVOKED,
    /** This node takes no more sessions just now; nobody waited. */
    FULL,
    /** The tenant has as many devices connected to this node as its quota allows; nobody waited. */
    QUOTA
}
