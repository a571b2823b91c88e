package io.lanying.protocol.conversation;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** What a member may do, from least to most. A group has exactly one owner while it has members. */
public enum MemberRole {
    MEMBER("member"),
    ADMIN("admin"),
    OWNER("owner");

    private final String wireName;

    MemberRole(String wireName) {
        this.wireName = wireName;
    }

    /** Whether this role may do what is left to {@code least}. */
    public boolean isAtLeast(MemberRole least) {
        return compareTo(least) >= 0;
    }

    /** The name in journals and in the API; never changes. */
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** The constant with this wire name. */
    @JsonCreator
    public static MemberRole of(String wireName) {
        for (MemberRole value : values()) {
            if (value.wireName.equals(wireName)) {
                return value;
            }
        }
        throw new IllegalArgumentException("not a MemberRole: " + wireName);
    }
}
