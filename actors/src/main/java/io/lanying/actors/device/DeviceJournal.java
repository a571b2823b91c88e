package io.lanying.actors.device;

import io.lanying.protocol.EntityId;
import io.lanying.protocol.EntityKind;
import io.lanying.protocol.device.DeviceEvent.ConversationNoted;
import io.lanying.protocol.device.DeviceEvent.DeviceDeleted;
import io.lanying.protocol.device.DeviceEvent.DeviceRebound;
import io.lanying.protocol.device.DeviceEvent.DeviceRegistered;
import io.lanying.protocol.device.DeviceEvent.ItemAccepted;
import io.lanying.protocol.device.DeviceEvent.ItemsBroughtBack;
import io.lanying.protocol.device.DeviceEvent.ItemsEnded;
import io.lanying.protocol.device.DeviceEvent.ItemsRedelivered;
import io.lanying.protocol.device.DeviceEvent.ItemsSetAside;
import io.lanying.protocol.device.DeviceSnapshot.OpenItem;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.journal.Journal;
import io.lanying.protocol.journal.JournalEvent;
import io.lanying.protocol.sealing.Sealed;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What a device reads back from its own journal: bodies by number, and old items to deliver again. */
final class DeviceJournal {

    /** The most events one read brings; also how far apart the bodies of one read may lie. */
    static final int PAGE = 1_000;

    private final Journal journal;
    private final EntityId device;

    DeviceJournal(Journal journal, EntityId device) {
        this.journal = journal;
        this.device = device;
    }

    /** The bodies of these events, as far as they lie within {@link #PAGE} numbers of each other. */
    CompletionStage<Map<Long, Sealed>> bodies(Collection<Long> eventSeqs) {
        long from = eventSeqs.stream().mapToLong(Long::longValue).min().orElseThrow();
        long to = eventSeqs.stream().mapToLong(Long::longValue).max().orElseThrow();
        Set<Long> wanted = Set.copyOf(eventSeqs);
        return journal.events(EntityKind.DEVICE, device, from, to, PAGE).thenApply(events -> {
            var bodies = new HashMap<Long, Sealed>();
            for (JournalEvent each : events) {
                if (wanted.contains(each.eventSeq()) && each.event() instanceof ItemAccepted accepted) {
                    accepted.body().ifPresent(body -> bodies.put(each.eventSeq(), body));
                }
            }
            return bodies;
        });
    }

    /** The acceptance that this event is; empty if it is none. */
    CompletionStage<Optional<ItemAccepted>> accepted(long eventSeq) {
        return journal.events(EntityKind.DEVICE, device, eventSeq, eventSeq, 1).thenApply(events -> events.stream()
                .map(JournalEvent::event)
                .filter(ItemAccepted.class::isInstance)
                .map(ItemAccepted.class::cast)
                .findFirst());
    }

    /**
     * The items of the stream that is present at {@code lastEventSeq} with these numbers, in order, without those that were
     * cancelled, recalled or superseded.
     */
    CompletionStage<List<OpenItem>> items(long fromItemSeq, long toItemSeq, long lastEventSeq) {
        return new ItemSearch(fromItemSeq, toItemSeq, lastEventSeq).read(1);
    }

    private final class ItemSearch {

        private final long fromItemSeq;
        private final long toItemSeq;
        private final long lastEventSeq;
        private final TreeMap<Long, OpenItem> found = new TreeMap<>();
        private final Set<String> recalled = new HashSet<>();

        ItemSearch(long fromItemSeq, long toItemSeq, long lastEventSeq) {
            this.fromItemSeq = fromItemSeq;
            this.toItemSeq = toItemSeq;
            this.lastEventSeq = lastEventSeq;
        }

        CompletionStage<List<OpenItem>> read(long fromEventSeq) {
            if (fromEventSeq > lastEventSeq) {
                return CompletableFuture.completedFuture(result());
            }
            return journal.events(EntityKind.DEVICE, device, fromEventSeq, lastEventSeq, PAGE)
                    .thenCompose(events -> {
                        events.forEach(this::note);
                        return events.isEmpty()
                                ? CompletableFuture.completedFuture(result())
                                : read(events.get(events.size() - 1).eventSeq() + 1);
                    });
        }

        private List<OpenItem> result() {
            return new ArrayList<>(found.values().stream()
                    .filter(item -> !recalled.contains(item.id()))
                    .toList());
        }

        private void note(JournalEvent each) {
            var event = each.event();
            if (event instanceof ItemAccepted accepted) {
                note(accepted.item(each.eventSeq()));
            } else if (event instanceof ItemsRedelivered again) {
                again.items(each.eventSeq()).forEach(this::note);
            } else if (event instanceof ConversationNoted noted) {
                noted.items(each.eventSeq()).forEach(this::note);
            } else if (event instanceof ItemsSetAside aside) {
                aside.itemSeqs().forEach(found::remove);
            } else if (event instanceof ItemsBroughtBack back) {
                back.items().forEach(item -> note(item.item()));
            } else if (event instanceof ItemsEnded ended) {
                noteEnded(ended);
            } else if (event instanceof DeviceRegistered
                    || event instanceof DeviceRebound
                    || event instanceof DeviceDeleted) {
                found.clear();
                recalled.clear();
            }
        }

        private void note(OpenItem item) {
            if (item.kind() == ItemKind.RECALL) {
                recalled.add(item.id());
            } else if (inRange(item.itemSeq())) {
                found.put(item.itemSeq(), item);
            }
        }

        private void noteEnded(ItemsEnded ended) {
            var fate = ended.fate();
            boolean unwanted = fate == Fate.CANCELLED
                    || fate == Fate.RECALLED
                    || fate == Fate.SUPERSEDED
                    || ended.reason().equals(Optional.of("erased"));
            if (unwanted) {
                ended.itemSeqs().forEach(found::remove);
            }
        }

        private boolean inRange(long itemSeq) {
            return itemSeq >= fromItemSeq && itemSeq <= toItemSeq;
        }
    }
}
