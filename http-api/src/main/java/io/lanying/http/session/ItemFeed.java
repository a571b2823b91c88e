package io.lanying.http.session;

import io.lanying.http.session.SocketMetrics.Incident;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.sealing.Sealed;
import io.lanying.protocol.sealing.Sealer;
import io.lanying.protocol.sealing.Sealing;
import io.lanying.protocol.session.SessionMessage.Gone;
import io.lanying.protocol.session.SessionMessage.Item;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts a device's items on one socket: in order, each number once, however often the device moves and begins again.
 *
 * <p>{@code acked} is what the app has acknowledged, {@code handed} the last number that the present incarnation of the device
 * has handed over, {@code sent} the last that is on the socket. A body whose key is not at hand holds up what comes after it;
 * what then waits is bounded. Not thread-safe: belongs to its session.
 */
final class ItemFeed {

    /** What the session is to do next. */
    enum Outcome {
        GOING_ON,
        /** A number is missing, or more came than a device sends: attach again. */
        GAP,
        /** The app does not read. */
        SLOW,
        /** The next item's key must be looked up: {@link #awaited()}. */
        KEY_NEEDED
    }

    /** More than a device sends: its window of items, and at most a thousand ranges of ended ones. */
    static final int MAX_WAITING = 2_048;

    private record Awaited(Item item, Sealed body, CompletionStage<Optional<Sealer>> key) {}

    private final String tenant;
    private final Sealing sealing;
    private final ItemFrames frames;
    private final Socket socket;
    private final SocketMetrics metrics;
    private final LongConsumer unreadable;
    private final ArrayDeque<Supplier<Outcome>> waiting = new ArrayDeque<>(1);
    private @Nullable Awaited awaited;
    private long acked;
    private long handed;
    private long sent;

    /** @param unreadable told the number of each item whose body cannot be opened, after the app was told it is gone */
    ItemFeed(
            String tenant,
            Sealing sealing,
            ItemFrames frames,
            Socket socket,
            SocketMetrics metrics,
            LongConsumer unreadable) {
        this.tenant = tenant;
        this.sealing = sealing;
        this.frames = frames;
        this.socket = socket;
        this.metrics = metrics;
        this.unreadable = unreadable;
    }

    long acked() {
        return acked;
    }

    long sent() {
        return sent;
    }

    /** The app's own word before anything was attached. */
    void knows(long ackedSeq) {
        acked = ackedSeq;
    }

    /** A device attached for the first time on this socket: its position is what counts. */
    void begin(long ackedSeq) {
        acked = ackedSeq;
        handed = ackedSeq;
        sent = ackedSeq;
    }

    /** The app has these already, although it has not acknowledged them. */
    void skip(long upTo) {
        sent = Math.max(sent, upTo);
    }

    /** Another incarnation, or the same again: it begins after {@code ackedSeq}; what waited will come again. */
    void resume(long ackedSeq) {
        waiting.clear();
        awaited = null;
        handed = ackedSeq;
        acked = Math.max(acked, ackedSeq);
        sent = Math.max(sent, ackedSeq);
    }

    /** False: above what was sent. */
    boolean acknowledge(long itemSeq) {
        if (itemSeq > sent) {
            return false;
        }
        acked = Math.max(acked, itemSeq);
        return true;
    }

    /**
     * How far the present incarnation may be told of acknowledgements: it takes one above what it has itself handed over for
     * misuse, even if the app had that item from the one before it.
     */
    long tellable() {
        return Math.min(acked, handed);
    }

    Outcome deliver(List<Item> items) {
        Outcome all = Outcome.GOING_ON;
        for (Item item : items) {
            Outcome outcome = inTurn(() -> put(item));
            if (outcome == Outcome.GAP || outcome == Outcome.SLOW) {
                return outcome;
            }
            all = outcome == Outcome.KEY_NEEDED ? outcome : all;
        }
        return all;
    }

    Outcome gone(Gone gone) {
        return inTurn(() -> put(gone));
    }

    /** The look-up of the key that the next item waits for. */
    CompletionStage<Optional<Sealer>> awaited() {
        Awaited item = awaited;
        return item == null ? CompletableFuture.completedStage(Optional.empty()) : item.key();
    }

    /** Looks up again what could not be looked up. */
    Outcome lookUpAgain() {
        Awaited item = awaited;
        if (item == null) {
            return Outcome.GOING_ON;
        }
        awaited = null;
        Outcome outcome = put(item.item());
        return outcome == Outcome.GOING_ON ? drain() : outcome;
    }

    /** The look-up's answer: goes on with all that waited. */
    Outcome keyFound(Optional<Sealer> sealer) {
        Awaited item = awaited;
        if (item == null) {
            return Outcome.GOING_ON;
        }
        awaited = null;
        Outcome outcome = send(item.item(), item.body(), sealer);
        return outcome == Outcome.GOING_ON ? drain() : outcome;
    }

    private Outcome drain() {
        Outcome outcome = Outcome.GOING_ON;
        Supplier<Outcome> next = waiting.pollFirst();
        while (next != null) {
            outcome = next.get();
            next = outcome == Outcome.GOING_ON ? waiting.pollFirst() : null;
        }
        return outcome;
    }

    private Outcome inTurn(Supplier<Outcome> step) {
        if (awaited == null) {
            return step.get();
        }
        if (waiting.size() >= MAX_WAITING) {
            return Outcome.GAP;
        }
        waiting.addLast(step);
        return Outcome.GOING_ON;
    }

    private Outcome put(Item item) {
        long seq = item.itemSeq();
        if (isGap(seq)) {
            return Outcome.GAP;
        }
        handed = Math.max(handed, seq);
        if (seq <= sent) {
            metrics.count(Incident.REPEAT_DROPPED);
            return Outcome.GOING_ON;
        }
        return item.sealed()
                .map(box -> open(item, box))
                .orElseGet(() -> sent(seq, frames.bodiless(item), FrameType.ITEM));
    }

    private Outcome put(Gone gone) {
        if (isGap(gone.fromSeq())) {
            return Outcome.GAP;
        }
        handed = Math.max(handed, gone.toSeq());
        if (gone.toSeq() <= sent) {
            return Outcome.GOING_ON; // the app has these
        }
        byte[] frame = frames.gone(Math.max(gone.fromSeq(), sent + 1), gone.toSeq(), gone.fate());
        return sent(gone.toSeq(), frame, FrameType.GONE);
    }

    /** What was acknowledged meanwhile is passed over in silence. */
    private boolean isGap(long seq) {
        return seq > Math.max(handed, acked) + 1;
    }

    private Outcome open(Item item, Sealed body) {
        CompletionStage<Optional<Sealer>> stage = sealing.existing(tenant, body.subject());
        CompletableFuture<Optional<Sealer>> key = stage.toCompletableFuture();
        if (key.isDone() && !key.isCompletedExceptionally()) {
            return send(item, body, key.getNow(Optional.empty()));
        }
        awaited = new Awaited(item, body, stage);
        return Outcome.KEY_NEEDED;
    }

    private Outcome send(Item item, Sealed body, Optional<Sealer> sealer) {
        Optional<byte[]> frame = sealer.flatMap(key -> frames.opened(item, body, key));
        if (frame.isPresent()) {
            return sent(item.itemSeq(), frame.get(), FrameType.ITEM);
        }
        metrics.count(sealer.isPresent() ? Incident.BODY_BROKEN : Incident.BODY_ERASED);
        Outcome outcome =
                sent(item.itemSeq(), frames.gone(item.itemSeq(), item.itemSeq(), Fate.REFUSED), FrameType.GONE);
        unreadable.accept(item.itemSeq());
        return outcome;
    }

    private Outcome sent(long upTo, byte[] frame, FrameType type) {
        if (!socket.send(frame, type, upTo)) {
            return Outcome.SLOW;
        }
        sent = upTo;
        return Outcome.GOING_ON;
    }
}
