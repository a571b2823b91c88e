package io.lanying.protocol.user;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** What quiet hours do to a push that comes within them. */
public enum QuietMode {
    /** It ends at once, {@code refused: quietHours}. */
    DROP("drop"),
    /** A push vendor shows it without sound and alert. */
    SILENT("silent"),
    /** It goes to no push vendor before the quiet hours end. */
    DEFER("defer");

    private final String wireName;

    QuietMode(String wireName) {
        this.wireName = wireName;
    }

    /** The name in journals and in the API; never changes. */
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** The constant with this wire name. */
    @JsonCreator
    public static QuietMode of(String wireName) {
        for (QuietMode value : values()) {
            if (value.wireName.equals(wireName)) {
                return value;
            }
        }
        throw new IllegalArgumentException("not a QuietMode: " + wireName);
    }
}
