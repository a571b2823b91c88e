package io.lanying.actors.device;

import io.lanying.protocol.conversation.Alert;
import io.lanying.protocol.conversation.Counts;
import io.lanying.protocol.conversation.Receipt;
import io.lanying.protocol.device.DeviceEvent.ConversationNoted;
import io.lanying.protocol.device.DeviceEvent.NotedRange;
import io.lanying.protocol.device.DeviceSnapshot.KnownConversation;
import io.lanying.protocol.device.ItemKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;
import org.pcollections.TreePMap;

/**
 * How far a device knows each of its owner's conversations. One that was not heard of for {@link #KEPT_FOR} is forgotten: news are
 * repeated for less than that. Beyond {@link #MAX} the one that was not heard of for longest is forgotten sooner; should its
 * news then be repeated, its items come again under their ids. Forgets by the time of events, so that replay forgets alike.
 *
 * @param order ids by the event that noted them last, the longest unheard of first
 */
record KnownConversations(HashPMap<String, KnownConversation> byId, TreePMap<Long, String> order) {

    /** A conversation gives a member up after 6 days (decision record 16). */
    static final Duration KEPT_FOR = Duration.ofDays(7);

    /** About 200 KB of a snapshot. */
    static final int MAX = 2_000;

    static final KnownConversations NONE = new KnownConversations(HashTreePMap.empty(), TreePMap.empty());

    /** What is known of a conversation; nothing at all is known of others. */
    KnownConversation of(String conversationId) {
        KnownConversation known = byId.get(conversationId);
        return known == null ? new KnownConversation(conversationId, 0, 0, 0, 0, Instant.EPOCH) : known;
    }

    /** After news were journaled as the device's event of this number. */
    KnownConversations plus(ConversationNoted event, long eventSeq) {
        var before = of(event.conversationId());
        long readSeq = event.ranges().stream()
                .filter(range -> range.kind() == ItemKind.READ || range.alert() == Alert.OWN)
                .mapToLong(NotedRange::toSeq)
                .max()
                .orElse(0);
        var after = new KnownConversation(
                event.conversationId(),
                Math.max(before.upTo(), event.upTo()),
                Math.max(before.messageSeq(), event.messageSeq()),
                Math.max(before.readSeq(), readSeq),
                eventSeq,
                event.at(),
                event.counts()
                        .map(said ->
                                before.counts().map(known -> known.and(said)).orElse(said))
                        .or(before::counts),
                event.ranges().stream()
                        .flatMap(range -> range.receipt().stream())
                        .reduce(Receipt::and)
                        .or(before::receipt));
        return new KnownConversations(
                        byId.plus(event.conversationId(), after),
                        order.minus(before.notedBy()).plus(eventSeq, event.conversationId()))
                .bounded(event.at());
    }

    /** How many messages the owner has not read, but for conversations that it has muted; empty if nothing is known of that. */
    OptionalLong unread() {
        long sum = 0;
        boolean known = false;
        for (KnownConversation each : byId.values()) {
            known |= each.counts().isPresent();
            sum += each.counts()
                    .filter(counts -> !counts.muted())
                    .map(Counts::unread)
                    .orElse(0L);
        }
        return known ? OptionalLong.of(sum) : OptionalLong.empty();
    }

    List<KnownConversation> toSnapshot() {
        var result = new ArrayList<KnownConversation>(byId.size());
        order.values().forEach(id -> result.add(byId.get(id)));
        return result;
    }

    static KnownConversations fromSnapshot(List<KnownConversation> known) {
        HashPMap<String, KnownConversation> byId = HashTreePMap.empty();
        TreePMap<Long, String> order = TreePMap.empty();
        for (KnownConversation each : known) {
            byId = byId.plus(each.conversationId(), each);
            order = order.plus(each.notedBy(), each.conversationId());
        }
        return new KnownConversations(byId, order);
    }

    private KnownConversations bounded(Instant at) {
        var limit = at.minus(KEPT_FOR);
        var rest = this;
        while (rest.oldest().filter(old -> old.notedAt().isBefore(limit)).isPresent() || rest.byId.size() > MAX) {
            rest = rest.withoutOldest();
        }
        return rest;
    }

    private Optional<KnownConversation> oldest() {
        return order.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(byId.get(order.firstEntry().getValue()));
    }

    private KnownConversations withoutOldest() {
        return new KnownConversations(byId.minus(order.firstEntry().getValue()), order.minusFirstEntry());
    }
}
