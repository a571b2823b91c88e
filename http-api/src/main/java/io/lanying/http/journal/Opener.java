package io.lanying.http.journal;

import io.lanying.http.json.Json;
import io.lanying.protocol.sealing.Sealed;
import io.lanying.protocol.sealing.Sealer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Opens the bodies of one page of events.
 *
 * @param sealers by subject; those whose subject was erased are missing
 */
record Opener(Map<String, Sealer> sealers) {

    /** What takes the place of a body whose subject was erased. */
    private record Erased(boolean erased) {}

    /** What takes the place of a body that its key does not open, or that is not JSON: damage, not erasure. */
    private record Unreadable(boolean unreadable) {}

    /** A text, or what is said in its place. */
    Object text(String item, String field, Sealed sealed) {
        var sealer = sealers.get(sealed.subject());
        if (sealer == null) {
            return new Erased(true);
        }
        try {
            return new String(sealer.open(item, field, sealed), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException otherKey) {
            return new Unreadable(true);
        }
    }

    Object body(String item, Sealed sealed) {
        return json(item, "body", sealed);
    }

    /** A document, or what is said in its place. */
    Object json(String item, String field, Sealed sealed) {
        var sealer = sealers.get(sealed.subject());
        if (sealer == null) {
            return new Erased(true);
        }
        try {
            return Json.ours(sealer.open(item, field, sealed));
        } catch (IllegalArgumentException | IOException e) {
            return new Unreadable(true);
        }
    }
}
