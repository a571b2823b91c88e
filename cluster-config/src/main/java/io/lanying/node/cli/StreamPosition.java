package io.lanying.node.cli;

import org.jspecify.annotations.Nullable;

/**
 * How far a device has come.
 *
 * @param streamId the stream it knows; null before the first connection
 * @param ackedSeq the last item it has dealt with
 */
record StreamPosition(@Nullable String streamId, long ackedSeq) {

    static final StreamPosition START = new StreamPosition(null, 0);
}
