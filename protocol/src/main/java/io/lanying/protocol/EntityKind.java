package io.lanying.protocol;

import com.fasterxml.jackson.annotation.JsonValue;

/** The kinds of sharded persistent entities; the name is the first part of the persistence id and never changes. */
public enum EntityKind {
    DEVICE("Device"),
    TENANT("Tenant"),
    TOKEN_OWNER("TokenOwner"),
    NOTIFICATION("Notification"),
    NOTIFICATION_PART("NotificationPart"),
    USER("User"),
    CONVERSATION("Conversation"),
    POSITIONS("Positions");

    private final String wireName;

    EntityKind(String wireName) {
        this.wireName = wireName;
    }

    /** The name in persistence ids, reminders and configuration. */
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** {@code Kind|tenant:id}: the key of the entity's journal. */
    public String persistenceId(EntityId id) {
        return wireName + "|" + id;
    }

    /** The kind with this wire name. */
    public static EntityKind of(String wireName) {
        for (EntityKind kind : values()) {
            if (kind.wireName.equals(wireName)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("not an entity kind: " + wireName);
    }
}
