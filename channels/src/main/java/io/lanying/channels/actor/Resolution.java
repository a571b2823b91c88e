package io.lanying.channels.actor;

import io.lanying.channels.adapter.VendorAdapter;
import java.time.Instant;

/** What asking for a channel's credential came to. */
interface Resolution {

    void tell(Slot slot, Instant now);

    /** There is none. */
    record Absent() implements Resolution {
        @Override
        public void tell(Slot slot, Instant now) {
            slot.absent(now);
        }
    }

    /** It is the one that was known when it was asked for. */
    record Unchanged() implements Resolution {
        @Override
        public void tell(Slot slot, Instant now) {
            slot.unchanged(now);
        }
    }

    /** Another one, and an adapter that runs with it; whoever gets this owns the adapter. */
    record Ready(long version, VendorAdapter adapter) implements Resolution {
        @Override
        public void tell(Slot slot, Instant now) {
            slot.ready(version, adapter, now);
        }
    }

    /** Another one that cannot be used. */
    record Unusable(long version) implements Resolution {
        @Override
        public void tell(Slot slot, Instant now) {
            slot.unusable(version, now);
        }
    }

    /** It could not be found out. */
    record Unavailable() implements Resolution {
        @Override
        public void tell(Slot slot, Instant now) {
            slot.unavailable(now);
        }
    }
}
