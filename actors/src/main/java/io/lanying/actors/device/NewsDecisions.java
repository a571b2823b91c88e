package io.lanying.actors.device;

import io.lanying.protocol.conversation.Alert;
import io.lanying.protocol.conversation.ConversationNews;
import io.lanying.protocol.conversation.Counts;
import io.lanying.protocol.conversation.MessageRef;
import io.lanying.protocol.conversation.Notice;
import io.lanying.protocol.conversation.Receipt;
import io.lanying.protocol.device.DeviceCommand.TakeNews;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceEvent.ConversationNoted;
import io.lanying.protocol.device.DeviceEvent.ItemsEnded;
import io.lanying.protocol.device.DeviceEvent.ItemsSetAside;
import io.lanying.protocol.device.DeviceEvent.NotedRange;
import io.lanying.protocol.device.DeviceReply.NewsLater;
import io.lanying.protocol.device.DeviceReply.NewsTaken;
import io.lanying.protocol.device.DeviceReply.OtherOwner;
import io.lanying.protocol.device.DeviceSnapshot.KnownConversation;
import io.lanying.protocol.device.DeviceSnapshot.OpenItem;
import io.lanying.protocol.device.DeviceSnapshot.Quiet;
import io.lanying.protocol.device.DeviceSnapshot.Registration;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.device.PushOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What a device decides about news of its owner's conversations. Pure. */
record NewsDecisions(DeviceDecisions device) {

    /** So many messages of a conversation wait for an app that is far behind. */
    static final int FAR_BEHIND = 100;

    /** News of a conversation that come sooner than this after the last are many: telling them later saves writes. */
    static final Duration BUSY = Duration.ofSeconds(10);

    /** The most items that one event makes; what is left of the news is taken by the next one, before the answer. */
    static final int MAX_ITEMS = 2_000;

    /**
     * What becomes of news.
     *
     * @param more whether some are left for another event
     */
    record Taken(Decision decision, boolean more) {}

    Taken take(TakeNews command) {
        var owned = device.state().registration().filter(known -> known.userId().equals(Optional.of(command.userId())));
        if (owned.isEmpty()) {
            return new Taken(Decision.answer(new OtherOwner()), false);
        }
        var known = device.state().conversations().of(command.news().conversationId());
        if (command.mayWait() && wouldWait(owned.get(), known, command.news())) {
            return new Taken(Decision.answer(new NewsLater(known.conversationId())), false);
        }
        var sifting = new Sifting(owned.get(), known, command.news());
        for (Notice notice : command.news().notices()) {
            sifting.sift(notice);
        }
        var answer = new NewsTaken(
                known.conversationId(), Math.max(known.upTo(), command.news().upTo()));
        return new Taken(new Decision(sifting.events(command.news().upTo()), answer), sifting.isFull);
    }

    /**
     * Whether nobody misses these few more messages now: no app is there, much waits for it already, no vendor is to be asked.
     * What comes later is taken at once, so that one write holds many.
     */
    private boolean wouldWait(Registration owner, KnownConversation known, ConversationNews news) {
        var state = device.state();
        boolean onlyMessages = news.notices().stream().allMatch(notice -> notice.kind() == ItemKind.MESSAGE);
        long messages = news.notices().stream()
                .mapToLong(notice -> notice.toSeq() - notice.fromSeq() + 1)
                .sum();
        boolean byVendor =
                howBrought(news).isEmpty() && !owner.profile().tokens().isEmpty();
        return state.attachment().isEmpty()
                && known.notedAt().plus(BUSY).isAfter(state.timeOf(device.now()))
                && onlyMessages
                && messages > 0
                && messages < FAR_BEHIND
                && !byVendor
                && state.present()
                                .unended()
                                .filter(ContentDecisions.of(known.conversationId()))
                                .limit(FAR_BEHIND)
                                .count()
                        == FAR_BEHIND;
    }

    /** How the items of these news are brought: as by default if any may go to a vendor. */
    static Optional<PushOptions> howBrought(ConversationNews news) {
        boolean byVendorToo = news.notices().stream()
                .anyMatch(notice ->
                        notice.kind() == ItemKind.MESSAGE && notice.alert().isByVendor());
        return byVendorToo ? Optional.empty() : NotedRange.OWN_CONNECTION_ONLY;
    }

    /** Takes of news what the device does not know, in order, until one event is full. */
    private final class Sifting {

        private final Registration owner;
        private final KnownConversation known;
        private final List<NotedRange> ranges = new ArrayList<>();
        private final Set<Long> recalled = new HashSet<>();
        private final Set<Long> outread = new HashSet<>();
        private final Set<Long> outdated = new HashSet<>();
        private ItemStream stream;
        private long upTo;
        private long messageSeq;
        private long readSeq;
        private Optional<Receipt> receipt;
        private final Optional<Counts> counts;
        private final boolean isBare;
        private long items;
        private boolean anythingNew;
        private boolean isFull;

        Sifting(Registration owner, KnownConversation known, ConversationNews news) {
            this.owner = owner;
            this.known = known;
            this.stream = device.state().present().acknowledge(device.acked());
            this.upTo = known.upTo();
            this.messageSeq = known.messageSeq();
            this.readSeq = known.readSeq();
            this.receipt = known.receipt();
            this.counts = news.counts().map(said -> asHeard(said, news.upTo()));
            this.isBare = news.notices().isEmpty();
        }

        /** What is older than what is known, as a position told late, does not know what its reader has muted since. */
        private Counts asHeard(Counts said, long newsUpTo) {
            return known.counts()
                    .filter(before -> newsUpTo < known.upTo())
                    .map(before -> new Counts(said.unread(), said.asOfSeq(), before.muted()))
                    .orElse(said);
        }

        void sift(Notice notice) {
            boolean isNews =
                    switch (notice.kind()) {
                        case MESSAGE -> notice.toSeq() > messageSeq;
                        case READ -> notice.toSeq() > readSeq;
                        case RECEIPT -> !joined(notice).equals(receipt);
                        default -> notice.eventSeq() > known.upTo();
                    };
            isFull = isFull || (isNews && items >= MAX_ITEMS);
            if (isFull || !isNews) {
                return;
            }
            anythingNew = true;
            switch (notice.kind()) {
                case MESSAGE -> addMessages(notice);
                case READ -> read(notice);
                case RECEIPT -> receipt(notice);
                case RECALL -> {
                    recall(notice);
                    upTo = notice.eventSeq();
                }
                default -> {
                    add(notice, notice.fromSeq(), notice.toSeq());
                    upTo = notice.eventSeq();
                }
            }
        }

        /** What is known of the owner's messages with what this says. */
        private Optional<Receipt> joined(Notice notice) {
            return receipt.isEmpty()
                    ? notice.receipt()
                    : notice.receipt().map(receipt.get()::and).or(() -> receipt);
        }

        private void addMessages(Notice notice) {
            long from = Math.max(notice.fromSeq(), messageSeq + 1);
            long to = Math.min(notice.toSeq(), from + MAX_ITEMS - items - 1);
            isFull = to < notice.toSeq();
            add(notice, from, to);
            messageSeq = to;
        }

        private void add(Notice notice, long from, long to) {
            add(new NotedRange(notice.kind(), from, to, notice.version(), notice.alert(), quietFor(notice)));
        }

        private void add(NotedRange range) {
            ranges.add(range);
            items += range.size();
        }

        /** What nobody can have seen ends and says nothing; otherwise the app must be told. */
        private void recall(Notice notice) {
            var showing = stream.showing(known.conversationId(), notice.fromSeq());
            showing.forEach(item -> recalled.add(item.itemSeq()));
            boolean fresh = ranges.stream()
                    .filter(range -> range.kind() == ItemKind.MESSAGE)
                    .anyMatch(range -> isWithin(range, notice.fromSeq()));
            boolean unseen = showing.stream().noneMatch(item -> device.isExposed(item.itemSeq()))
                    && showing.stream()
                            .anyMatch(item -> item.kind() == ItemKind.MESSAGE
                                    && item.redeliveryOf().isEmpty());
            recalled.addAll(fresh(range -> shows(range) && isWithin(range, notice.fromSeq()), notice.fromSeq()));
            if (!fresh && !unseen) {
                add(notice, notice.fromSeq(), notice.toSeq());
            }
        }

        /** The numbers that items about this message get by these very news. */
        private List<Long> fresh(Predicate<NotedRange> which, long message) {
            var found = new ArrayList<Long>();
            long itemSeq = stream.lastSeq() + 1;
            for (NotedRange range : ranges) {
                if (which.test(range)) {
                    found.add(itemSeq + message - range.fromSeq());
                }
                itemSeq += range.size();
            }
            return found;
        }

        private static boolean shows(NotedRange range) {
            return range.kind() == ItemKind.MESSAGE || range.kind() == ItemKind.EDIT;
        }

        private static boolean isWithin(NotedRange range, long message) {
            return range.fromSeq() <= message && message <= range.toSeq();
        }

        private void read(Notice notice) {
            supersede(ItemKind.READ, outread);
            add(notice, notice.fromSeq(), notice.toSeq());
            readSeq = notice.toSeq();
        }

        private void receipt(Notice notice) {
            supersede(ItemKind.RECEIPT, outdated);
            receipt = joined(notice);
            long about = receipt.orElseThrow().messageSeq();
            add(new NotedRange(ItemKind.RECEIPT, about, about, 0, Alert.NONE, Optional.empty(), receipt));
        }

        /** The newest of a kind says what the ones before it said. */
        private void supersede(ItemKind kind, Set<Long> superseded) {
            stream.unended()
                    .filter(item -> item.kind() == kind
                            && item.ref().map(MessageRef::conversationId).equals(Optional.of(known.conversationId())))
                    .forEach(item -> superseded.add(item.itemSeq()));
            ranges.stream()
                    .filter(range -> range.kind() == kind)
                    .forEach(earlier -> superseded.addAll(fresh(earlier::equals, earlier.fromSeq())));
        }

        /** A mention is meant to pass; what vendors never get needs no restraint. */
        private Optional<Quiet> quietFor(Notice notice) {
            return notice.kind() == ItemKind.MESSAGE && notice.alert() == Alert.ALERT
                    ? Quietness.ofMessage(owner, device.state().timeOf(device.now()))
                    : Optional.empty();
        }

        List<DeviceEvent> events(long newsUpTo) {
            if (!anythingNew && !isRecount()) {
                return List.of();
            }
            var at = device.state().timeOf(device.now());
            var noted = new ConversationNoted(
                    at,
                    known.conversationId(),
                    isFull ? upTo : Math.max(upTo, newsUpTo),
                    messageSeq,
                    stream.lastSeq() + 1,
                    ranges,
                    stream.ackedSeq(),
                    counts);
            var after = stream;
            for (OpenItem item : noted.items(device.state().eventSeq() + 1)) {
                after = after.accept(item, false);
            }
            var events = new ArrayList<DeviceEvent>();
            events.add(noted);
            after = end(events, after, Fate.RECALLED, Optional.empty(), recalled);
            after = end(events, after, Fate.SUPERSEDED, Optional.of("read"), outread);
            after = end(events, after, Fate.SUPERSEDED, Optional.of("receipt"), outdated);
            after = end(events, after, Fate.REFUSED, Optional.of("backlog"), overflow(after));
            events.addAll(waiting(at, noted, after));
            return events;
        }

        /** What comes after messages that are set aside waits with them: a conversation's messages keep their order. */
        private List<DeviceEvent> waiting(Instant at, ConversationNoted noted, ItemStream after) {
            if (after.setAside().values().stream().noneMatch(ContentDecisions.of(known.conversationId()))) {
                return List.of();
            }
            var itemSeqs = after.open().tailMap(noted.firstItemSeq(), true).values().stream()
                    .filter(ContentDecisions.of(known.conversationId()))
                    .map(OpenItem::itemSeq)
                    .toList();
            return itemSeqs.isEmpty() ? List.of() : List.of(new ItemsSetAside(at, itemSeqs));
        }

        /** News without notices say that the owner's icon counts otherwise; to a device that counts nothing they are none. */
        private boolean isRecount() {
            return isBare
                    && known.counts()
                            .filter(before -> counts.filter(
                                            said -> !before.and(said).equals(before))
                                    .isPresent())
                            .isPresent();
        }

        private ItemStream end(
                List<DeviceEvent> events, ItemStream from, Fate fate, Optional<String> reason, Collection<Long> all) {
            var itemSeqs = all.stream().sorted().toList();
            var at = device.state().timeOf(device.now());
            if (fate == Fate.RECALLED && !itemSeqs.isEmpty()) {
                events.add(new ItemsEnded(at, fate, reason, itemSeqs)); // also what a vendor took
            } else {
                events.addAll(DeviceDecisions.ended(at, from, fate, reason, itemSeqs));
            }
            var rest = from;
            for (long itemSeq : itemSeqs) {
                rest = rest.end(itemSeq, fate);
            }
            return rest;
        }
    }

    /** Once there are too many, the oldest of the lowest priority end, be they pushes or messages. */
    private List<Long> overflow(ItemStream stream) {
        long items = stream.size();
        long bytes = stream.openBytes();
        var refused = new ArrayList<Long>();
        if (items <= device.limits().maxOpenItems() && bytes <= device.limits().maxOpenBytes()) {
            return refused;
        }
        var inOrder = stream.unended()
                .sorted(Comparator.comparing(OpenItem::priority).thenComparing(OpenItem::itemSeq))
                .toList();
        for (OpenItem item : inOrder) {
            if (items <= device.limits().maxOpenItems()
                    && bytes <= device.limits().maxOpenBytes()) {
                break;
            }
            refused.add(item.itemSeq());
            items -= 1;
            bytes -= item.bytes();
        }
        return refused;
    }
}
