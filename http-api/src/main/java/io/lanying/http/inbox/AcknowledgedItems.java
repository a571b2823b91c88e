package io.lanying.http.inbox;

import io.lanying.http.error.Unavailable;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.device.DeviceEvent.ConversationNoted;
import io.lanying.protocol.device.DeviceEvent.DeviceRebound;
import io.lanying.protocol.device.DeviceEvent.DeviceRegistered;
import io.lanying.protocol.device.DeviceEvent.ItemAccepted;
import io.lanying.protocol.device.DeviceEvent.ItemsBroughtBack;
import io.lanying.protocol.device.DeviceEvent.ItemsEnded;
import io.lanying.protocol.device.DeviceEvent.ItemsRedelivered;
import io.lanying.protocol.device.DeviceEvent.ItemsSetAside;
import io.lanying.protocol.device.DeviceSnapshot.GoneRange;
import io.lanying.protocol.device.DeviceSnapshot.OpenItem;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.device.Strategy;
import io.lanying.protocol.journal.Journal;
import io.lanying.protocol.journal.JournalEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Finds items of a device's present stream that the app has acknowledged, by searching its journal backwards: what was
 * acknowledged lately is near its end. Keeps no more in memory than what was asked for, and the ids of what was recalled.
 */
final class AcknowledgedItems {

    /** The most events that one read brings. */
    private static final int PAGE = 1_000;

    private final Journal journal;

    AcknowledgedItems(Journal journal) {
        this.journal = journal;
    }

    /** Every number from {@code afterSeq + 1} to {@code upToSeq}, in order, as an item or gone. */
    CompletionStage<List<Entry>> find(EntityId device, long afterSeq, long upToSeq, long lastEventSeq) {
        return new Search(device, afterSeq, upToSeq).back(lastEventSeq);
    }

    private final class Search {

        private final EntityId device;
        private final long afterSeq;
        private final long upToSeq;
        private final Map<Long, OpenItem> found = new HashMap<>();
        private final Map<Long, Fate> ended = new HashMap<>();
        private final Set<String> recalled = new HashSet<>();
        private boolean complete;

        Search(EntityId device, long afterSeq, long upToSeq) {
            this.device = device;
            this.afterSeq = afterSeq;
            this.upToSeq = upToSeq;
        }

        CompletionStage<List<Entry>> back(long eventSeq) {
            if (complete || eventSeq < 1) {
                return CompletableFuture.completedFuture(result());
            }
            long from = Math.max(1, eventSeq - PAGE + 1);
            return Unavailable.when(
                            "the journal cannot be read",
                            () -> journal.events(EntityKind.DEVICE, device, from, eventSeq, PAGE))
                    .thenCompose(events -> {
                        for (int i = events.size() - 1; i >= 0 && !complete; i--) {
                            note(events.get(i));
                        }
                        return back(from - 1);
                    });
        }

        private void note(JournalEvent each) {
            var event = each.event();
            if (event instanceof ItemAccepted accepted) {
                note(accepted.item(each.eventSeq()));
            } else if (event instanceof ItemsRedelivered again) {
                again.items(each.eventSeq()).forEach(this::note);
            } else if (event instanceof ConversationNoted noted) {
                noted.items(each.eventSeq()).forEach(this::note);
            } else if (event instanceof ItemsBroughtBack back) {
                back.items().forEach(item -> note(item.item()));
            } else if (event instanceof ItemsSetAside aside) {
                noteEnded(aside.itemSeqs(), Fate.SUPERSEDED);
            } else if (event instanceof ItemsEnded end) {
                noteEnded(end.itemSeqs(), end.fate());
            } else if (event instanceof DeviceRegistered || event instanceof DeviceRebound) {
                complete = true; // what was before belongs to another stream
            }
        }

        private void noteEnded(List<Long> itemSeqs, Fate fate) {
            itemSeqs.stream().filter(this::inRange).forEach(itemSeq -> ended.put(itemSeq, fate));
        }

        private void note(OpenItem item) {
            complete = complete || item.itemSeq() <= afterSeq + 1;
            if (item.kind() == ItemKind.RECALL) {
                recalled.add(item.id());
            }
            if (!inRange(item.itemSeq())) {
                return;
            }
            if (item.howBrought().strategy() == Strategy.VENDOR_ONLY) {
                ended.putIfAbsent(item.itemSeq(), Fate.PENDING); // never this app's to have
            } else {
                found.put(item.itemSeq(), item);
            }
        }

        private boolean inRange(long itemSeq) {
            return itemSeq > afterSeq && itemSeq <= upToSeq;
        }

        private List<Entry> result() {
            var entries = new ArrayList<Entry>();
            for (long seq = afterSeq + 1; seq <= upToSeq; seq++) {
                OpenItem item = found.get(seq);
                Fate fate = endOf(seq, item);
                if (fate != null) {
                    addGone(entries, seq, fate);
                } else if (item != null) {
                    entries.add(Entry.of(item, true));
                } else {
                    throw new IllegalStateException("item " + seq + " is not in the journal of " + device);
                }
            }
            return entries;
        }

        /** A recalled notification or message is not shown again, although the app had acknowledged it. */
        private @Nullable Fate endOf(long seq, @Nullable OpenItem item) {
            boolean wasRecalled = item != null
                    && (item.kind() == ItemKind.PUSH || item.content().isPresent())
                    && recalled.contains(item.id());
            return wasRecalled ? Fate.RECALLED : ended.get(seq);
        }

        private static void addGone(List<Entry> entries, long seq, Fate fate) {
            var last = entries.isEmpty()
                    ? Optional.<GoneRange>empty()
                    : entries.get(entries.size() - 1).gone();
            if (last.isPresent() && last.get().fate() == fate) {
                entries.set(
                        entries.size() - 1, Entry.of(new GoneRange(last.get().fromSeq(), seq, fate), true));
            } else {
                entries.add(Entry.of(new GoneRange(seq, seq, fate), true));
            }
        }
    }
}
