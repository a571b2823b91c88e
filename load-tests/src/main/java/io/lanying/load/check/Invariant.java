package io.lanying.load.check;

/** The promises of the architecture's §5 that a history can be held against. */
public enum Invariant {
    /** No accepted item is lost. */
    I1,
    /** The stream is gap-free and in order. */
    I2,
    /** One key, one item; none again after its acknowledgement. */
    I3,
    /** Nothing is delivered that was not sent by that tenant to that recipient. */
    I4,
    /** Replay equals state. */
    I6,
    /** Queues, memory and threads stay below their limits; refused work is told so. */
    I7,
    /** No byte of one tenant reaches another. */
    I9,
    /** No secret and no clear personal data on disk. */
    I10
}
