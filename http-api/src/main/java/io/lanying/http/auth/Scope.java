package io.lanying.http.auth;

import java.util.Optional;

/** What an API key may do. */
public enum Scope {
    DEVICES_READ("devices:read"),
    DEVICES_WRITE("devices:write"),
    NOTIFICATIONS_SEND("notifications:send"),
    NOTIFICATIONS_READ("notifications:read"),
    /** Look at people's names and settings. */
    USERS_READ("users:read"),
    /** Change them, and erase people. */
    USERS_WRITE("users:write"),
    /** Look at conversations and read their messages. */
    CONVERSATIONS_READ("conversations:read"),
    /** Make and change conversations, and post, edit and recall in the name of their members. */
    CONVERSATIONS_WRITE("conversations:write"),
    JOURNAL_READ("journal:read"),
    /** Make and revoke the tenant's API keys, of any scope: as much as all of them. */
    KEYS_ADMIN("keys:admin"),
    /** Put, try, restore and delete the tenant's credentials for the push vendors; their secrets are never shown. */
    CHANNELS_ADMIN("channels:admin"),
    /** Say whom to ask before the tenant's messages are accepted. */
    HOOKS_ADMIN("hooks:admin"),
    ALL("*");

    private final String wireName;

    Scope(String wireName) {
        this.wireName = wireName;
    }

    /** The name in requests, answers and the journal. */
    public String wireName() {
        return wireName;
    }

    public static Optional<Scope> of(String wireName) {
        for (Scope scope : values()) {
            if (scope.wireName.equals(wireName)) {
                return Optional.of(scope);
            }
        }
        return Optional.empty();
    }
}
