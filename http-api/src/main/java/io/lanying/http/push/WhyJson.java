package io.lanying.http.push;

import io.lanying.http.why.Story;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The story of one notification on one device, as the API tells it. */
record WhyJson(String fate, String reason, List<Entry> timeline) {

    static WhyJson of(Story story) {
        return new WhyJson(
                story.fate().wireName(),
                story.reason(),
                story.timeline().stream()
                        .map(entry -> new Entry(entry.at(), entry.event(), entry.detail()))
                        .toList());
    }

    record Entry(Instant at, String event, Map<String, Object> detail) {}
}
