package io.lanying.actors.conversation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lanying.protocol.conversation.ConversationLimits;
import io.lanying.protocol.conversation.ConversationSnapshot.RememberedPost;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;
import org.pcollections.TreePMap;

/**
 * What repeats of posts are recognised by, for 7 days. Forgets by the time of events, never by a clock, so that replay forgets
 * alike.
 *
 * @param byKey every remembered post
 * @param order the same by number, oldest first
 */
record RememberedPosts(HashPMap<String, RememberedPost> byKey, TreePMap<Long, RememberedPost> order) {

    static final RememberedPosts NONE = new RememberedPosts(HashTreePMap.empty(), TreePMap.empty());

    private static final int KEY_BYTES = 16;

    /** The post of this sender under this id of its own, if it is not too long ago. */
    Optional<RememberedPost> find(String senderId, String clientMessageId, Instant now) {
        var post = byKey.get(keyOf(senderId, clientMessageId));
        return post != null && post.at().isAfter(limitOf(now)) ? Optional.of(post) : Optional.empty();
    }

    RememberedPosts plus(String senderId, String clientMessageId, String fingerprint, long messageSeq, Instant at) {
        var fresh = forgetUntil(limitOf(at));
        var post = new RememberedPost(keyOf(senderId, clientMessageId), fingerprint, messageSeq, at);
        return new RememberedPosts(fresh.byKey.plus(post.key(), post), fresh.order.plus(messageSeq, post));
    }

    /** Whether as many as {@code max} are remembered at this time. */
    boolean isFull(int max, Instant now) {
        return order.size() >= max && forgetUntil(limitOf(now)).order.size() >= max;
    }

    Collection<RememberedPost> toSnapshot() {
        return order.values();
    }

    static RememberedPosts fromSnapshot(List<RememberedPost> remembered) {
        HashPMap<String, RememberedPost> byKey = HashTreePMap.empty();
        TreePMap<Long, RememberedPost> order = TreePMap.empty();
        for (RememberedPost post : remembered) {
            byKey = byKey.plus(post.key(), post);
            order = order.plus(post.messageSeq(), post);
        }
        return new RememberedPosts(byKey, order);
    }

    private RememberedPosts forgetUntil(Instant limit) {
        var keys = byKey;
        var rest = order;
        while (!rest.isEmpty()) {
            RememberedPost oldest = rest.firstEntry().getValue();
            if (oldest.at().isAfter(limit)) {
                break;
            }
            // The same key may have been used again after it was forgotten by time.
            keys = oldest.equals(keys.get(oldest.key())) ? keys.minus(oldest.key()) : keys;
            rest = rest.minusFirstEntry();
        }
        return rest.size() == order.size() ? this : new RememberedPosts(keys, rest);
    }

    private static Instant limitOf(Instant now) {
        return now.minus(ConversationLimits.REMEMBERED_FOR);
    }

    private static String keyOf(String senderId, String clientMessageId) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest((senderId + "\0" + clientMessageId).getBytes(UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, KEY_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
