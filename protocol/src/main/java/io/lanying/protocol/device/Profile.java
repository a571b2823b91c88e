package io.lanying.protocol.device;

import io.lanying.protocol.Persisted;
import io.lanying.protocol.Remoted;
import java.util.List;
import java.util.Optional;

/**
 * What a registration says about a device. Alias and tags must not be personal data.
 *
 * @param tags sorted, without repeats, at most {@link #MAX_TAGS}
 * @param tokens at most {@link #MAX_TOKENS}, one per channel, environment and topic
 */
public record Profile(
        String platform,
        Optional<String> alias,
        List<String> tags,
        Optional<String> locale,
        Optional<String> timezone,
        Optional<String> appVersion,
        List<VendorToken> tokens)
        implements Persisted, Remoted {

    public static final int MAX_TAGS = 100;
    public static final int MAX_TOKENS = 16;

    public Profile {
        tags = tags == null ? List.of() : tags.stream().distinct().sorted().toList();
        tokens = tokens == null ? List.of() : List.copyOf(tokens);
    }

    /** This profile with other tokens. */
    public Profile withTokens(List<VendorToken> newTokens) {
        return new Profile(platform, alias, tags, locale, timezone, appVersion, newTokens);
    }
}
