package io.lanying.protocol.tenant;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** What becomes of a message about which the tenant's hook says nothing in time. */
public enum OnSilence {
    /** It is accepted as it is. */
    ALLOW("allow"),
    /** It is not accepted now; the sender may try again. */
    REFUSE("refuse");

    private final String wireName;

    OnSilence(String wireName) {
        this.wireName = wireName;
    }

    /** The stable text in the API and in journals. */
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** The one with this wire name. */
    @JsonCreator
    public static OnSilence of(String wireName) {
        for (OnSilence policy : values()) {
            if (policy.wireName.equals(wireName)) {
                return policy;
            }
        }
        throw new IllegalArgumentException("not what to do on silence: " + wireName);
    }
}
