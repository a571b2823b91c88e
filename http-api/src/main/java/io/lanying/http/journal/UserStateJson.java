package io.lanying.http.journal;

import io.lanying.protocol.user.UserSnapshot;
import io.lanying.protocol.user.UserSnapshot.Member;
import io.lanying.protocol.user.UserSnapshot.Person;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A user's state after its first {@code eventSeq} events, as auditors see it; the name is in the events. */
record UserStateJson(long eventSeq, Instant at, UserState state) {

    static UserStateJson of(UserSnapshot snapshot) {
        return new UserStateJson(
                snapshot.eventSeq(),
                snapshot.at(),
                new UserState(
                        snapshot.person().map(Person::settings).map(SettingsJson::of),
                        snapshot.person().map(Person::createdAt),
                        snapshot.person().map(Person::updatedAt),
                        snapshot.version(),
                        snapshot.handedOver(),
                        snapshot.erasedAt(),
                        snapshot.devices()));
    }

    /**
     * @param settings absent while nothing was put
     * @param handedOver the last version of the settings that all devices have
     */
    record UserState(
            Optional<SettingsJson> settings,
            Optional<Instant> createdAt,
            Optional<Instant> updatedAt,
            long version,
            long handedOver,
            Optional<Instant> erasedAt,
            List<Member> devices) {}
}
