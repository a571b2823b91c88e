package io.lanying.actors.device;

import akka.actor.typed.ActorRef;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.SealedContent;
import io.lanying.protocol.conversation.StoredMessage;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceSnapshot.GoneRange;
import io.lanying.protocol.device.DeviceSnapshot.OpenItem;
import io.lanying.protocol.sealing.Sealed;
import io.lanying.protocol.session.SessionMessage;
import io.lanying.protocol.session.SessionMessage.Deliver;
import io.lanying.protocol.session.SessionMessage.Gone;
import io.lanying.protocol.session.SessionMessage.Item;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Hands a stream out to the attached session: in order, each number once, within the window.
 *
 * <p>Lives as long as one session is attached to one incarnation of the device; what it knows is rebuilt by the next one from
 * the journaled position. Holds bodies and messages only of items that wait for the window.
 */
final class HandOut {

    /** What keeps the next number from being handed out. */
    enum Waiting {
        /** Nothing is left, or the window is full: the next acknowledgement or item goes on. */
        FOR_SESSION,
        /** The next item's body must be read from the journal. */
        FOR_BODY,
        /** The next item's message must be read from its conversation. */
        FOR_CONTENT,
        /** The next item has outlived its time-to-live and must end first. */
        FOR_EXPIRY
    }

    private record Sent(long itemSeq, int bytes) {}

    private final ActorRef<DeviceCommand> device;
    private final String sessionId;
    private final ActorRef<SessionMessage> session;
    private final DeviceLimits limits;
    private final Map<Long, Instant> sentAt;
    private final ArrayDeque<Sent> unacknowledged = new ArrayDeque<>();
    private final Map<Long, Sealed> bodies = new HashMap<>();
    private final Map<MessageRef, StoredMessage> messages = new HashMap<>();
    private long unacknowledgedBytes;
    private long handedOut;

    /** @param sentAt when items went out that are not acknowledged yet; outlives the session */
    HandOut(
            ActorRef<DeviceCommand> device,
            String sessionId,
            ActorRef<SessionMessage> session,
            long ackedSeq,
            DeviceLimits limits,
            Map<Long, Instant> sentAt) {
        this.device = device;
        this.sessionId = sessionId;
        this.session = session;
        this.handedOut = ackedSeq;
        this.limits = limits;
        this.sentAt = sentAt;
    }

    boolean belongsTo(String id) {
        return sessionId.equals(id);
    }

    String sessionId() {
        return sessionId;
    }

    ActorRef<SessionMessage> session() {
        return session;
    }

    /** The highest number handed out; an acknowledgement above it is not one. */
    long handedOut() {
        return handedOut;
    }

    /** Keeps a body at hand that the journal has just taken. */
    void keep(long bodyAt, Sealed body) {
        bodies.put(bodyAt, body);
    }

    /** Takes bodies read from the journal. */
    void keep(Map<Long, Sealed> read) {
        bodies.putAll(read);
    }

    /** Keeps a message at hand that came with the news, or was read. One without content shows nothing. */
    void keep(MessageRef ref, StoredMessage message) {
        if (message.content().isPresent()) {
            messages.put(ref, message);
        }
    }

    /** Whether the item's message is at hand. */
    boolean has(MessageRef ref) {
        return messages.containsKey(ref);
    }

    /** The messages of one conversation that the next items need, the first of them first. */
    List<MessageRef> missingMessages(ItemStream stream) {
        return stream.open().tailMap(handedOut, false).values().stream()
                .limit(limits.window() * 2L)
                .flatMap(item -> item.content().stream())
                .filter(ref -> !messages.containsKey(ref))
                .collect(Collectors.groupingBy(MessageRef::conversationId, LinkedHashMap::new, Collectors.toList()))
                .values()
                .stream()
                .findFirst()
                .orElse(List.of());
    }

    void acknowledged(long upTo) {
        while (!unacknowledged.isEmpty() && unacknowledged.peekFirst().itemSeq() <= upTo) {
            Sent sent = unacknowledged.removeFirst();
            unacknowledgedBytes -= sent.bytes();
            sentAt.remove(sent.itemSeq());
        }
    }

    /** The events whose bodies the next items need, the first of them first; at most {@code span} numbers apart. */
    List<Long> missingBodies(ItemStream stream, int span) {
        var missing = new ArrayList<Long>();
        for (OpenItem item : stream.open().tailMap(handedOut, false).values()) {
            if (item.bodyAt() == 0 || bodies.containsKey(item.bodyAt())) {
                continue;
            }
            if (!missing.isEmpty() && Math.abs(item.bodyAt() - missing.get(0)) >= span) {
                break;
            }
            missing.add(item.bodyAt());
            if (missing.size() >= limits.window() * 2) {
                break;
            }
        }
        return missing;
    }

    /** Hands out all that may go now. */
    Waiting handOut(ItemStream stream, Instant now) {
        var batch = new ArrayList<Item>();
        var waiting = Waiting.FOR_SESSION;
        while (handedOut < stream.lastSeq()) {
            long next = handedOut + 1;
            OpenItem item = stream.open().get(next);
            if (item == null) {
                flush(batch);
                handOutGone(stream, next);
                continue;
            }
            var message = item.content().map(messages::get).orElse(null);
            int bytes = weight(item, message);
            if (!fits(bytes)) {
                break;
            }
            if (!item.expiresAt().isAfter(now)) {
                waiting = Waiting.FOR_EXPIRY;
                break;
            }
            var body = item.bodyAt() == 0 ? null : bodies.get(item.bodyAt());
            if (item.bodyAt() != 0 && body == null) {
                waiting = Waiting.FOR_BODY;
                break;
            }
            if (item.content().isPresent() && message == null) {
                waiting = Waiting.FOR_CONTENT;
                break;
            }
            batch.add(new Item(
                    next,
                    item.id(),
                    item.kind(),
                    item.acceptedAt(),
                    item.redeliveryOf(),
                    Optional.ofNullable(body),
                    item.ref(),
                    Optional.ofNullable(message),
                    item.receipt()));
            unacknowledged.addLast(new Sent(next, bytes));
            sentAt.put(next, now);
            unacknowledgedBytes += bytes;
            handedOut = next;
            bodies.remove(item.bodyAt());
            item.content().ifPresent(messages::remove);
        }
        flush(batch);
        forgetEnded(stream);
        return waiting;
    }

    /** Items that ended while they waited leave their bodies behind: never more bodies than open items. */
    private void forgetEnded(ItemStream stream) {
        if (bodies.size() > stream.open().size()) {
            var open = new HashSet<Long>();
            stream.open().values().forEach(item -> open.add(item.bodyAt()));
            bodies.keySet().retainAll(open);
        }
        if (messages.size() > stream.open().size()) {
            var shown = new HashSet<MessageRef>();
            stream.open().values().forEach(item -> item.content().ifPresent(shown::add));
            messages.keySet().retainAll(shown);
        }
    }

    private void handOutGone(ItemStream stream, long next) {
        var entry = stream.gone().floorEntry(next);
        if (entry == null || entry.getValue().toSeq() < next) {
            handedOut = next; // acknowledged already
            return;
        }
        GoneRange range = entry.getValue();
        session.tell(new Gone(device, next, range.toSeq(), range.fate()));
        handedOut = range.toSeq();
    }

    /** A message weighs what it says, which only its conversation knows. */
    private static int weight(OpenItem item, @Nullable StoredMessage message) {
        return item.bytes()
                + (message == null
                        ? 0
                        : message.content().map(SealedContent::bytes).orElse(0));
    }

    private boolean fits(int bytes) {
        return unacknowledged.isEmpty()
                || (unacknowledged.size() < limits.window() && unacknowledgedBytes + bytes <= limits.windowBytes());
    }

    private void flush(List<Item> batch) {
        if (!batch.isEmpty()) {
            session.tell(new Deliver(device, batch));
            batch.clear();
        }
    }
}
