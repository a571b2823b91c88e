package io.lanying.actors.user;

import io.lanying.actors.EventTime;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.user.UserCommand.Join;
import io.lanying.protocol.user.UserCommand.Put;
import io.lanying.protocol.user.UserEvent;
import io.lanying.protocol.user.UserEvent.DeviceJoined;
import io.lanying.protocol.user.UserEvent.DeviceLeft;
import io.lanying.protocol.user.UserEvent.SettingsHandedOver;
import io.lanying.protocol.user.UserEvent.UserDeleted;
import io.lanying.protocol.user.UserEvent.UserPut;
import io.lanying.protocol.user.UserName;
import io.lanying.protocol.user.UserReply;
import io.lanying.protocol.user.UserReply.Saved;
import io.lanying.protocol.user.UserReply.SettingsAre;
import io.lanying.protocol.user.UserReply.UserView;
import io.lanying.protocol.user.UserSettings;
import io.lanying.protocol.user.UserSnapshot;
import io.lanying.protocol.user.UserSnapshot.Member;
import io.lanying.protocol.user.UserSnapshot.Person;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * A user as the fold of its events: no clock, no random, no I/O. At most {@link #MAX_DEVICES} devices; the one that came
 * first gives way to one too many, and comes again with its next registration.
 */
public record UserState(UserSnapshot data) {

    /** Far above what a person carries; bounds the telling of a change. */
    static final int MAX_DEVICES = 200;

    private static final Map<Class<?>, BiFunction<UserState, UserEvent, UserState>> TRANSITIONS = new HashMap<>();

    static {
        on(UserPut.class, UserState::onPut);
        on(UserDeleted.class, UserState::onDeleted);
        on(DeviceJoined.class, UserState::onJoined);
        on(DeviceLeft.class, (state, event) -> state.withDevices(state.without(event.deviceId())));
        on(SettingsHandedOver.class, UserState::onHandedOver);
    }

    /** Before the first event. */
    public static UserState initial() {
        return new UserState(new UserSnapshot(0, Instant.EPOCH, Optional.empty(), 0, 0, Optional.empty(), List.of()));
    }

    private static <E extends UserEvent> void on(Class<E> type, BiFunction<UserState, E, UserState> transition) {
        TRANSITIONS.put(type, (state, event) -> transition.apply(state, type.cast(event)));
    }

    /** The state after one more event. */
    public UserState apply(UserEvent event) {
        var transition = TRANSITIONS.get(event.getClass());
        if (transition == null) {
            throw new IllegalStateException(
                    "no transition for " + event.getClass().getName());
        }
        var counted = new UserState(new UserSnapshot(
                data.eventSeq() + 1,
                event.at(),
                data.person(),
                data.version(),
                data.handedOver(),
                data.erasedAt(),
                data.devices()));
        return transition.apply(counted, event);
    }

    Decision put(Put command, Instant now) {
        boolean created = data.person().isEmpty();
        boolean sameSettings = settings().equals(command.settings());
        if (!created && sameSettings && sameName(command.name())) {
            return Decision.answer(new Saved(false, view().orElseThrow()));
        }
        long version = sameSettings ? data.version() : data.version() + 1;
        var event = new UserPut(EventTime.next(data.at(), now), command.name(), command.settings(), version);
        return new Decision(
                List.of(event), new Saved(created, apply(event).view().orElseThrow()));
    }

    Decision get() {
        return Decision.answer(view().<UserReply>map(view -> view)
                .orElseGet(() -> new UserReply.Refused(ErrorCode.NOT_FOUND, "no such user")));
    }

    /** A person who only has devices is forgotten as well: their tokens are sealed with the key that goes. */
    Decision delete(Instant now) {
        return data.person().isEmpty() && data.devices().isEmpty()
                ? Decision.answer(new UserReply.Deleted())
                : new Decision(
                        List.of(new UserDeleted(EventTime.next(data.at(), now), data.version() + 1)),
                        new UserReply.Deleted());
    }

    Decision join(Join command, Instant now) {
        boolean known = member(command.deviceId())
                .filter(member -> member.binding() >= command.binding())
                .isPresent();
        var answer = new SettingsAre(data.version(), settings());
        if (known) {
            return Decision.answer(answer);
        }
        var at = EventTime.next(data.at(), now);
        var events = new ArrayList<UserEvent>();
        events.add(new DeviceJoined(at, command.deviceId(), command.binding()));
        var others = without(command.deviceId());
        if (others.size() >= MAX_DEVICES) {
            events.add(new DeviceLeft(at, others.get(0).deviceId()));
        }
        return new Decision(events, answer);
    }

    /** The events of a device's leaving; none if it has come again since. */
    List<UserEvent> leave(String deviceId, int binding, Instant now) {
        return member(deviceId)
                .filter(member -> member.binding() <= binding)
                .<List<UserEvent>>map(member -> List.of(new DeviceLeft(EventTime.next(data.at(), now), deviceId)))
                .orElse(List.of());
    }

    /** The event that says that all is told, once these devices have the settings of this version. */
    List<UserEvent> handedOver(long version, Set<String> deviceIds, Instant now) {
        boolean all = owes()
                && version == data.version()
                && data.devices().stream().map(Member::deviceId).allMatch(deviceIds::contains);
        return all ? List.of(new SettingsHandedOver(EventTime.next(data.at(), now), version)) : List.of();
    }

    /** Whether devices may not know the settings yet. */
    boolean owes() {
        return data.version() > data.handedOver() && !data.devices().isEmpty();
    }

    UserSettings settings() {
        return data.person().map(Person::settings).orElse(UserSettings.NONE);
    }

    private boolean sameName(Optional<UserName> name) {
        return data.person().flatMap(Person::name).map(UserName::fingerprint).equals(name.map(UserName::fingerprint));
    }

    private Optional<UserView> view() {
        return data.person()
                .map(person -> new UserView(
                        person.name(),
                        person.settings(),
                        data.devices().stream().map(Member::deviceId).toList(),
                        person.createdAt(),
                        person.updatedAt()));
    }

    private Optional<Member> member(String deviceId) {
        return data.devices().stream()
                .filter(member -> member.deviceId().equals(deviceId))
                .findFirst();
    }

    private List<Member> without(String deviceId) {
        return data.devices().stream()
                .filter(member -> !member.deviceId().equals(deviceId))
                .toList();
    }

    private UserState onPut(UserPut event) {
        var created = data.person().map(Person::createdAt).orElse(event.at());
        var person = new Person(event.name(), event.settings(), created, event.at());
        return with(Optional.of(person), event.version(), data.handedOver(), data.erasedAt(), data.devices());
    }

    private UserState onDeleted(UserDeleted event) {
        return with(Optional.empty(), event.version(), data.handedOver(), Optional.of(event.at()), data.devices());
    }

    private UserState onJoined(DeviceJoined event) {
        var devices = new ArrayList<>(without(event.deviceId()));
        devices.add(new Member(event.deviceId(), event.binding()));
        return withDevices(devices);
    }

    private UserState onHandedOver(SettingsHandedOver event) {
        return with(data.person(), data.version(), event.version(), data.erasedAt(), data.devices());
    }

    private UserState withDevices(List<Member> devices) {
        return with(data.person(), data.version(), data.handedOver(), data.erasedAt(), devices);
    }

    private UserState with(
            Optional<Person> person, long version, long handedOver, Optional<Instant> erasedAt, List<Member> devices) {
        return new UserState(
                new UserSnapshot(data.eventSeq(), data.at(), person, version, handedOver, erasedAt, devices));
    }
}
