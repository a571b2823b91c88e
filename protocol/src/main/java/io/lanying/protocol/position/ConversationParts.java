package io.lanying.protocol.position;

import io.lanying.protocol.EntityId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Which companion of a conversation keeps the positions of which member: by the member's place. Never changes. */
public final class ConversationParts {

    /** The most members of one companion. */
    public static final int PLACES = 500;

    /** With its number behind it, an id this long is one still. */
    private static final int MAX_PLAIN = 59;

    private static final int HASH_CHARACTERS = 40;

    private ConversationParts() {}

    /** The number of the companion of the member with this place, from 0. */
    public static int of(int place) {
        return place / PLACES;
    }

    /** The companion with this number: {@code conversationId~number}; of a longer id a hash takes the place. */
    public static EntityId id(EntityId conversation, int part) {
        return new EntityId(
                conversation.tenant(),
                conversation.id().length() <= MAX_PLAIN
                        ? conversation.id() + "~" + part
                        : "h" + hash(conversation.id()) + "." + part); // no ~, so no other conversation's
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_CHARACTERS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
