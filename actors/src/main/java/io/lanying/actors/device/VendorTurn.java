package io.lanying.actors.device;

import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.channel.ResultClass;
import io.lanying.protocol.channel.VendorOutcome;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceEvent.ItemsEnded;
import io.lanying.protocol.device.DeviceEvent.TokenSuppressed;
import io.lanying.protocol.device.DeviceEvent.TokenUnbound;
import io.lanying.protocol.device.DeviceEvent.VendorAnswered;
import io.lanying.protocol.device.DeviceEvent.VendorOffered;
import io.lanying.protocol.device.DeviceSnapshot.Offer;
import io.lanying.protocol.device.DeviceSnapshot.OpenItem;
import io.lanying.protocol.device.DeviceSnapshot.Quiet;
import io.lanying.protocol.device.DeviceSnapshot.VendorWork;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.device.OfferCause;
import io.lanying.protocol.device.Priority;
import io.lanying.protocol.device.Restraint;
import io.lanying.protocol.device.Strategy;
import io.lanying.protocol.device.VendorToken;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which of a device's items go to a push vendor now: those that its own connection cannot bring or has not brought in time, one
 * at a time for each channel and priority, in the order of their numbers. Pure.
 */
record VendorTurn(DeviceState state, long acked, Instant now, Reach reach) {

    /** How long a token gets nothing whose vendor named no time: one attempt an hour finds out when that is over. */
    static final Duration SUPPRESSION = Duration.ofHours(1);

    private static final Duration MIN_SUPPRESSION = Duration.ofMinutes(1);

    /** A vendor's wish is not followed further than this. */
    private static final Duration MAX_SUPPRESSION = Duration.ofDays(7);

    /**
     * What this incarnation knows of the way to the app.
     *
     * @param attached a session is attached
     * @param awaited a session was attached before this incarnation and may come back
     * @param doubtful the session let an item's time pass and has not answered since
     * @param sentAt when items that are not acknowledged were handed to a session
     */
    record Reach(boolean attached, boolean awaited, boolean doubtful, Map<Long, Instant> sentAt) {}

    /**
     * What is to be done.
     *
     * @param events to journal first
     * @param resume items whose offer was journaled by an earlier incarnation and is to be made again
     * @param timedOut whether the session let an item's time pass
     * @param look when to look again, if nothing else happens
     */
    record Plan(List<DeviceEvent> events, List<Long> resume, boolean timedOut, Optional<Instant> look) {

        static final Plan NOTHING = new Plan(List.of(), List.of(), false, Optional.empty());
    }

    private record Lane(ChannelId channel, Priority priority) {}

    /** Whether any item may ever need a vendor: cheap, and false for a device without tokens. */
    static boolean concerns(DeviceState state) {
        return state.stream().isPresent()
                && (!state.present().vendorOnly().isEmpty()
                        || !state.present().vendors().isEmpty()
                        || (hasTokens(state) && !state.present().open().isEmpty()));
    }

    static boolean hasTokens(DeviceState state) {
        return state.registration()
                .filter(known -> !known.profile().tokens().isEmpty())
                .isPresent();
    }

    /** Whether the device must be looked at again although nothing happens: an item still has a vendor's way before it. */
    boolean isOpen() {
        return concerns(state) && stream().unended().anyMatch(this::hasWay);
    }

    private boolean hasWay(OpenItem item) {
        return mayGo(item)
                && !stream().isTaken(item.itemSeq())
                && (hasOffer(item) || !tokensFor(item).isEmpty());
    }

    /** Until when quiet hours and vendors keep everything from the vendors; empty if something may go now. */
    Optional<Instant> allHeldUntil() {
        Optional<Instant> until = Optional.empty();
        for (OpenItem item : stream().unended().filter(this::hasWay).toList()) {
            var mine = heldUntil(item);
            if (mine.isEmpty()) {
                return Optional.empty();
            }
            until = earliest(until, mine);
        }
        return until;
    }

    Plan plan() {
        if (!concerns(state)) {
            return Plan.NOTHING;
        }
        var busy = new HashSet<Lane>();
        var resume = new ArrayList<Long>();
        for (VendorWork work : stream().vendors().values()) {
            work.offer().ifPresent(offer -> {
                var item = stream().item(work.itemSeq()).orElseThrow();
                busy.add(new Lane(offer.channel(), item.priority()));
                if (mayGo(item) && cause(item).isPresent()) {
                    resume.add(work.itemSeq());
                }
            });
        }
        return planNew(busy, resume);
    }

    private Plan planNew(Set<Lane> busy, List<Long> resume) {
        var events = new ArrayList<DeviceEvent>();
        Optional<Instant> look = Optional.empty();
        boolean timedOut = false;
        var candidates = stream()
                .unended()
                .filter(item -> mayGo(item) && !hasOffer(item) && !stream().isTaken(item.itemSeq()))
                .sorted(Comparator.comparing(OpenItem::priority).reversed().thenComparing(OpenItem::itemSeq))
                .toList();
        for (OpenItem item : candidates) {
            if (tokensFor(item).isEmpty()) {
                endOfVendorOnly(item).ifPresent(events::add);
                continue;
            }
            var cause = cause(item);
            if (cause.isEmpty()) {
                look = earliest(look, deferredUntil(item).or(() -> deadline(item)));
                continue;
            }
            timedOut |= cause.get() == OfferCause.ACK_TIMEOUT;
            var token = nextToken(item);
            if (token.isEmpty()) {
                look = earliest(look, suppressedUntil(item));
                continue;
            }
            var channel = token.get().channelId();
            if (busy.add(new Lane(channel, item.priority()))) {
                events.add(offered(item, channel, token.get(), cause.get()));
            }
        }
        return new Plan(events, resume, timedOut, look);
    }

    private VendorOffered offered(OpenItem item, ChannelId channel, VendorToken token, OfferCause cause) {
        boolean another = !stream().vendorWork(item.itemSeq()).refusedBy().isEmpty();
        return new VendorOffered(
                state.timeOf(now),
                item.itemSeq(),
                item.id(),
                channel,
                token.fingerprint(),
                another ? OfferCause.NEXT_TOKEN : cause,
                Math.max(acked, stream().ackedSeq()));
    }

    /** The last vendor's answer is final for what goes by vendor only. */
    private Optional<DeviceEvent> endOfVendorOnly(OpenItem item) {
        if (!stream().vendorOnly().containsKey(item.itemSeq())) {
            return Optional.empty();
        }
        boolean tried = !stream().vendorWork(item.itemSeq()).refusedBy().isEmpty();
        var reason = Optional.of(tried ? "byVendor" : "noVendorToken");
        return Optional.of(new ItemsEnded(state.timeOf(now), Fate.REFUSED, reason, List.of(item.itemSeq())));
    }

    /** Why this item goes to a vendor now; empty if it does not. */
    private Optional<OfferCause> cause(OpenItem item) {
        if (deferredUntil(item).isPresent()) {
            return Optional.empty();
        }
        if (item.howBrought().strategy() == Strategy.VENDOR_ONLY) {
            return Optional.of(OfferCause.STRATEGY);
        }
        if (reach.awaited) {
            return Optional.empty();
        }
        if (reach.attached && reach.doubtful) {
            return Optional.of(OfferCause.DOUBTFUL);
        }
        var deadline = deadline(item);
        if (deadline.isPresent()) {
            boolean over = !deadline.get().isAfter(now);
            return over ? Optional.of(reach.attached ? OfferCause.ACK_TIMEOUT : OfferCause.AWAY) : Optional.empty();
        }
        return reach.attached ? Optional.empty() : Optional.of(OfferCause.AWAY);
    }

    /** When the acknowledgement of what was handed to a session is overdue, counted from sending. */
    private Optional<Instant> deadline(OpenItem item) {
        return Optional.ofNullable(reach.sentAt.get(item.itemSeq()))
                .map(sent -> sent.plus(item.howBrought().ackTimeout()));
    }

    /** When the quiet hours end that keep this from the vendors still. */
    private Optional<Instant> deferredUntil(OpenItem item) {
        return stream()
                .vendorWork(item.itemSeq())
                .quiet()
                .filter(quiet -> quiet.restraint() == Restraint.DEFERRED)
                .flatMap(Quiet::until)
                .filter(until -> until.isAfter(now));
    }

    private boolean isMuted(OpenItem item) {
        return stream()
                .vendorWork(item.itemSeq())
                .quiet()
                .filter(quiet -> quiet.restraint() == Restraint.MUTED)
                .isPresent();
    }

    private boolean mayGo(OpenItem item) {
        return item.itemSeq() > (stream().isOutside(item.itemSeq()) ? 0 : acked)
                && (item.kind() == ItemKind.PUSH || item.kind() == ItemKind.MESSAGE)
                && (hasOffer(item) || !isReadElsewhere(item))
                && item.redeliveryOf().isEmpty()
                && item.howBrought().strategy() != Strategy.SOCKET_ONLY
                && !isMuted(item)
                && item.expiresAt().isAfter(now);
    }

    /** What the owner has read on another device need not be shown here any more; an offer under way comes to its end. */
    private boolean isReadElsewhere(OpenItem item) {
        return item.ref()
                .filter(ref -> ref.messageSeq()
                        <= state.conversations().of(ref.conversationId()).readSeq())
                .isPresent();
    }

    private boolean hasOffer(OpenItem item) {
        VendorWork work = stream().vendors().get(item.itemSeq());
        return work != null && work.offer().isPresent();
    }

    /** The first token that may be given this item now. */
    private Optional<VendorToken> nextToken(OpenItem item) {
        return tokensFor(item).stream()
                .filter(token -> suppressedUntil(token).isEmpty())
                .findFirst();
    }

    /** When the first of its tokens may be given it, if none may now although there are some. */
    private Optional<Instant> suppressedUntil(OpenItem item) {
        Optional<Instant> until = Optional.empty();
        for (VendorToken token : tokensFor(item)) {
            var mine = suppressedUntil(token);
            if (mine.isEmpty()) {
                return Optional.empty();
            }
            until = earliest(until, mine);
        }
        return until;
    }

    private Optional<Instant> suppressedUntil(VendorToken token) {
        return state.registration()
                .flatMap(known -> known.suppressedUntil(token))
                .filter(until -> until.isAfter(now));
    }

    /** Until when quiet hours or vendors keep this from the vendors. */
    private Optional<Instant> heldUntil(OpenItem item) {
        var quiet = deferredUntil(item);
        var suppressed = suppressedUntil(item);
        return quiet.isPresent()
                        && suppressed
                                .filter(until -> until.isAfter(quiet.get()))
                                .isEmpty()
                ? quiet
                : suppressed;
    }

    /** The tokens that are not known to be of no use for this item: in the caller's order, then as registered. */
    private List<VendorToken> tokensFor(OpenItem item) {
        var refused = stream().vendorWork(item.itemSeq()).refusedBy();
        var order = item.howBrought().channelOrder();
        return state.registration().stream()
                .flatMap(known -> known.profile().tokens().stream())
                .filter(token -> !refused.contains(token.fingerprint()))
                .sorted(Comparator.comparingInt(token -> place(order, token.channel())))
                .toList();
    }

    private static int place(List<String> order, String channel) {
        int place = order.indexOf(channel);
        return place < 0 ? order.size() : place;
    }

    /**
     * The events of an offer's end.
     *
     * @param itemSeq the item it was for, which may have ended meanwhile
     * @param offer as it was journaled
     */
    List<DeviceEvent> answered(long itemSeq, Offer offer, VendorOutcome outcome) {
        var at = state.timeOf(now);
        var events = new ArrayList<DeviceEvent>();
        var item = state.stream().flatMap(items -> items.item(itemSeq)).filter(open -> isOffered(itemSeq, offer));
        item.ifPresent(open -> events.add(new VendorAnswered(
                at,
                itemSeq,
                open.id(),
                offer.channel(),
                outcome,
                Math.max(acked, stream().ackedSeq()))));
        tokenOf(state, offer)
                .filter(token -> isDead(token, outcome))
                .ifPresent(token -> events.add(new TokenUnbound(
                        at, offer.channel(), token.topic(), token.fingerprint(), "vendor:" + outcome.code())));
        tokenOf(state, offer)
                .filter(token -> isSuppressed(outcome))
                .ifPresent(token -> events.add(new TokenSuppressed(
                        at,
                        offer.channel(),
                        token.topic(),
                        token.fingerprint(),
                        at.plus(windowOf(outcome)),
                        "vendor:" + outcome.code())));
        item.filter(open -> stream().vendorOnly().containsKey(itemSeq))
                .flatMap(open -> finalFate(open, events, outcome))
                .ifPresent(fate -> events.add(new ItemsEnded(
                        at,
                        fate,
                        fate == Fate.REFUSED ? Optional.of(outcome.code()) : Optional.empty(),
                        List.of(itemSeq))));
        return events;
    }

    private boolean isOffered(long itemSeq, Offer offer) {
        return stream().vendorWork(itemSeq).offer().equals(Optional.of(offer));
    }

    /** A vendor's word about a token counts only if it is not older than the token's registration here. */
    private static boolean isDead(VendorToken token, VendorOutcome outcome) {
        boolean invalid = outcome.end() == VendorOutcome.End.REFUSED
                && outcome.result().equals(Optional.of(ResultClass.TOKEN_INVALID));
        return invalid
                && outcome.invalidSince()
                        .filter(since -> token.since().isAfter(since))
                        .isEmpty();
    }

    private static boolean isSuppressed(VendorOutcome outcome) {
        return outcome.end() == VendorOutcome.End.REFUSED
                && outcome.result().equals(Optional.of(ResultClass.TARGET_SUPPRESSED));
    }

    private static Duration windowOf(VendorOutcome outcome) {
        var wished = outcome.retryAfter().orElse(SUPPRESSION);
        if (wished.compareTo(MIN_SUPPRESSION) < 0) {
            return MIN_SUPPRESSION;
        }
        return wished.compareTo(MAX_SUPPRESSION) > 0 ? MAX_SUPPRESSION : wished;
    }

    /** What becomes of an item that goes by vendor only; empty while another token or another try is left. */
    private Optional<Fate> finalFate(OpenItem item, List<DeviceEvent> events, VendorOutcome outcome) {
        if (outcome.end() == VendorOutcome.End.ACCEPTED) {
            return Optional.of(Fate.ACCEPTED_BY_VENDOR);
        }
        var after = state;
        for (DeviceEvent event : events) {
            after = after.apply(event);
        }
        boolean hopeless =
                new VendorTurn(after, acked, now, reach).tokensFor(item).isEmpty();
        return hopeless && outcome.end() != VendorOutcome.End.CANCELLED && outcome.end() != VendorOutcome.End.EXPIRED
                ? Optional.of(Fate.REFUSED)
                : Optional.empty();
    }

    /** The token that an offer names, if it is the device's still. */
    static Optional<VendorToken> tokenOf(DeviceState state, Offer offer) {
        return state.registration().stream()
                .flatMap(known -> known.profile().tokens().stream())
                .filter(token -> token.fingerprint().equals(offer.token())
                        && token.channelId().equals(offer.channel()))
                .findFirst();
    }

    private static Optional<Instant> earliest(Optional<Instant> one, Optional<Instant> other) {
        return one.isPresent() && other.isPresent()
                ? Optional.of(one.get().isBefore(other.get()) ? one.get() : other.get())
                : one.or(() -> other);
    }

    private ItemStream stream() {
        return state.present();
    }
}
