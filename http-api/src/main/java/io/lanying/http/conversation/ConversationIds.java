package io.lanying.http.conversation;

import io.lanying.http.auth.Secrets;
import io.lanying.http.json.TextRule;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Ids of conversations that callers do not choose: a direct one's is its pair's, whoever comes first; a group's is its
 * command's, so that a repeat finds the same. Neither can be taken by a caller's own id.
 */
final class ConversationIds {

    private static final String DIRECT = "d~";
    private static final String GROUP = "g~";

    /** 150 bits. */
    private static final int HASH_CHARACTERS = 30;

    /** What callers may choose. */
    static final TextRule OWN = new TextRule(
            TextRule.ID.test().and(id -> !id.startsWith(DIRECT) && !id.startsWith(GROUP)),
            TextRule.ID.description() + ", not beginning with " + DIRECT + " or " + GROUP);

    private ConversationIds() {}

    static String ofPair(String tenant, String oneUser, String other) {
        String pair = Stream.of(oneUser, other).sorted().collect(Collectors.joining("\0"));
        return DIRECT + hash(tenant + "\0" + pair);
    }

    static String ofCommand(String tenant, String idempotencyKey) {
        return GROUP + hash(tenant + "\0" + idempotencyKey);
    }

    private static String hash(String text) {
        return Secrets.base32(Secrets.sha256(text)).substring(0, HASH_CHARACTERS);
    }
}
