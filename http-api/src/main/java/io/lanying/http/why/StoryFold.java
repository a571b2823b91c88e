package io.lanying.http.why;

import io.lanying.http.json.Json;
import io.lanying.protocol.Persisted;
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
import io.lanying.protocol.device.DeviceEvent.ProfileChanged;
import io.lanying.protocol.device.DeviceEvent.PushCalledOff;
import io.lanying.protocol.device.DeviceEvent.Redelivered;
import io.lanying.protocol.device.DeviceEvent.RequestRefused;
import io.lanying.protocol.device.DeviceEvent.SessionAttached;
import io.lanying.protocol.device.DeviceEvent.SessionDetached;
import io.lanying.protocol.device.DeviceEvent.TokenSuppressed;
import io.lanying.protocol.device.DeviceEvent.TokenUnbound;
import io.lanying.protocol.device.DeviceEvent.UserSettingsApplied;
import io.lanying.protocol.device.DeviceEvent.VendorAnswered;
import io.lanying.protocol.device.DeviceEvent.VendorOffered;
import io.lanying.protocol.device.DeviceSnapshot.OpenItem;
import io.lanying.protocol.device.Fate;
import io.lanying.protocol.device.ItemKind;
import io.lanying.protocol.device.Restraint;
import io.lanying.protocol.device.Strategy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Follows one notification through a device's events, in order from the first. Pure: nothing but the events tells the
 * story, so it can be told at any age. The fate is that of the notification's own item; items that repeat it later are in
 * the timeline only. Not thread-safe.
 */
final class StoryFold {

    /** A device that comes and goes for weeks while an item waits must not make an endless answer. */
    static final int MAX_ENTRIES = 200;

    private static final Map<Class<?>, BiConsumer<StoryFold, DeviceEvent>> HANDLERS = new HashMap<>();

    static {
        on(DeviceRegistered.class, StoryFold::onRegistered);
        on(ProfileChanged.class, StoryFold::onProfileChanged);
        on(DeviceRebound.class, (story, event) -> story.streamEnds(event.at(), Fate.REBOUND));
        on(DeviceDeleted.class, (story, event) -> story.streamEnds(event.at(), Fate.DEVICE_GONE));
        on(ItemAccepted.class, StoryFold::onAccepted);
        on(ItemsRedelivered.class, StoryFold::onRedelivered);
        on(ItemsEnded.class, StoryFold::onEnded);
        on(Acknowledged.class, (story, event) -> story.acknowledged(event.at(), event.ackedSeq()));
        on(ItemOpened.class, StoryFold::onOpened);
        on(SessionAttached.class, StoryFold::onAttached);
        on(SessionDetached.class, StoryFold::onDetached);
        on(VendorOffered.class, StoryFold::onOffered);
        on(VendorAnswered.class, StoryFold::onAnswered);
        on(TokenUnbound.class, StoryFold::onTokenUnbound);
        on(TokenSuppressed.class, StoryFold::onTokenSuppressed);
        on(BadgeSeen.class, (story, event) -> {});
        on(UserSettingsApplied.class, (story, event) -> {});
        on(ItemRestrained.class, StoryFold::onRestrained);
        on(PushCalledOff.class, StoryFold::onCalledOff);
        on(ConversationNoted.class, StoryFold::onNoted);
        on(ItemsSetAside.class, StoryFold::onSetAside);
        on(ItemsBroughtBack.class, StoryFold::onBroughtBack);
        on(RequestRefused.class, StoryFold::onRefused);
    }

    private final String notificationId;
    private final List<Story.Entry> timeline = new ArrayList<>();

    /** The open items of the notification in the present stream: its own and those that repeat it. */
    private final TreeMap<Long, Boolean> open = new TreeMap<>();

    /** Tokens that get nothing for a while, by fingerprint: no more than the device has tokens. */
    private final Map<String, TokenSuppressed> suppressed = new TreeMap<>();
    /** Those of them whose message could not be read, by the number they had. */
    private final TreeMap<Long, Boolean> aside = new TreeMap<>();

    private Optional<Long> byVendorOnly = Optional.empty();
    private Optional<String> vendorSaid = Optional.empty();
    private Optional<String> heldBack = Optional.empty();
    private boolean deviceKnown;
    private boolean attached;
    private int leftOut;
    private Fate fate = Fate.NOT_TARGETED;
    private Optional<Instant> acceptedAt = Optional.empty();
    private Optional<String> recordedReason = Optional.empty();

    StoryFold(String notificationId) {
        this.notificationId = notificationId;
    }

    private static <E extends DeviceEvent> void on(Class<E> type, BiConsumer<StoryFold, E> handler) {
        HANDLERS.put(type, (story, event) -> handler.accept(story, type.cast(event)));
    }

    /** The next event of the device. */
    StoryFold next(Persisted event) {
        var handler = HANDLERS.get(event.getClass());
        if (handler == null || !(event instanceof DeviceEvent deviceEvent)) {
            throw new IllegalStateException("no device has events of " + event.getClass());
        }
        deviceKnown = true;
        handler.accept(this, deviceEvent);
        return this;
    }

    Story story() {
        var entries = new ArrayList<>(timeline);
        if (leftOut > 0 && !entries.isEmpty()) {
            entries.add(new Story.Entry(entries.get(entries.size() - 1).at(), "leftOut", Map.of("entries", leftOut)));
        }
        return new Story(deviceKnown, acceptedAt, fate, recordedReason.orElseGet(this::reason), entries);
    }

    private void onRegistered(DeviceRegistered event) {
        open.clear();
        suppressed.clear();
        aside.clear();
        attached = false;
    }

    private void onProfileChanged(ProfileChanged event) {
        suppressed.values().removeIf(known -> event.profile().tokens().stream().noneMatch(known::names));
    }

    private void onAccepted(ItemAccepted event) {
        acknowledged(event.at(), event.ackedSeq());
        if (!event.id().equals(notificationId)) {
            return;
        }
        if (event.kind() == ItemKind.RECALL) {
            end(Fate.RECALLED, Optional.empty());
            tell(event.at(), "recallSent", Map.of("itemSeq", event.itemSeq()));
        } else {
            acceptedAt = Optional.of(event.at());
            fate = Fate.PENDING;
            open.put(event.itemSeq(), true);
            byVendorOnly = event.options()
                    .filter(options -> options.strategy() == Strategy.VENDOR_ONLY)
                    .map(options -> event.itemSeq());
            tell(
                    event.at(),
                    "accepted",
                    Map.of("itemSeq", event.itemSeq(), "expiresAt", event.expiresAt(), "online", attached));
        }
    }

    private void onRedelivered(ItemsRedelivered event) {
        acknowledged(event.at(), event.ackedSeq());
        for (Redelivered item : event.items()) {
            if (item.id().equals(notificationId)) {
                open.put(item.itemSeq(), false);
                tell(event.at(), "redelivered", Map.of("itemSeq", item.itemSeq(), "redeliveryOf", item.redeliveryOf()));
            }
        }
    }

    /** A message's own item is the first that shows it; a recall ends what is known of it. */
    private void onNoted(ConversationNoted event) {
        acknowledged(event.at(), event.ackedSeq());
        for (OpenItem item : event.items(0)) {
            if (item.id().equals(notificationId)) {
                noted(event.at(), item);
            }
        }
    }

    private void noted(Instant at, OpenItem item) {
        switch (item.kind()) {
            case MESSAGE -> {
                acceptedAt = Optional.of(at);
                fate = Fate.PENDING;
                open.put(item.itemSeq(), true);
                tell(
                        at,
                        "accepted",
                        Map.of("itemSeq", item.itemSeq(), "expiresAt", item.expiresAt(), "online", attached));
            }
            case RECALL -> {
                end(Fate.RECALLED, Optional.empty());
                tell(at, "recallSent", Map.of("itemSeq", item.itemSeq()));
            }
            default -> {} // an edit or a position is not the message
        }
    }

    private void onSetAside(ItemsSetAside event) {
        for (long itemSeq : event.itemSeqs()) {
            Boolean own = open.remove(itemSeq);
            if (own != null) {
                aside.put(itemSeq, own);
                tell(event.at(), "setAside", Map.of("itemSeq", itemSeq));
            }
        }
    }

    private void onBroughtBack(ItemsBroughtBack event) {
        for (BroughtBack back : event.items()) {
            Boolean own = aside.remove(back.setAside());
            if (own != null) {
                open.put(back.item().itemSeq(), own);
                tell(event.at(), "broughtBack", Map.of("itemSeq", back.item().itemSeq(), "setAside", back.setAside()));
            }
        }
    }

    private void onEnded(ItemsEnded event) {
        for (long itemSeq : event.itemSeqs()) {
            Boolean known = open.remove(itemSeq);
            Boolean own = known == null ? aside.remove(itemSeq) : known;
            if (own != null) {
                endOne(event.at(), itemSeq, own, event.fate(), event.reason());
            }
        }
    }

    private void onOpened(ItemOpened event) {
        if (event.id().equals(notificationId)) {
            end(Fate.OPENED, Optional.empty());
            tell(event.at(), "opened", Map.of());
        }
    }

    private void onAttached(SessionAttached event) {
        acknowledged(event.at(), event.ackedSeq());
        attached = true;
        if (!open.isEmpty()) {
            tell(event.at(), "attached", Map.of("sessionId", event.sessionId()));
        }
    }

    private void onDetached(SessionDetached event) {
        acknowledged(event.at(), event.ackedSeq());
        attached = false;
        if (!open.isEmpty()) {
            tell(event.at(), "detached", Map.of("sessionId", event.sessionId(), "reason", event.reason()));
        }
    }

    /** Says nothing about a notification that the device had so long ago that it had forgotten it. */
    private void onCalledOff(PushCalledOff event) {
        if (event.id().equals(notificationId) && acceptedAt.isEmpty()) {
            end(Fate.CANCELLED, Optional.of("it was cancelled before the device had it"));
            tell(event.at(), "calledOff", Map.of());
        }
    }

    private void onRefused(RequestRefused event) {
        if (event.key().equals(notificationId)) {
            acceptedAt = Optional.of(event.at());
            end(Fate.REFUSED, Optional.of(event.code().wireName()));
            tell(event.at(), "refused", Map.of("code", event.code().wireName()));
        }
    }

    private void streamEnds(Instant at, Fate how) {
        suppressed.clear();
        open.putAll(aside);
        aside.clear();
        open.forEach((itemSeq, own) -> endOne(at, itemSeq, own, how, Optional.empty()));
        open.clear();
        attached = false;
    }

    private void acknowledged(Instant at, long ackedSeq) {
        var acked = new TreeMap<>(open.headMap(ackedSeq, true));
        byVendorOnly.ifPresent(acked::remove); // to the app its number was never there
        acked.forEach((itemSeq, own) -> endOne(at, itemSeq, own, Fate.ACKNOWLEDGED, Optional.empty()));
        open.keySet().removeAll(acked.keySet());
    }

    private void onOffered(VendorOffered event) {
        acknowledged(event.at(), event.ackedSeq());
        suppressed.remove(event.token());
        if (event.id().equals(notificationId)) {
            tell(
                    event.at(),
                    "offeredToVendor",
                    Map.of(
                            "channel", event.channel().channel(),
                            "environment", event.channel().environment(),
                            "cause", event.cause().wireName()));
        }
    }

    private void onRestrained(ItemRestrained event) {
        if (!event.id().equals(notificationId)) {
            return;
        }
        heldBack = Optional.of(
                switch (event.restraint()) {
                    case MUTED -> "the user is muted, so no push vendor gets it";
                    case SILENT -> "silent at the push vendor by the user's quiet hours";
                    case DEFERRED ->
                        "held back from push vendors by the user's quiet hours until "
                                + event.until().map(Json::time).orElse("they end");
                });
        var detail = new HashMap<String, Object>(Map.of(
                "itemSeq", event.itemSeq(), "restraint", event.restraint().wireName()));
        event.until().ifPresent(until -> detail.put("until", until));
        tell(event.at(), event.restraint() == Restraint.MUTED ? "muted" : "quietHours", detail);
    }

    private void onAnswered(VendorAnswered event) {
        acknowledged(event.at(), event.ackedSeq());
        if (!event.id().equals(notificationId)) {
            return;
        }
        var outcome = event.outcome();
        if (outcome.end() == VendorOutcome.End.ACCEPTED && open.containsKey(event.itemSeq())) {
            end(Fate.ACCEPTED_BY_VENDOR, Optional.empty());
        } else if (outcome.end() != VendorOutcome.End.ACCEPTED && outcome.end() != VendorOutcome.End.CANCELLED) {
            vendorSaid = Optional.of(event.channel().channel() + ": " + outcome.code());
        }
        var detail = new HashMap<String, Object>();
        detail.put("channel", event.channel().channel());
        detail.put("environment", event.channel().environment());
        detail.put("end", outcome.end().wireName());
        detail.put("code", outcome.code());
        detail.put("attempts", outcome.attempts());
        outcome.result().ifPresent(result -> detail.put("result", result.wireName()));
        outcome.vendorMessageId().ifPresent(vendorId -> detail.put("vendorMessageId", vendorId));
        tell(event.at(), "vendorAnswered", detail);
    }

    private void onTokenSuppressed(TokenSuppressed event) {
        suppressed.put(event.token(), event);
        if (!open.isEmpty()) {
            tell(
                    event.at(),
                    "tokenSuppressed",
                    Map.of(
                            "channel", event.channel().channel(),
                            "until", event.until(),
                            "reason", event.reason()));
        }
    }

    private void onTokenUnbound(TokenUnbound event) {
        suppressed.remove(event.token());
        if (!open.isEmpty()) {
            tell(event.at(), "tokenUnbound", Map.of("channel", event.channel().channel(), "reason", event.reason()));
        }
    }

    private void endOne(Instant at, long itemSeq, boolean own, Fate how, Optional<String> why) {
        if (own) {
            end(how, why);
        }
        var detail = new HashMap<String, Object>(Map.of("itemSeq", itemSeq));
        // What superseded it is named by its id.
        why.ifPresent(text -> detail.put(how == Fate.SUPERSEDED ? "by" : "reason", text));
        tell(at, how.wireName(), detail);
    }

    /** What was opened or recalled stays so, whatever its item's number goes through afterwards. */
    private void end(Fate how, Optional<String> why) {
        boolean keeps = fate == Fate.RECALLED
                || (fate == Fate.OPENED && how == Fate.ACKNOWLEDGED)
                || (fate == Fate.ACCEPTED_BY_VENDOR && !fate.givesWayTo(how));
        if (!keeps) {
            fate = how;
            recordedReason = how == Fate.SUPERSEDED ? Optional.empty() : why;
        }
    }

    private void tell(Instant at, String event, Map<String, Object> detail) {
        boolean coming = event.equals("attached") || event.equals("detached");
        // Coming and going gives way first; what happened to the notification itself is always told.
        if (coming && timeline.size() >= MAX_ENTRIES) {
            leftOut++;
        } else {
            timeline.add(new Story.Entry(at, event, detail));
        }
    }

    private String reason() {
        return switch (fate) {
            case PENDING ->
                (attached
                                ? "a session is attached and has not acknowledged it yet"
                                : "no session of the device is attached; it waits until one is or until it expires")
                        + quiet()
                        + suppression()
                        + vendorSaid.map(said -> "; " + said).orElse("");
            case ACKNOWLEDGED -> "the device acknowledged it";
            case ACCEPTED_BY_VENDOR -> "the push vendor took it" + quiet();
            case CONFIRMED_BY_VENDOR -> "the push vendor reported it delivered";
            case OPENED -> "the person opened it";
            case EXPIRED -> "its time-to-live ended before the device acknowledged it" + quiet() + suppression();
            case SUPERSEDED -> "a newer notification with the same collapse key took its place";
            case CANCELLED -> "it was cancelled before any session could have had it";
            case RECALLED -> "it was recalled after a session may have had it";
            case REBOUND -> "the device changed its user before it was acknowledged";
            case REFUSED -> "it was refused";
            case DEVICE_GONE -> "the device was deleted before it was acknowledged";
            case NOT_TARGETED -> "the device never had this notification";
        };
    }

    /** What the vendors asked for before, that concerns this notification. */
    private String suppression() {
        var text = new StringBuilder();
        for (TokenSuppressed known : suppressed.values()) {
            if (acceptedAt.filter(accepted -> accepted.isBefore(known.until())).isPresent()) {
                text.append("; ")
                        .append(known.channel().channel())
                        .append(" gets nothing for this device until ")
                        .append(Json.time(known.until()))
                        .append(" (")
                        .append(known.reason())
                        .append(')');
            }
        }
        return text.toString();
    }

    private String quiet() {
        return heldBack.map(why -> "; " + why).orElse("");
    }
}
