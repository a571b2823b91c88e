package io.lanying.actors.device;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.device.DeviceCommand.AcceptPush;
import io.lanying.protocol.device.DeviceCommand.BindTokens;
import io.lanying.protocol.device.DeviceCommand.Register;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceEvent.Acknowledged;
import io.lanying.protocol.device.DeviceEvent.DeviceDeleted;
import io.lanying.protocol.device.DeviceEvent.DeviceRebound;
import io.lanying.protocol.device.DeviceEvent.DeviceRegistered;
import io.lanying.protocol.device.DeviceEvent.ItemAccepted;
import io.lanying.protocol.device.DeviceEvent.ItemRestrained;
import io.lanying.protocol.device.DeviceEvent.ItemsEnded;
import io.lanying.protocol.device.DeviceEvent.ProfileChanged;
import io.lanying.protocol.device.DeviceEvent.PushCalledOff;
import io.lanying.protocol.device.DeviceEvent.SessionAttached;
import io.lanying.protocol.device.DeviceReply;
import io.lanying.protocol.device.DeviceReply.DeviceView;
import io.lanying.protocol.device.DeviceReply.NotTargeted;
import io.lanying.protocol.device.DeviceReply.PushAccepted;
import io.lanying.protocol.device.DeviceReply.PushView;
import io.lanying.protocol.device.DeviceReply.Refused;
import io.lanying.protocol.device.DeviceReply.SealedForOther;
import io.lanying.protocol.device.DeviceSnapshot.Registration;
import io.lanying.protocol.device.DeviceSnapshot.Remembered;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.device.Priority;
import io.lanying.protocol.device.Profile;
import io.lanying.protocol.device.PushOptions;
import io.lanying.protocol.device.Target;
import io.lanying.protocol.device.VendorToken;
import io.lanying.protocol.notification.NotificationParts;
import io.lanying.protocol.sealing.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a device answers to a command, and which events it journals first. Pure: time, ids and the position acknowledged so
 * far come in.
 *
 * @param deviceId who it is
 * @param state as journaled
 * @param acked the position the app has acknowledged, which may be ahead of the journal
 * @param now the node's clock
 */
record DeviceDecisions(String deviceId, DeviceState state, long acked, Instant now, DeviceLimits limits) {

    /** How long items that nobody gave a time-to-live stay deliverable (api.md's default, 3 days). */
    static final Duration DEFAULT_TTL = Duration.ofDays(3);

    /**
     * How old the time of a token may become that the app registers again: what a vendor said of the token in this time counts
     * against the newer registration too, and an app that registers at each start costs one event in it.
     */
    static final Duration TOKEN_TIME_KEPT = Duration.ofHours(1);

    Decision register(Register command, String newStreamId) {
        var at = state.timeOf(now);
        var known = state.registration();
        var profile = withTokenTimes(command.profile(), known.map(Registration::profile), at);
        if (known.isEmpty()) {
            return registered(
                    true, new DeviceRegistered(at, command.userId(), state.binding() + 1, newStreamId, profile));
        }
        if (!known.get().userId().equals(command.userId())) {
            return registered(
                    false, new DeviceRebound(at, command.userId(), state.binding() + 1, newStreamId, profile));
        }
        if (known.get().profile().equals(profile)) {
            return Decision.answer(new DeviceReply.Registered(false, view(state)));
        }
        return registered(false, new ProfileChanged(at, profile));
    }

    /** Other vendor tokens for the same owner. */
    Decision bindTokens(BindTokens command) {
        var recipient = recipient();
        boolean sealedForOwner = command.tokens().stream()
                .allMatch(token -> token.token().subject().equals(recipient));
        if (!sealedForOwner) {
            return Decision.answer(new SealedForOther(recipient));
        }
        var known = state.registration().orElseThrow().profile();
        var at = state.timeOf(now);
        var profile = withTokenTimes(known.withTokens(command.tokens()), Optional.of(known), at);
        return known.equals(profile)
                ? Decision.answer(new DeviceReply.Registered(false, view(state)))
                : registered(false, new ProfileChanged(at, profile));
    }

    Decision delete() {
        if (state.registration().isEmpty()) {
            return Decision.answer(new DeviceReply.Deleted());
        }
        return new Decision(afterAck(new DeviceDeleted(state.timeOf(now))), new DeviceReply.Deleted());
    }

    Decision get() {
        return Decision.answer(state.registration().isEmpty() ? notFound() : view(state));
    }

    Decision acceptPush(AcceptPush push) {
        var before = state.answered().find(push.notificationId(), now);
        if (before.isPresent()) {
            return Decision.answer(
                    before.get().wasCalledOff()
                            ? new Refused(ErrorCode.NOT_FOUND, "the notification was cancelled", true)
                            : repeated(before.get(), push.body().subject(), push.fingerprint()));
        }
        if (state.registration().isEmpty()) {
            return Decision.answer(notFound());
        }
        if (push.target().filter(target -> !isMeant(target)).isPresent()) {
            return Decision.answer(new NotTargeted());
        }
        boolean broadcast = push.target().isPresent() && push.body().subject().equals(Subject.TENANT);
        var recipient = recipient();
        if (!broadcast && !push.body().subject().equals(recipient)) {
            return Decision.answer(new SealedForOther(recipient));
        }
        if (state.answered().isFull(limits.maxRemembered(), now)) {
            return Decision.answer(
                    new Refused(ErrorCode.TOO_MANY_REQUESTS, "too many notifications to this device in 7 days"));
        }
        var at = state.timeOf(now);
        var options = push.options().orElse(PushOptions.DEFAULT);
        var quietness = Quietness.of(state.registration().orElseThrow(), options, at);
        var accepted = accepted(push, at, quietness.refused().isPresent() ? options.withoutBadge() : options);
        return new Decision(
                quietly(accepted, quietness), new PushAccepted(push.notificationId(), accepted.itemSeq(), false));
    }

    private ItemAccepted accepted(AcceptPush push, Instant at, PushOptions options) {
        return new ItemAccepted(
                at,
                state.present().lastSeq() + 1,
                push.notificationId(),
                ItemKind.PUSH,
                Optional.of(push.body()),
                Optional.of(push.fingerprint()),
                push.bytes(),
                at.plusSeconds(push.ttlSeconds()),
                push.priority(),
                push.collapseKey(),
                Math.max(acked, state.present().ackedSeq()),
                options.unlessDefault(),
                push.vendorBlocks());
    }

    /** What the owner's wish for quiet ends at once takes no other item's place; what it restrains is said with it. */
    private List<DeviceEvent> quietly(ItemAccepted accepted, Quietness quietness) {
        var at = accepted.at();
        if (quietness.refused().isPresent()) {
            return List.of(
                    accepted, new ItemsEnded(at, Fate.REFUSED, quietness.refused(), List.of(accepted.itemSeq())));
        }
        var events = withEnded(accepted);
        if (quietness.restraint().isEmpty()) {
            return events;
        }
        var quiet = quietness.restraint().get();
        var all = new ArrayList<>(events);
        all.add(new ItemRestrained(at, accepted.itemSeq(), accepted.id(), quiet.restraint(), quiet.until()));
        return all;
    }

    private boolean isMeant(Target target) {
        var known = state.registration().orElseThrow();
        return target.fits(known.userId(), known.profile());
    }

    Decision getPush(String notificationId) {
        return Decision.answer(known(notificationId)
                .filter(push -> push.fate().isPresent())
                .<DeviceReply>map(this::viewOf)
                .orElseGet(DeviceDecisions::notFound));
    }

    Decision cancelPush(String notificationId) {
        var found = known(notificationId);
        if (found.isEmpty()) {
            return callOff(notificationId);
        }
        var push = found.get();
        if (push.fate().isEmpty() || push.wasCalledOff()) {
            return Decision.answer(notFound());
        }
        if (push.binding() != state.binding() || state.stream().isEmpty()) {
            return Decision.answer(viewOf(push));
        }
        var stream = state.present().acknowledge(acked);
        var open = stream.withId(notificationId); // redeliveries of it among them
        boolean seen = mayHaveBeenSeen(push, open);
        if (open.isEmpty() && !seen) {
            return Decision.answer(viewOf(push));
        }
        var at = state.timeOf(now);
        var fate = seen ? Fate.RECALLED : Fate.CANCELLED;
        var events = new ArrayList<DeviceEvent>();
        if (!open.isEmpty()) {
            events.add(new ItemsEnded(at, fate, Optional.empty(), open));
        }
        if (seen) {
            for (long itemSeq : open) {
                stream = stream.end(itemSeq, fate);
            }
            events.addAll(withOverflow(stream, recall(at, notificationId)));
        }
        return new Decision(afterAck(events), viewOf(push.withFate(fate)));
    }

    /**
     * What was asked for by a node that has died may come after the notification was called off. While the memory of commands
     * is full, no push is taken anyway.
     */
    private Decision callOff(String notificationId) {
        return NotificationParts.hasParts(notificationId) && !state.answered().isFull(limits.maxRemembered(), now)
                ? new Decision(List.of(new PushCalledOff(state.timeOf(now), notificationId)), notFound())
                : Decision.answer(notFound());
    }

    /** A notification that is remembered, or whose item is open still, which may be longer. */
    private Optional<Remembered> known(String notificationId) {
        return state.answered().find(notificationId, now).or(() -> state.stream().stream()
                .flatMap(ItemStream::unended)
                .filter(item -> item.id().equals(notificationId)
                        && item.kind() == ItemKind.PUSH
                        && item.redeliveryOf().isEmpty())
                .reduce((older, newer) -> newer)
                .map(item -> new Remembered(
                        item.id(),
                        recipient(),
                        "",
                        item.eventSeq(),
                        item.acceptedAt(),
                        state.binding(),
                        item.itemSeq(),
                        item.itemSeq(),
                        Optional.of(Fate.PENDING),
                        Optional.empty())));
    }

    private boolean mayHaveBeenSeen(Remembered push, List<Long> open) {
        boolean exposed = open.stream().anyMatch(this::isExposed);
        return switch (push.fate().orElseThrow()) {
            case ACKNOWLEDGED, OPENED, ACCEPTED_BY_VENDOR, CONFIRMED_BY_VENDOR -> true;
            case PENDING -> exposed || isExposed(push.firstItemSeq());
            default -> exposed;
        };
    }

    /** Whether a session or a vendor may have this item. */
    boolean isExposed(long itemSeq) {
        var stream = state.present();
        boolean toSession =
                itemSeq <= stream.exposedSeq() && !stream.vendorOnly().containsKey(itemSeq);
        return toSession || stream.vendors().containsKey(itemSeq);
    }

    /** The events of a session's attachment: none if it is attached already and nothing else changed. */
    List<DeviceEvent> attach(String sessionId) {
        var at = state.timeOf(now);
        var stream = state.present().acknowledge(acked);
        var events = new ArrayList<DeviceEvent>();
        boolean attached = state.attachment()
                .filter(now -> now.sessionId().equals(sessionId))
                .isPresent();
        if (!attached) {
            events.add(new SessionAttached(at, sessionId, stream.ackedSeq()));
        }
        events.addAll(ended(at, stream, Fate.EXPIRED, Optional.empty(), stream.expired(now)));
        events.addAll(ContentDecisions.bringBack(this, item -> true));
        return attached ? afterAck(events) : events;
    }

    /** The events of time-to-lives that have ended by now. */
    List<DeviceEvent> expire() {
        if (state.stream().isEmpty()) {
            return List.of();
        }
        var stream = state.present().acknowledge(acked);
        return afterAck(ended(state.timeOf(now), stream, Fate.EXPIRED, Optional.empty(), stream.expired(now)));
    }

    /** The end of items: those that a vendor took end as taken. */
    static List<DeviceEvent> ended(
            Instant at, ItemStream stream, Fate fate, Optional<String> reason, List<Long> itemSeqs) {
        var taken = itemSeqs.stream().filter(stream::isTaken).toList();
        var others =
                itemSeqs.stream().filter(itemSeq -> !stream.isTaken(itemSeq)).toList();
        var events = new ArrayList<DeviceEvent>(2);
        if (!others.isEmpty()) {
            events.add(new ItemsEnded(at, fate, reason, others));
        }
        if (!taken.isEmpty()) {
            events.add(new ItemsEnded(at, Fate.ACCEPTED_BY_VENDOR, Optional.of(reason.orElse(fate.wireName())), taken));
        }
        return events;
    }

    /** The end of an item whose body cannot be opened any more. */
    List<DeviceEvent> unreadable(long itemSeq) {
        if (itemSeq <= acked || !state.present().open().containsKey(itemSeq)) {
            return List.of();
        }
        return afterAck(new ItemsEnded(state.timeOf(now), Fate.REFUSED, Optional.of("erased"), List.of(itemSeq)));
    }

    /** The acknowledgement that no event has carried yet, if there is one. */
    List<DeviceEvent> unjournaledAck() {
        boolean behind = state.stream().isPresent() && acked > state.present().ackedSeq();
        return behind ? List.of(new Acknowledged(state.timeOf(now), acked)) : List.of();
    }

    /** Whether it is a push that this binding was given. */
    boolean isOfThisBinding(Remembered push) {
        return push.binding() == state.binding() && push.fate().isPresent() && !push.wasCalledOff();
    }

    /** Whether a notification's opening is news. */
    boolean isNewlyOpened(String notificationId) {
        return state.answered()
                .find(notificationId, now)
                .filter(this::isOfThisBinding)
                .flatMap(Remembered::fate)
                .filter(fate -> fate != Fate.OPENED && fate != Fate.RECALLED)
                .isPresent();
    }

    /** Whether the app's word about the number on its icon changes anything. */
    boolean isNewlySeen(long itemSeq) {
        var stream = state.present();
        return itemSeq <= stream.lastSeq() && !stream.badge().seen(itemSeq).equals(stream.badge());
    }

    /** Events in their order, after the acknowledgement that came before them. */
    List<DeviceEvent> afterAck(List<DeviceEvent> events) {
        if (events.isEmpty()
                || state.stream().isEmpty()
                || acked <= state.present().ackedSeq()) {
            return events;
        }
        var all = new ArrayList<DeviceEvent>();
        all.add(new Acknowledged(state.timeOf(now), acked));
        all.addAll(events);
        return all;
    }

    private List<DeviceEvent> afterAck(DeviceEvent event) {
        return afterAck(List.of(event));
    }

    private Decision registered(boolean created, DeviceEvent event) {
        var events = created ? List.of(event) : afterAck(event);
        var after = state;
        for (DeviceEvent each : events) {
            after = after.apply(each);
        }
        return new Decision(events, new DeviceReply.Registered(created, view(after)));
    }

    /** The accepted item, after whatever it supersedes and before whatever no longer fits. */
    private List<DeviceEvent> withEnded(ItemAccepted accepted) {
        var at = accepted.at();
        var stream = state.present().acknowledge(accepted.ackedSeq());
        var events = new ArrayList<DeviceEvent>();
        var superseded = accepted.collapseKey().map(stream::withCollapseKey).orElse(List.of());
        for (long itemSeq : superseded) {
            stream = stream.end(itemSeq, Fate.SUPERSEDED);
        }
        if (!superseded.isEmpty()) {
            events.addAll(afterAck(new ItemsEnded(at, Fate.SUPERSEDED, Optional.of(accepted.id()), superseded)));
        }
        if (events.isEmpty()) {
            return withOverflow(stream, accepted);
        }
        events.addAll(withOverflow(stream, accepted));
        return events;
    }

    private List<DeviceEvent> withOverflow(ItemStream stream, ItemAccepted accepted) {
        var events = new ArrayList<DeviceEvent>();
        events.add(accepted);
        events.addAll(ended(accepted.at(), stream, Fate.REFUSED, Optional.of("backlog"), overflow(stream, accepted)));
        return List.copyOf(events);
    }

    private List<Long> overflow(ItemStream stream, ItemAccepted accepted) {
        var refused = new ArrayList<Long>();
        long items = stream.size() + 1L;
        long bytes = stream.openBytes() + accepted.bytes();
        var rest = stream;
        while (items > limits.maxOpenItems() || bytes > limits.maxOpenBytes()) {
            var victim = rest.firstToGiveWay().filter(item -> item.priority().compareTo(accepted.priority()) <= 0);
            if (victim.isEmpty()) {
                return List.of(accepted.itemSeq()); // nothing gives way in vain
            }
            refused.add(victim.get().itemSeq());
            bytes -= victim.get().bytes();
            items -= 1;
            rest = rest.end(victim.get().itemSeq(), Fate.REFUSED);
        }
        return refused;
    }

    private ItemAccepted recall(Instant at, String notificationId) {
        return new ItemAccepted(
                at,
                state.present().lastSeq() + 1,
                notificationId,
                ItemKind.RECALL,
                Optional.empty(),
                Optional.empty(),
                notificationId.length(),
                at.plus(DEFAULT_TTL),
                Priority.HIGH,
                Optional.empty(),
                Math.max(acked, state.present().ackedSeq()));
    }

    DeviceReply repeated(Remembered before, String subject, String fingerprint) {
        if (!before.subject().equals(subject)) {
            return new SealedForOther(before.subject());
        }
        if (!before.fingerprint().equals(fingerprint)) {
            return new Refused(ErrorCode.IDEMPOTENCY_KEY_REUSED, "this key was used for another content");
        }
        if (before.refused().isPresent()) {
            return refusal(before.refused().get(), true);
        }
        return before.fate().isPresent()
                ? new PushAccepted(before.key(), before.firstItemSeq(), true)
                : new DeviceReply.Redelivered(before.firstItemSeq(), before.lastItemSeq(), true);
    }

    String recipient() {
        return Subject.ofRecipient(deviceId, state.registration().orElseThrow().userId());
    }

    private PushView viewOf(Remembered push) {
        return new PushView(
                push.key(), push.firstItemSeq(), push.at(), push.fate().orElse(Fate.PENDING));
    }

    private static DeviceView view(DeviceState state) {
        var registration = state.registration().orElseThrow();
        var stream = state.present();
        return new DeviceView(
                registration.userId(),
                registration.profile(),
                state.binding(),
                registration.registeredAt(),
                stream.streamId(),
                stream.ackedSeq(),
                stream.lastSeq(),
                stream.size(),
                state.attachment().isPresent());
    }

    /**
     * A token known before keeps its time for a while, so that an app that registers at each start costs few events; but not
     * while a vendor is asked: what it says now of the token may be older than this registration.
     */
    private Profile withTokenTimes(Profile profile, Optional<Profile> before, Instant at) {
        var tokens = new ArrayList<VendorToken>();
        for (VendorToken token : profile.tokens()) {
            tokens.add(before.stream()
                    .flatMap(old -> old.tokens().stream())
                    .filter(token::sameAddress)
                    .filter(old -> old.token().subject().equals(token.token().subject()))
                    .filter(old -> !isOffered(old))
                    .filter(old -> old.since().isAfter(at.minus(TOKEN_TIME_KEPT)))
                    .findFirst()
                    .orElseGet(() -> token.since(at)));
        }
        return profile.withTokens(tokens);
    }

    private boolean isOffered(VendorToken token) {
        return state.stream().stream()
                .flatMap(stream -> stream.vendors().values().stream())
                .flatMap(work -> work.offer().stream())
                .anyMatch(offer -> offer.token().equals(token.fingerprint())
                        && offer.channel().equals(token.channelId()));
    }

    static DeviceReply notFound() {
        return new Refused(ErrorCode.NOT_FOUND, "no such device or notification");
    }

    static DeviceReply refusal(ErrorCode code, boolean repeated) {
        return new Refused(code, "no item of the present stream is in that range", repeated);
    }
}
