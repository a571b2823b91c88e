package io.lanying.channels.actor;

import io.lanying.channels.adapter.VendorAnswer;
import java.time.Instant;

/** How an attempt ended, seen from the channel. */
interface AttemptResult {

    /** Tells the engine. */
    void tell(ChannelEngine engine, long attempt, Instant now);

    /** The adapter answered. */
    record Answered(VendorAnswer answer) implements AttemptResult {
        @Override
        public void tell(ChannelEngine engine, long attempt, Instant now) {
            engine.answered(attempt, answer, now);
        }
    }

    /** It could not be opened and never can. */
    record Unusable(String code) implements AttemptResult {
        @Override
        public void tell(ChannelEngine engine, long attempt, Instant now) {
            engine.unusable(attempt, code, now);
        }
    }

    /** It could not be opened for now, or was given up before it left. */
    record Unprepared() implements AttemptResult {
        @Override
        public void tell(ChannelEngine engine, long attempt, Instant now) {
            engine.unprepared(attempt, now);
        }
    }
}
