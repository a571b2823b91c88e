package io.lanying.actors.device;

import io.lanying.actors.EventTime;
import io.lanying.protocol.channel.VendorOutcome;
import io.lanying.protocol.device.DeviceEvent;
import io.lanying.protocol.device.DeviceEvent.Acknowledged;
import io.lanying.protocol.device.DeviceEvent.BadgeSeen;
import io.lanying.protocol.device.DeviceEvent.BroughtBack;
import io.lanying.protocol.device.DeviceEvent.ConversationNoted;
import io.lanying.protocol.device.DeviceEvent.DeviceDeleted;
import io.lanying.protocol.device.DeviceEvent.DeviceRebound;
import io.lanying.protocol.device.DeviceEvent.DeviceRegistered;
import io.lanying.protocol.device.DeviceEvent.ItemAccepted;
import io.lanying.protocol.device.DeviceEvent.ItemOpened;
import io.lanying.protocol.device.DeviceEvent.ItemRestrained;
import io.lanying.protocol.device.DeviceEvent.ItemsBroughtBack;
import io.lanying.protocol.device.DeviceEvent.ItemsEnded;
import io.lanying.protocol.device.DeviceEvent.ItemsRedelivered;
import io.lanying.protocol.device.DeviceEvent.ItemsSetAside;
import io.lanying.protocol.device.DeviceEvent.NotedRange;
import io.lanying.protocol.device.DeviceEvent.ProfileChanged;
import io.lanying.protocol.device.DeviceEvent.PushCalledOff;
import io.lanying.protocol.device.DeviceEvent.RequestRefused;
import io.lanying.protocol.device.DeviceEvent.SessionAttached;
import io.lanying.protocol.device.DeviceEvent.SessionDetached;
import io.lanying.protocol.device.DeviceEvent.TokenSuppressed;
import io.lanying.protocol.device.DeviceEvent.TokenUnbound;
import io.lanying.protocol.device.DeviceEvent.UserSettingsApplied;
import io.lanying.protocol.device.DeviceEvent.VendorAnswered;
import io.lanying.protocol.device.DeviceEvent.VendorOffered;
import io.lanying.protocol.device.DeviceSnapshot;
import io.lanying.protocol.device.DeviceSnapshot.Attachment;
import io.lanying.protocol.device.DeviceSnapshot.Offer;
import io.lanying.protocol.device.DeviceSnapshot.OpenItem;
import io.lanying.protocol.device.DeviceSnapshot.OwnerSettings;
import io.lanying.protocol.device.DeviceSnapshot.Quiet;
import io.lanying.protocol.device.DeviceSnapshot.Registration;
import io.lanying.protocol.device.DeviceSnapshot.Remembered;
import io.lanying.protocol.device.DeviceSnapshot.Suppressed;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.device.VendorToken;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * A device as the fold of its events: no clock, no random, no I/O.
 *
 * <p>Stages: absent (before the first registration and after a deletion; both optionals empty) and registered (both
 * present). What is remembered of answered commands, and the binding's number, outlive a deletion.
 *
 * @param eventSeq how many events were applied
 * @param at the last one's time
 */
record DeviceState(
        long eventSeq,
        Instant at,
        int binding,
        Optional<Registration> registration,
        Optional<ItemStream> stream,
        Optional<Attachment> attachment,
        List<String> replacedSessions,
        AnsweredCommands answered,
        KnownConversations conversations) {

    /** How many replaced sessions are remembered: one that comes late must be among the last few. */
    static final int MAX_REPLACED_SESSIONS = 8;

    private static final Handlers HANDLERS = new Handlers()
            .on(DeviceRegistered.class, DeviceState::onRegistered)
            .on(ProfileChanged.class, DeviceState::onProfileChanged)
            .on(DeviceRebound.class, DeviceState::onRebound)
            .on(DeviceDeleted.class, DeviceState::onDeleted)
            .on(ItemAccepted.class, DeviceState::onItemAccepted)
            .on(ItemsRedelivered.class, DeviceState::onItemsRedelivered)
            .on(ItemsEnded.class, DeviceState::onItemsEnded)
            .on(Acknowledged.class, (state, event) -> state.acknowledge(event.ackedSeq()))
            .on(
                    ItemOpened.class,
                    (state, event) -> state.withAnswered(state.answered.withFate(event.id(), Fate.OPENED)))
            .on(SessionAttached.class, DeviceState::onSessionAttached)
            .on(SessionDetached.class, DeviceState::onSessionDetached)
            .on(VendorOffered.class, DeviceState::onVendorOffered)
            .on(VendorAnswered.class, DeviceState::onVendorAnswered)
            .on(
                    BadgeSeen.class,
                    (state, event) -> state.withStream(state.present().badgeSeen(event.itemSeq())))
            .on(TokenUnbound.class, DeviceState::onTokenUnbound)
            .on(TokenSuppressed.class, DeviceState::onTokenSuppressed)
            .on(UserSettingsApplied.class, DeviceState::onUserSettingsApplied)
            .on(
                    ItemRestrained.class,
                    (state, event) -> state.withStream(
                            state.present().restrained(event.itemSeq(), new Quiet(event.restraint(), event.until()))))
            .on(
                    PushCalledOff.class,
                    (state, event) -> state.withAnswered(state.answered.plus(
                            Remembered.calledOff(event.id(), state.eventSeq, event.at(), state.binding))))
            .on(ConversationNoted.class, DeviceState::onConversationNoted)
            .on(ItemsSetAside.class, DeviceState::onItemsSetAside)
            .on(ItemsBroughtBack.class, DeviceState::onItemsBroughtBack)
            .on(RequestRefused.class, DeviceState::onRequestRefused);

    static DeviceState initial() {
        return new DeviceState(
                0,
                Instant.EPOCH,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                AnsweredCommands.NONE,
                KnownConversations.NONE);
    }

    /** The state after one more event. */
    DeviceState apply(DeviceEvent event) {
        return HANDLERS.apply(counted(event), event);
    }

    /** The stream of the present binding. */
    ItemStream present() {
        return stream.orElseThrow(() -> new IllegalStateException("the device is not registered"));
    }

    /** The time of an event that happens now. */
    Instant timeOf(Instant now) {
        return EventTime.next(at, now);
    }

    private DeviceState onRegistered(DeviceRegistered event) {
        return new DeviceState(
                eventSeq,
                at,
                event.binding(),
                Optional.of(new Registration(event.at(), event.userId(), event.profile())),
                Optional.of(ItemStream.start(event.streamId())),
                Optional.empty(),
                replacedSessions,
                answered,
                KnownConversations.NONE);
    }

    private DeviceState onProfileChanged(ProfileChanged event) {
        var changed = registration.map(old -> old.withProfile(event.profile()));
        return new DeviceState(
                eventSeq, at, binding, changed, stream, attachment, replacedSessions, answered, conversations);
    }

    private DeviceState onRebound(DeviceRebound event) {
        var registeredAt = registration.map(Registration::registeredAt).orElse(event.at());
        return new DeviceState(
                eventSeq,
                at,
                event.binding(),
                Optional.of(new Registration(registeredAt, event.userId(), event.profile())),
                Optional.of(ItemStream.start(event.streamId())),
                Optional.empty(),
                withReplaced(attachment),
                fatesOfOpen(Fate.REBOUND),
                KnownConversations.NONE);
    }

    private DeviceState onDeleted(DeviceDeleted event) {
        return new DeviceState(
                eventSeq,
                at,
                binding,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                withReplaced(attachment),
                fatesOfOpen(Fate.DEVICE_GONE),
                KnownConversations.NONE);
    }

    private DeviceState onItemAccepted(ItemAccepted event) {
        var acked = acknowledge(event.ackedSeq());
        var next = acked.withStream(acked.present().accept(event.item(eventSeq), attachment.isPresent()));
        if (event.kind() == ItemKind.RECALL) {
            return next.withAnswered(next.answered.withFate(event.id(), Fate.RECALLED));
        }
        if (event.fingerprint().isEmpty()) {
            return next;
        }
        return next.withAnswered(next.answered.plus(new Remembered(
                event.id(),
                event.body().map(body -> body.subject()).orElse(""),
                event.fingerprint().get(),
                eventSeq,
                event.at(),
                binding,
                event.itemSeq(),
                event.itemSeq(),
                Optional.of(Fate.PENDING),
                Optional.empty())));
    }

    private DeviceState onItemsRedelivered(ItemsRedelivered event) {
        var acked = acknowledge(event.ackedSeq());
        var items = acked.present();
        for (OpenItem item : event.items(eventSeq)) {
            items = items.accept(item, attachment.isPresent());
        }
        return acked.withStream(items)
                .withAnswered(acked.answered.plus(new Remembered(
                        event.key(),
                        event.subject(),
                        event.fingerprint(),
                        eventSeq,
                        event.at(),
                        binding,
                        event.items().get(0).itemSeq(),
                        items.lastSeq(),
                        Optional.empty(),
                        Optional.empty())));
    }

    private DeviceState onConversationNoted(ConversationNoted event) {
        var acked = acknowledge(event.ackedSeq());
        var items = acked.present();
        for (OpenItem item : event.items(eventSeq)) {
            items = items.accept(item, attachment.isPresent());
        }
        long itemSeq = event.firstItemSeq();
        for (NotedRange range : event.ranges()) {
            for (long end = itemSeq + range.size(); itemSeq < end; itemSeq++) {
                items = range.quiet().isPresent()
                        ? items.restrained(itemSeq, range.quiet().get())
                        : items;
            }
        }
        return new DeviceState(
                eventSeq,
                at,
                binding,
                registration,
                Optional.of(items),
                attachment,
                replacedSessions,
                acked.answered,
                conversations.plus(event, eventSeq));
    }

    private DeviceState onItemsSetAside(ItemsSetAside event) {
        var items = present();
        for (long itemSeq : event.itemSeqs()) {
            items = items.setAside(itemSeq);
        }
        return withStream(items);
    }

    private DeviceState onItemsBroughtBack(ItemsBroughtBack event) {
        var items = present();
        for (BroughtBack back : event.items()) {
            items = items.broughtBack(back.setAside(), back.item(), attachment.isPresent());
        }
        return withStream(items);
    }

    private DeviceState onItemsEnded(ItemsEnded event) {
        var items = present();
        var memory = answered;
        for (long itemSeq : event.itemSeqs()) {
            OpenItem item = items.item(itemSeq).orElse(null);
            if (item != null) {
                items = items.end(itemSeq, event.fate());
                memory = noteFate(memory, item, event.fate());
            }
        }
        return withStream(items).withAnswered(memory);
    }

    private DeviceState onSessionAttached(SessionAttached event) {
        var acked = acknowledge(event.ackedSeq());
        return new DeviceState(
                eventSeq,
                at,
                binding,
                registration,
                Optional.of(acked.present().exposed()),
                Optional.of(new Attachment(event.sessionId(), event.at())),
                withReplaced(attachment.filter(old -> !old.sessionId().equals(event.sessionId()))),
                acked.answered,
                conversations);
    }

    private DeviceState onSessionDetached(SessionDetached event) {
        var acked = acknowledge(event.ackedSeq());
        return new DeviceState(
                eventSeq,
                at,
                binding,
                registration,
                acked.stream,
                Optional.empty(),
                replacedSessions,
                acked.answered,
                conversations);
    }

    private DeviceState onRequestRefused(RequestRefused event) {
        return withAnswered(answered.plus(new Remembered(
                event.key(),
                event.subject(),
                event.fingerprint(),
                eventSeq,
                event.at(),
                binding,
                0,
                0,
                Optional.empty(),
                Optional.of(event.code()))));
    }

    private DeviceState onVendorOffered(VendorOffered event) {
        var acked = acknowledge(event.ackedSeq());
        return acked.withStream(
                acked.present().offered(event.itemSeq(), new Offer(event.channel(), event.token(), event.at())));
    }

    private DeviceState onVendorAnswered(VendorAnswered event) {
        var acked = acknowledge(event.ackedSeq());
        var items = acked.present();
        var item = items.item(event.itemSeq());
        boolean taken = event.outcome().end() == VendorOutcome.End.ACCEPTED;
        var next = acked.withStream(items.answered(
                event.itemSeq(), acked.uselessAfter(event), taken ? Optional.of(event.channel()) : Optional.empty()));
        return taken && item.isPresent()
                ? next.withAnswered(noteFate(next.answered, item.get(), Fate.ACCEPTED_BY_VENDOR))
                : next;
    }

    /** The tokens that need not be tried for this item any more: when it may have been delivered, none may. */
    private List<String> uselessAfter(VendorAnswered event) {
        return switch (event.outcome().end()) {
            case REFUSED, NO_CHANNEL ->
                present().vendorWork(event.itemSeq()).offer().map(Offer::token).stream()
                        .toList();
            case UNKNOWN ->
                registration.stream()
                        .flatMap(known -> known.profile().tokens().stream())
                        .map(VendorToken::fingerprint)
                        .toList();
            case ACCEPTED, EXPIRED, CANCELLED, BUSY -> List.of();
        };
    }

    private DeviceState onTokenUnbound(TokenUnbound event) {
        var changed = registration.map(known -> known.withProfile(known.profile()
                .withTokens(known.profile().tokens().stream()
                        .filter(token -> !event.names(token))
                        .toList())));
        return new DeviceState(
                eventSeq, at, binding, changed, stream, attachment, replacedSessions, answered, conversations);
    }

    private DeviceState onTokenSuppressed(TokenSuppressed event) {
        var fresh = new Suppressed(event.channel(), event.topic(), event.token(), event.until());
        var changed = registration.map(known -> known.withSuppressed(fresh));
        return new DeviceState(
                eventSeq, at, binding, changed, stream, attachment, replacedSessions, answered, conversations);
    }

    private DeviceState onUserSettingsApplied(UserSettingsApplied event) {
        var settings = new OwnerSettings(event.version(), event.settings());
        var changed = registration.map(known -> known.withSettings(settings));
        return new DeviceState(
                eventSeq, at, binding, changed, stream, attachment, replacedSessions, answered, conversations);
    }

    private DeviceState acknowledge(long upTo) {
        var before = present();
        if (upTo <= before.ackedSeq()) {
            return this;
        }
        var memory = answered;
        for (OpenItem item : before.open().headMap(upTo, true).values()) {
            memory = noteFate(memory, item, Fate.ACKNOWLEDGED);
        }
        return withStream(before.acknowledge(upTo)).withAnswered(memory);
    }

    private AnsweredCommands fatesOfOpen(Fate fate) {
        var memory = answered;
        for (OpenItem item : present().unended().toList()) {
            memory = noteFate(memory, item, fate);
        }
        return memory;
    }

    /** A redelivered item's end says nothing about the notification's own fate. */
    private static AnsweredCommands noteFate(AnsweredCommands memory, OpenItem item, Fate fate) {
        return item.kind() == ItemKind.PUSH && item.redeliveryOf().isEmpty()
                ? memory.withEnd(item.id(), item.eventSeq(), fate)
                : memory;
    }

    private List<String> withReplaced(Optional<Attachment> gone) {
        if (gone.isEmpty()) {
            return replacedSessions;
        }
        var result = new ArrayList<>(replacedSessions);
        result.add(gone.get().sessionId());
        return List.copyOf(result.subList(Math.max(0, result.size() - MAX_REPLACED_SESSIONS), result.size()));
    }

    private DeviceState counted(DeviceEvent event) {
        return new DeviceState(
                eventSeq + 1,
                event.at(),
                binding,
                registration,
                stream,
                attachment,
                replacedSessions,
                answered,
                conversations);
    }

    private DeviceState withStream(ItemStream items) {
        return new DeviceState(
                eventSeq,
                at,
                binding,
                registration,
                Optional.of(items),
                attachment,
                replacedSessions,
                answered,
                conversations);
    }

    private DeviceState withAnswered(AnsweredCommands memory) {
        return new DeviceState(
                eventSeq, at, binding, registration, stream, attachment, replacedSessions, memory, conversations);
    }

    DeviceSnapshot toSnapshot() {
        return new DeviceSnapshot(
                eventSeq,
                at,
                binding,
                registration,
                stream.map(ItemStream::toSnapshot),
                attachment,
                replacedSessions,
                answered.toSnapshot(),
                conversations.toSnapshot());
    }

    static DeviceState fromSnapshot(DeviceSnapshot snapshot) {
        return new DeviceState(
                snapshot.eventSeq(),
                snapshot.at(),
                snapshot.binding(),
                snapshot.registration(),
                snapshot.stream().map(ItemStream::fromSnapshot),
                snapshot.attachment(),
                snapshot.replacedSessions(),
                AnsweredCommands.fromSnapshot(snapshot.remembered()),
                KnownConversations.fromSnapshot(snapshot.conversations()));
    }

    /** Event handlers by class: Java 17 has no switch over a sealed type; a test demands one for each permitted event. */
    private static final class Handlers {

        private final java.util.Map<Class<?>, BiFunction<DeviceState, DeviceEvent, DeviceState>> byType =
                new java.util.HashMap<>();

        <E extends DeviceEvent> Handlers on(Class<E> type, BiFunction<DeviceState, E, DeviceState> handler) {
            byType.put(type, (state, event) -> handler.apply(state, type.cast(event)));
            return this;
        }

        DeviceState apply(DeviceState state, DeviceEvent event) {
            var handler = byType.get(event.getClass());
            if (handler == null) {
                throw new IllegalStateException(
                        "no handler for " + event.getClass().getName());
            }
            return handler.apply(state, event);
        }
    }
}
