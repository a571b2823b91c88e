package io.lanying.http.journal;

import io.lanying.protocol.notification.Audience;
import java.util.List;

/** An audience as auditors see it; lists that do not belong to its kind are empty. */
record AudienceJson(String kind, List<String> ids, List<String> any, List<String> all, List<String> none) {

    static AudienceJson of(Audience audience) {
        return new AudienceJson(
                audience.kind().wireName(),
                audience.ids(),
                audience.tagsAny(),
                audience.tagsAll(),
                audience.tagsNone());
    }
}
