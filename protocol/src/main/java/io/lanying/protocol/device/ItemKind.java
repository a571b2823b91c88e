package io.lanying.protocol.device;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** What an item is to the app (api.md §3, {@code kind}). */
public enum ItemKind {
    /** A notification. */
    PUSH("push"),
    /** A conversation message. */
    MESSAGE("message"),
    /** How far the owner's messages in a conversation have come. */
    RECEIPT("receipt"),
    /** Read on another device. */
    READ("read"),
    /** A message was edited. */
    EDIT("edit"),
    /** An earlier item with this item's {@code id} was recalled. */
    RECALL("recall"),
    /** A command to the app. */
    COMMAND("command");

    private final String wireName;

    ItemKind(String wireName) {
        this.wireName = wireName;
    }

    /** The name in journals and in the API; never changes. */
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** The constant with this wire name. */
    @JsonCreator
    public static ItemKind of(String wireName) {
        for (ItemKind value : values()) {
            if (value.wireName.equals(wireName)) {
                return value;
            }
        }
        throw new IllegalArgumentException("not a ItemKind: " + wireName);
    }
}
