package io.lanying.actors.device;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.TimerScheduler;
import io.lanying.actors.device.VendorTurn.Plan;
import io.lanying.actors.device.VendorTurn.Reach;
import io.lanying.protocol.EntityId;
import io.lanying.protocol.channel.ChannelCommand;
import io.lanying.protocol.channel.ChannelCommand.Outcome;
import io.lanying.protocol.channel.VendorOutcome;
import io.lanying.protocol.channel.VendorRequest;
import io.lanying.protocol.conversation.ConversationReply;
import io.lanying.protocol.conversation.MessageType;
import io.lanying.protocol.device.Category;
import io.lanying.protocol.device.DeviceCommand;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceEvent.ItemAccepted;
import io.lanying.protocol.device.DeviceEvent.VendorOffered;
import io.lanying.protocol.device.DeviceSnapshot.Offer;
import io.lanying.protocol.device.DeviceSnapshot.OpenItem;
import io.lanying.protocol.device.Priority;
import io.lanying.protocol.device.PushOptions;
import io.lanying.protocol.device.Restraint;
import io.lanying.protocol.device.Strategy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The device's way to the push vendors: has offers journaled that {@link VendorTurn} finds due, gives journaled offers to the
 * node's channels, and takes their outcomes.
 *
 * <p>Node-local and forgetful: the journal says what was offered, this says what is under way in this incarnation. An offer
 * that the journal has and nobody answers is made again by the next incarnation, with the same ids. At most one offer for each
 * channel and priority is under way.
 */
final class Fallback {

    private static final Duration READ_AGAIN = Duration.ofSeconds(1);

    /** An offer under way in this incarnation. */
    private record Run(long ref, long itemSeq, Offer offer) {}

    private final ActorContext<DeviceCommand> context;
    private final TimerScheduler<DeviceCommand> timers;
    private final EntityId id;
    private final DeviceJournal journal;
    private final ActorRef<ChannelCommand> channels;
    private final ActorRef<Outcome> outcomes;
    private final SessionSlot slot;
    private final MessageReads reads;
    private final DeviceLimits limits;
    private final Clock clock;

    private final Map<Long, Run> byItem = new HashMap<>();
    private final Map<Long, Run> byRef = new HashMap<>();
    private final Map<Long, ItemAccepted> fresh = new HashMap<>();
    private final Set<Long> tokenless = new HashSet<>();
    private final Map<Long, Instant> notBefore = new HashMap<>();
    private Optional<Instant> lookAt = Optional.empty();
    private boolean awaited;
    private boolean doubtful;
    private boolean looking;
    private long lastRef;

    Fallback(
            ActorContext<DeviceCommand> context,
            TimerScheduler<DeviceCommand> timers,
            EntityId id,
            DeviceJournal journal,
            DeviceEntity.Ports ports,
            SessionSlot slot,
            MessageReads reads,
            DeviceLimits limits) {
        this.context = context;
        this.timers = timers;
        this.id = id;
        this.journal = journal;
        this.channels = ports.channels();
        this.outcomes = context.messageAdapter(Outcome.class, DeviceMessage.VendorEnded::new);
        this.slot = slot;
        this.reads = reads;
        this.limits = limits;
        this.clock = ports.clock();
    }

    /** By when a device that takes this push must be woken if its node dies. */
    Instant due(DeviceState state, Optional<PushOptions> options, Instant expiresAt) {
        var how = options.orElse(PushOptions.DEFAULT);
        boolean byVendor = how.strategy() == Strategy.VENDOR_ONLY
                || (how.strategy() == Strategy.COMBINED && VendorTurn.hasTokens(state));
        var look = state.timeOf(clock.instant()).plus(limits.vendorLook());
        return byVendor && look.isBefore(expiresAt) ? look : expiresAt;
    }

    /** When a device that was just woken must be woken again for its vendors' sake. */
    Optional<Instant> nextWake(DeviceState state, long acked) {
        var turn = turn(state, acked);
        return turn.isOpen()
                ? turn.allHeldUntil().or(() -> Optional.of(clock.instant().plus(limits.vendorLook())))
                : Optional.empty();
    }

    /** These events and the offers that follow from them at once, to be journaled together. */
    List<DeviceEvent> withOffers(DeviceState state, List<DeviceEvent> events, long acked) {
        if (!VendorTurn.hasTokens(state) && !VendorTurn.concerns(state) && !isByVendorOnly(events)) {
            return events; // the way of a push to a device without tokens: the events are applied once, not twice
        }
        var after = state;
        for (DeviceEvent event : events) {
            after = after.apply(event);
        }
        if (!VendorTurn.concerns(after)) {
            return events;
        }
        var plan = turn(after, acked).plan();
        note(plan);
        if (plan.events().isEmpty()) {
            return events;
        }
        var all = new ArrayList<>(events);
        all.addAll(plan.events());
        keepFresh(all);
        return all;
    }

    private static boolean isByVendorOnly(List<DeviceEvent> events) {
        return events.stream()
                .anyMatch(event -> event instanceof ItemAccepted item
                        && item.options()
                                .filter(options -> options.strategy() == Strategy.VENDOR_ONLY)
                                .isPresent());
    }

    /** What is due by itself, to be journaled first. */
    List<DeviceEvent> due(DeviceState state, long acked) {
        looking = false;
        lookAt = Optional.empty();
        var plan = turn(state, acked).plan();
        note(plan);
        return plan.events();
    }

    /** Gives to the channels what the journal says is offered, and takes back what has ended. */
    void carryOut(DeviceState state, long acked) {
        takeBack(state, acked);
        if (!VendorTurn.concerns(state)) {
            return;
        }
        var plan = turn(state, acked).plan();
        for (long itemSeq : plan.resume()) {
            if (!byItem.containsKey(itemSeq) && isFree(itemSeq)) {
                start(state, itemSeq);
            }
        }
        note(plan);
    }

    /** Something changed that may bring an item to a vendor: has the device look at it, soon and once. */
    void consider(DeviceState state) {
        if (!looking && (VendorTurn.concerns(state) || !byItem.isEmpty())) {
            looking = true;
            context.getSelf().tell(new DeviceMessage.VendorLook());
        }
    }

    /** The offer could not be journaled now. */
    void lookAgain() {
        lookNoLaterThan(clock.instant().plus(READ_AGAIN));
    }

    /** The item's body and blocks were read from the journal, or could not be. */
    void onRead(DeviceState state, DeviceMessage.VendorItemRead read) {
        var run = byRef.get(read.ref());
        if (run == null) {
            return;
        }
        if (read.item().isPresent()) {
            send(state, run, read.item().get());
        } else {
            startAgainLater(run);
        }
    }

    /** The message was read from its conversation, or could not be. */
    void onRead(DeviceState state, DeviceMessage.VendorMessageRead read) {
        var run = byRef.get(read.ref());
        var item = state.stream().flatMap(items -> run == null ? Optional.empty() : items.item(run.itemSeq()));
        if (run == null || item.isEmpty()) {
            return;
        }
        var reply = read.reply().orElse(null);
        if (reply instanceof ConversationReply.Messages messages
                && !messages.messages().isEmpty()) {
            send(state, run, item.get(), messages);
        } else if (reply instanceof ConversationReply.Refused) {
            endUnsent(run, "conversationGone");
        } else {
            startAgainLater(run);
        }
    }

    private void startAgainLater(Run run) {
        forget(run);
        notBefore.put(run.itemSeq(), clock.instant().plus(READ_AGAIN));
        lookAgain();
    }

    private void endUnsent(Run run, String code) {
        outcomes.tell(new Outcome(run.ref(), VendorOutcome.unsent(VendorOutcome.End.NO_CHANNEL, code, 0)));
    }

    /** The events of an outcome, with the offers that follow from it; none if it is nothing to the journal. */
    List<DeviceEvent> ended(DeviceState state, long acked, Outcome outcome) {
        var run = byRef.get(outcome.ref());
        if (run == null) {
            return List.of();
        }
        forget(run);
        if (outcome.outcome().end() == VendorOutcome.End.BUSY) {
            var until = clock.instant().plus(outcome.outcome().retryAfter().orElse(READ_AGAIN));
            notBefore.put(run.itemSeq(), until);
            lookNoLaterThan(until);
            return List.of();
        }
        var events = turn(state, acked).answered(run.itemSeq(), run.offer(), outcome.outcome());
        return events.isEmpty() ? events : withOffers(state, events, acked);
    }

    /** A session is attached: items are its own until it lets their time pass. */
    void attached() {
        awaited = false;
        doubtful = false;
    }

    /** The session acknowledged: it is trusted again, and what it has got need not go to a vendor. */
    void acknowledged(DeviceState state, long acked) {
        doubtful = false;
        if (!byItem.isEmpty()) {
            takeBack(state, acked);
        }
    }

    /** The session that was attached has not come back. */
    void notReturned() {
        awaited = false;
    }

    /** Whether something is under way that a stop would interrupt. */
    boolean isRunning() {
        return !byItem.isEmpty() || !notBefore.isEmpty();
    }

    /** Nothing of what this incarnation knew counts any more. */
    void reset(boolean sessionAwaited) {
        List.copyOf(byItem.values()).forEach(this::cancel);
        byItem.clear();
        byRef.clear();
        tokenless.clear();
        fresh.clear();
        notBefore.clear();
        awaited = sessionAwaited;
        doubtful = false;
        looking = false;
    }

    private VendorTurn turn(DeviceState state, long acked) {
        var reach = new Reach(slot.isTaken(), awaited, doubtful, slot.sentAt());
        return new VendorTurn(state, acked, clock.instant(), reach);
    }

    private void note(Plan plan) {
        doubtful |= plan.timedOut();
        plan.look().ifPresent(this::lookNoLaterThan);
    }

    private void lookNoLaterThan(Instant time) {
        if (lookAt.filter(sooner -> !sooner.isAfter(time)).isEmpty()) {
            lookAt = Optional.of(time);
            var delay = Duration.between(clock.instant(), time);
            timers.startSingleTimer(
                    DeviceMessage.VendorLook.class,
                    new DeviceMessage.VendorLook(),
                    delay.isNegative() ? Duration.ZERO : delay);
        }
    }

    private boolean isFree(long itemSeq) {
        var wait = notBefore.get(itemSeq);
        if (wait != null && wait.isAfter(clock.instant())) {
            lookNoLaterThan(wait);
            return false;
        }
        notBefore.remove(itemSeq);
        return true;
    }

    private void start(DeviceState state, long itemSeq) {
        var offer = state.present().vendorWork(itemSeq).offer().orElseThrow();
        var run = new Run(++lastRef, itemSeq, offer);
        byItem.put(itemSeq, run);
        byRef.put(run.ref(), run);
        var accepted = fresh.remove(itemSeq);
        var item = state.present().item(itemSeq).orElseThrow();
        if (accepted != null) {
            send(state, run, accepted);
        } else if (item.ref().isPresent()) {
            reads.readForVendor(run.ref(), item.ref().get());
        } else {
            long bodyAt = item.bodyAt();
            context.pipeToSelf(
                    journal.accepted(bodyAt),
                    (read, failure) ->
                            new DeviceMessage.VendorItemRead(run.ref(), failure == null ? read : Optional.empty()));
        }
    }

    private void send(DeviceState state, Run run, ItemAccepted item) {
        var token = VendorTurn.tokenOf(state, run.offer());
        if (token.isEmpty() || item.body().isEmpty()) {
            endUnsent(run, "tokenGone");
            return;
        }
        var badge = item.options().flatMap(PushOptions::badge).map(change -> state.present()
                .badge()
                .shown(change, state.conversations().unread().orElse(0)));
        channels.tell(new ChannelCommand.Send(
                run.ref(),
                new VendorRequest(
                        id.tenant(),
                        id.id(),
                        item.id(),
                        item.itemSeq(),
                        token.get(),
                        item.body().get(),
                        item.vendorBlocks(),
                        item.collapseKey(),
                        badge,
                        isSilent(state, item.itemSeq()),
                        urgencyOf(item),
                        categoryOf(item),
                        item.expiresAt()),
                outcomes));
    }

    /** The conversation is what is collapsed: of several messages the vendor keeps the newest. */
    private void send(DeviceState state, Run run, OpenItem item, ConversationReply.Messages answer) {
        var message = answer.messages().get(0);
        var ref = item.ref().orElseThrow();
        var token = VendorTurn.tokenOf(state, run.offer());
        if (token.isEmpty() || message.content().isEmpty() || message.type() == MessageType.COMMAND) {
            endUnsent(run, token.isEmpty() ? "tokenGone" : "nothingToShow");
            return;
        }
        var content = message.content().get();
        channels.tell(new ChannelCommand.Send(
                run.ref(),
                new VendorRequest(
                        id.tenant(),
                        id.id(),
                        item.id(),
                        item.itemSeq(),
                        token.get(),
                        content.content(),
                        Optional.empty(),
                        Optional.of(ref.conversationId()),
                        iconOf(state),
                        isSilent(state, item.itemSeq()),
                        item.priority(),
                        Category.STANDARD,
                        item.expiresAt(),
                        Optional.of(new VendorRequest.ShownMessage(
                                ref,
                                content.origin(),
                                message.type(),
                                answer.name(),
                                answer.preview(),
                                Optional.of(message.senderId()),
                                content.push()))),
                outcomes));
    }

    /** The number on the app's icon; empty: it is left alone, as nothing is known of what is unread. */
    private static Optional<Integer> iconOf(DeviceState state) {
        var unread = state.conversations().unread();
        return unread.isPresent() ? Optional.of(state.present().badge().value(unread.getAsLong())) : Optional.empty();
    }

    private static boolean isSilent(DeviceState state, long itemSeq) {
        return state.present()
                .vendorWork(itemSeq)
                .quiet()
                .filter(quiet -> quiet.restraint() == Restraint.SILENT)
                .isPresent();
    }

    /** Transactional pushes take the fast lane whatever their priority in the backlog. */
    private static Priority urgencyOf(ItemAccepted item) {
        return categoryOf(item) == Category.TRANSACTIONAL ? Priority.HIGH : item.priority();
    }

    private static Category categoryOf(ItemAccepted item) {
        return item.options().orElse(PushOptions.DEFAULT).category();
    }

    /**
     * What has ended, or is acknowledged, is cancelled; its outcome may still say that the vendor was faster. So is what waits
     * for another try with a token that is not this device's any more: its next one belongs to somebody else.
     */
    private void takeBack(DeviceState state, long acked) {
        for (Run run : List.copyOf(byItem.values())) {
            var item = state.stream().flatMap(items -> items.item(run.itemSeq()));
            boolean byVendorOnly = item.filter(open -> open.howBrought().strategy() == Strategy.VENDOR_ONLY)
                    .isPresent();
            if (item.isEmpty() || (run.itemSeq() <= acked && !byVendorOnly)) {
                byItem.remove(run.itemSeq());
                cancel(run);
            } else if (VendorTurn.tokenOf(state, run.offer()).isEmpty() && tokenless.add(run.ref())) {
                cancel(run); // kept until its outcome, which frees the item for another token
            }
        }
        notBefore.keySet().removeIf(itemSeq -> state.stream()
                .flatMap(items -> items.item(itemSeq))
                .isEmpty());
    }

    private void cancel(Run run) {
        channels.tell(new ChannelCommand.Cancel(run.offer().channel(), id.tenant(), run.ref(), outcomes));
    }

    private void forget(Run run) {
        byRef.remove(run.ref());
        tokenless.remove(run.ref());
        byItem.remove(run.itemSeq(), run);
    }

    private void keepFresh(List<DeviceEvent> events) {
        for (DeviceEvent event : events) {
            if (event instanceof VendorOffered offered) {
                events.stream()
                        .filter(ItemAccepted.class::isInstance)
                        .map(ItemAccepted.class::cast)
                        .filter(item -> item.itemSeq() == offered.itemSeq())
                        .forEach(item -> fresh.put(item.itemSeq(), item));
            }
        }
    }
}
