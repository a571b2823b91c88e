package io.lanying.actors.conversation;

import akka.actor.typed.javadsl.TimerScheduler;
import io.lanying.actors.conversation.ConversationMessage.BringReceipts;
import io.lanying.protocol.conversation.ConversationCommand;
import io.lanying.protocol.position.PositionChange;
import io.lanying.protocol.position.ReceiptChange;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Brings companions what senders are to be told, gathered for a while. Mutable, of one incarnation of the entity: the next one
 * finds by comparing what this one did not bring.
 */
final class ReceiptBearer {

    private final PositionBook book;
    private final TimerScheduler<ConversationCommand> timers;
    private final ConversationEntitySettings settings;
    private int keeping;
    private boolean bringing;
    private boolean open;

    ReceiptBearer(PositionBook book, TimerScheduler<ConversationCommand> timers, ConversationEntitySettings settings) {
        this.book = book;
        this.timers = timers;
        this.settings = settings;
    }

    /** What an earlier incarnation has brought is not known. */
    void reset(ConversationState state) {
        keeping = 0;
        bringing = false;
        open = areGiven(state);
    }

    boolean areGiven(ConversationState state) {
        return Receipts.areGiven(state, settings.receiptMaxMembers());
    }

    /** Whether something may have to be brought. */
    boolean isOpen() {
        return open;
    }

    /** Whether the entity must stay in memory. */
    boolean isBusy() {
        return bringing || keeping > 0 || timers.isTimerActive(ReceiptBearer.class);
    }

    /** Companions are asked to keep positions, from which receipts follow. */
    void keeping() {
        keeping++;
        open = true;
    }

    /** They have kept them, or not. */
    void kept(ConversationState state) {
        keeping = Math.max(0, keeping - 1); // an earlier incarnation's answer may still come
        changed(state);
    }

    /** Senders may be to be told something else. */
    void changed(ConversationState state) {
        if (areGiven(state) || book.mayOweReceipts()) {
            open = true;
            later(state);
        }
    }

    /** Positions have been read, or a reminder fired: what was open goes on. */
    void goOn(ConversationState state) {
        if (open && !bringing) {
            later(state);
        }
    }

    private void later(ConversationState state) {
        if (!timers.isTimerActive(ReceiptBearer.class)) {
            timers.startSingleTimer(
                    ReceiptBearer.class,
                    new BringReceipts(),
                    Receipts.isDirect(state) ? settings.receiptPauseDirect() : settings.receiptPause());
        }
    }

    /** What rides on the event of these positions: in a direct conversation all that follows from them. */
    Map<Integer, List<ReceiptChange>> riding(ConversationState state, Map<Integer, List<PositionChange>> changes) {
        return areGiven(state) && Receipts.isDirect(state)
                ? book.receiptsAfter(state, changes, settings.receiptMaxMembers())
                : Map.of();
    }

    /** Brings all that is new. */
    void bring(ConversationState state, Instant now) {
        if (bringing) {
            later(state);
        } else if (open && book.require(state, now) == PositionBook.Cover.KNOWN) {
            var changes = book.receiptsAfter(state, Map.of(), settings.receiptMaxMembers());
            bringing = !changes.isEmpty();
            open = bringing || keeping > 0;
            if (bringing) {
                book.bring(changes);
            }
        }
    }

    /** Companions have them, or not. */
    void brought(ConversationState state, boolean kept) {
        bringing = false;
        open = !kept || keeping > 0 || timers.isTimerActive(ReceiptBearer.class);
        goOn(state);
    }
}
