package io.lanying.load.vendor;

import io.lanying.load.client.VendorSimulator.Kind;
import java.util.List;
import java.util.Locale;

/** How a vendor misbehaves: the rows of the fault matrix that concern vendors. */
public enum VendorFault {
    /** 30 % of the requests are refused for now: 429, 500 and 503 in equal parts. */
    F11 {
        @Override
        List<String> rules(Kind kind, long seed) {
            return kind == Kind.APNS
                    ? List.of(
                            "share=0.1 status=429 reason=TooManyRequests",
                            "share=0.1112 status=500 reason=InternalServerError",
                            "share=0.125 status=503 reason=ServiceUnavailable")
                    : List.of(
                            "share=0.1/" + seed + " DEVICE_QUOTA:1",
                            "share=0.1112/" + (seed + 1) + " INTERNAL",
                            "share=0.125/" + (seed + 2) + " UNAVAILABLE:1");
        }
    },
    /** A fifth of the answers never come, make no sense, end in the middle, or are a megabyte long. */
    F12 {
        @Override
        List<String> rules(Kind kind, long seed) {
            return kind == Kind.APNS
                    ? List.of(
                            "share=0.05 do=hang",
                            "share=0.0527 do=garbage status=503 bytes=100",
                            "share=0.0556 do=cut_off",
                            "share=0.0589 do=garbage status=500 bytes=1000000")
                    : List.of(
                            "share=0.05/" + seed + " HANG",
                            "share=0.0527/" + (seed + 1) + " GARBAGE",
                            "share=0.0556/" + (seed + 2) + " CUT_OFF",
                            "share=0.0589/" + (seed + 3) + " HUGE:1000000");
        }
    },
    /** The connection is announced to end at every 20th request, and every tenth stream is refused; Apple's only. */
    F13 {
        @Override
        List<String> rules(Kind kind, long seed) {
            return List.of("every=20 do=go_away", "share=0.1 do=refuse_stream");
        }

        @Override
        public boolean concerns(Kind kind) {
            return kind == Kind.APNS;
        }
    },
    /** Tokens are called dead, some by old words, while apps register again; tokens go to other devices. */
    F14 {
        @Override
        List<String> rules(Kind kind, long seed) {
            return List.of();
        }

        @Override
        boolean racesTokens() {
            return true;
        }
    };

    /** What the vendor's simulator is told. */
    abstract List<String> rules(Kind kind, long seed);

    /** Whether tokens are called dead, and registered again, after the load. */
    boolean racesTokens() {
        return false;
    }

    /** Whether this vendor's protocol knows the fault. */
    public boolean concerns(Kind kind) {
        return true;
    }

    /** The name in results. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
