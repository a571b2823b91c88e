package io.lanying.actors.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanying.protocol.conversation.Receipt;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceEvent.Acknowledged;
import io.lanying.protocol.device.DeviceEvent.BroughtBack;
import io.lanying.protocol.device.DeviceEvent.ConversationNoted;
import io.lanying.protocol.device.DeviceEvent.DeviceDeleted;
import io.lanying.protocol.device.DeviceEvent.DeviceRebound;
import io.lanying.protocol.device.DeviceEvent.DeviceRegistered;
import io.lanying.protocol.device.DeviceEvent.ItemAccepted;
import io.lanying.protocol.device.DeviceEvent.ItemOpened;
import io.lanying.protocol.device.DeviceEvent.ItemsBroughtBack;
import io.lanying.protocol.device.DeviceEvent.ItemsEnded;
import io.lanying.protocol.device.DeviceEvent.ItemsRedelivered;
import io.lanying.protocol.device.DeviceEvent.ItemsSetAside;
import io.lanying.protocol.device.DeviceEvent.SessionAttached;
import io.lanying.protocol.device.DeviceEvent.SessionDetached;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.sealing.Sealed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a device's events say, told a second time and without cleverness: a list of items, each with its fate. Refuses events
 * that contradict each other.
 */
final class Oracle {

    /** One numbered item. */
    static final class Numbered {
        final int stream;
        final long itemSeq;
        final String id;
        final ItemKind kind;
        final boolean original;
        final long acceptedBy;
        final Optional<Sealed> body;
        Fate fate = Fate.PENDING;

        Numbered(
                int stream,
                long itemSeq,
                String id,
                ItemKind kind,
                boolean original,
                long acceptedBy,
                Optional<Sealed> body) {
            this.stream = stream;
            this.itemSeq = itemSeq;
            this.id = id;
            this.kind = kind;
            this.original = original;
            this.acceptedBy = acceptedBy;
            this.body = body;
        }

        boolean isOpen() {
            return fate == Fate.PENDING;
        }
    }

    final List<Numbered> items = new ArrayList<>();
    private final Map<Long, Numbered> byEvent = new HashMap<>();
    private final Map<String, Fate> overlay = new HashMap<>();
    private final Map<Long, Numbered> aside = new HashMap<>();
    private final Map<String, Long> lastMessage = new HashMap<>();
    private final Map<String, Receipt> receipts = new HashMap<>();
    private int stream;
    private long eventSeq;
    private long ackedSeq;

    /** The items of the present stream, by number from 1. */
    List<Numbered> present() {
        return items.stream().filter(item -> item.stream == stream).toList();
    }

    int stream() {
        return stream;
    }

    long ackedSeq() {
        return ackedSeq;
    }

    /** The fate of the notification that this event accepted. */
    Fate fateOf(long acceptedBy) {
        Numbered item = byEvent.get(acceptedBy);
        return overlay.getOrDefault(item.id, item.fate);
    }

    /** The event that accepted the latest notification of this id in the present stream. */
    long lastAccepted(String id) {
        return present().stream()
                .filter(item -> item.id.equals(id) && item.original && item.kind == ItemKind.PUSH)
                .mapToLong(item -> item.acceptedBy)
                .max()
                .orElseThrow();
    }

    void apply(DeviceEvent event) {
        eventSeq++;
        if (event instanceof DeviceRegistered || event instanceof DeviceRebound) {
            newStream(Fate.REBOUND);
        } else if (event instanceof DeviceDeleted) {
            newStream(Fate.DEVICE_GONE);
        } else if (event instanceof ItemAccepted accepted) {
            accept(accepted);
        } else if (event instanceof ItemsRedelivered again) {
            redeliver(again);
        } else if (event instanceof ConversationNoted noted) {
            note(noted);
        } else if (event instanceof ItemsSetAside set) {
            set.itemSeqs().forEach(this::setAside);
        } else if (event instanceof ItemsBroughtBack back) {
            back.items().forEach(this::bringBack);
        } else if (event instanceof ItemsEnded ended) {
            ended.itemSeqs().forEach(itemSeq -> end(itemSeq, ended.fate()));
        } else if (event instanceof ItemOpened opened) {
            overlay.put(opened.id(), Fate.OPENED);
        } else if (event instanceof Acknowledged acknowledged) {
            acknowledge(acknowledged.ackedSeq());
        } else if (event instanceof SessionAttached attached) {
            acknowledge(attached.ackedSeq());
        } else if (event instanceof SessionDetached detached) {
            acknowledge(detached.ackedSeq());
        }
    }

    private void newStream(Fate fate) {
        present().stream().filter(Numbered::isOpen).forEach(item -> item.fate = fate);
        stream++;
        ackedSeq = 0;
        aside.clear();
        lastMessage.clear();
        receipts.clear();
    }

    private void note(ConversationNoted noted) {
        acknowledge(noted.ackedSeq());
        long itemSeq = noted.firstItemSeq();
        for (var range : noted.ranges()) {
            for (long message = range.fromSeq(); message <= range.toSeq(); message++) {
                if (range.kind() == ItemKind.MESSAGE) {
                    Long before = lastMessage.put(noted.conversationId(), message);
                    assertThat(message).as("no message comes twice").isGreaterThan(before == null ? 0 : before);
                }
                String id = range.receipt()
                        .map(receipt -> receipt.itemId(noted.conversationId()))
                        .orElse(noted.conversationId() + "~" + message);
                range.receipt().ifPresent(receipt -> note(noted.conversationId(), receipt));
                add(itemSeq++, id, range.kind(), true, -itemSeq, Optional.empty());
            }
        }
    }

    private void note(String conversationId, Receipt receipt) {
        Receipt before = receipts.put(conversationId, receipt);
        assertThat(before == null || !before.and(receipt).equals(before))
                .as("no receipt comes twice")
                .isTrue();
        assertThat(before == null ? receipt : before.and(receipt))
                .as("nor takes anything back")
                .isEqualTo(receipt);
    }

    private void setAside(long itemSeq) {
        Numbered item = present().get((int) itemSeq - 1);
        assertThat(item.fate).isEqualTo(Fate.PENDING);
        item.fate = Fate.SUPERSEDED;
        aside.put(itemSeq, item);
    }

    private void bringBack(BroughtBack back) {
        Numbered before = aside.remove(back.setAside());
        assertThat(before).as("only what is aside comes back").isNotNull();
        add(back.item().itemSeq(), before.id, before.kind, before.original, before.acceptedBy, before.body);
    }

    boolean hasNothingAside() {
        return aside.isEmpty();
    }

    private void accept(ItemAccepted accepted) {
        acknowledge(accepted.ackedSeq());
        if (accepted.kind() == ItemKind.RECALL) {
            overlay.put(accepted.id(), Fate.RECALLED);
        } else {
            overlay.remove(accepted.id());
        }
        byEvent.put(eventSeq, add(accepted.itemSeq(), accepted.id(), accepted.kind(), true, eventSeq, accepted.body()));
    }

    private void redeliver(ItemsRedelivered again) {
        acknowledge(again.ackedSeq());
        for (var item : again.items()) {
            Numbered before = present().get((int) item.redeliveryOf() - 1);
            Numbered source = item.ref().isPresent() ? before : byEvent.get(item.bodyAt());
            assertThat(before.id).isEqualTo(item.id()).isEqualTo(source.id);
            assertThat(source.stream).as("a redelivery stays within its stream").isEqualTo(stream);
            add(item.itemSeq(), item.id(), item.kind(), false, source.acceptedBy, source.body);
        }
    }

    private Numbered add(
            long itemSeq, String id, ItemKind kind, boolean original, long acceptedBy, Optional<Sealed> body) {
        assertThat(itemSeq).as("numbers are gap-free").isEqualTo(present().size() + 1L);
        var item = new Numbered(stream, itemSeq, id, kind, original, acceptedBy, body);
        items.add(item);
        return item;
    }

    private void end(long itemSeq, Fate fate) {
        if (aside.remove(itemSeq) != null) {
            return; // its number is gone already
        }
        Numbered item = present().get((int) itemSeq - 1);
        assertThat(item.fate).as("item %s ends once, now %s", itemSeq, fate).isEqualTo(Fate.PENDING);
        item.fate = fate;
    }

    private void acknowledge(long upTo) {
        assertThat(upTo).isLessThanOrEqualTo(present().size());
        if (upTo > ackedSeq) {
            present().stream()
                    .filter(item -> item.itemSeq <= upTo && item.isOpen())
                    .forEach(item -> item.fate = Fate.ACKNOWLEDGED);
            ackedSeq = upTo;
        }
    }
}
