package io.lanying.http;

import static io.lanying.http.TestApi.NOW;

import io.lanying.protocol.EntityId;
import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.Persisted;
import io.lanying.protocol.journal.StateAsOf;
import io.lanying.protocol.user.QuietHours;
import io.lanying.protocol.user.QuietMode;
import io.lanying.protocol.user.UserCommand;
import io.lanying.protocol.user.UserEvent;
import io.lanying.protocol.user.UserName;
import io.lanying.protocol.user.UserReply;
import io.lanying.protocol.user.UserSettings;
import io.lanying.protocol.user.UserSnapshot;
import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;

/** A user {@code u1} of {@code acme}, for whom every call succeeds. */
public final class UserFixtures {

    public static final UserSettings SETTINGS = new UserSettings(
            true,
            Optional.of(new QuietHours(
                    LocalTime.of(22, 0), LocalTime.of(7, 0), Optional.of("Asia/Shanghai"), QuietMode.DEFER)));

    private UserFixtures() {}

    static void install(TestApi api) {
        var user = new EntityId("acme", "u1");
        api.users = (id, command) -> TestApi.done(
                id.equals(user) || command instanceof UserCommand.Put
                        ? answer(api, id, command)
                        : new UserReply.Refused(ErrorCode.NOT_FOUND, "no such user"));
        api.journal("acme", "u1", events(api).toArray(Persisted[]::new));
        api.states.put(user, new StateAsOf(1, NOW, snapshot(api)));
    }

    public static UserName name(TestApi api) {
        var sealer = api.sealing.sealer("acme", "user:u1").toCompletableFuture().join();
        return new UserName(sealer.seal("u1", "name", "Ada".getBytes(StandardCharsets.UTF_8)), "f");
    }

    public static List<UserEvent> events(TestApi api) {
        return List.of(
                new UserEvent.UserPut(NOW, Optional.of(name(api)), SETTINGS, 1),
                new UserEvent.DeviceJoined(NOW, "d1", 1),
                new UserEvent.SettingsHandedOver(NOW, 1),
                new UserEvent.DeviceLeft(NOW, "d1"),
                new UserEvent.UserDeleted(NOW, 2));
    }

    private static UserSnapshot snapshot(TestApi api) {
        return new UserSnapshot(
                1,
                NOW,
                Optional.of(new UserSnapshot.Person(Optional.of(name(api)), SETTINGS, NOW, NOW)),
                1,
                0,
                Optional.empty(),
                List.of(new UserSnapshot.Member("d1", 1)));
    }

    private static UserReply answer(TestApi api, EntityId id, UserCommand command) {
        if (command instanceof UserCommand.Put put) {
            return new UserReply.Saved(
                    !id.id().equals("u1"), new UserReply.UserView(put.name(), put.settings(), List.of(), NOW, NOW));
        }
        return command instanceof UserCommand.Delete
                ? new UserReply.Deleted()
                : new UserReply.UserView(Optional.of(name(api)), SETTINGS, List.of("d1"), NOW, NOW);
    }
}
